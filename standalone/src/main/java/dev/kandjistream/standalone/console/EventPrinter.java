package dev.kandjistream.standalone.console;

import dev.kandjistream.standalone.console.Terminal.Style;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prints the events of a moment, a line each. A new Mac brings some hundred and fifty apps at once, in which everything
 * else would drown: of such a burst the first few are told, and the rest counted.
 */
public final class EventPrinter {
    private static final int TOLD_OF_A_BURST = 4;
    /** What fits a glance is told whole. */
    private static final int BURST = 8;

    private final Terminal terminal;
    private final EventLine line;
    private final boolean everyEvent;

    /** @param everyEvent tell each event, bursts too */
    public EventPrinter(Terminal terminal, EventLine line, boolean everyEvent) {
        this.terminal = terminal;
        this.line = line;
        this.everyEvent = everyEvent;
    }

    /** Baseline events (op {@code r}) are state, not news, and are left out. */
    public synchronized void print(EventTail.Moment moment) {
        moment.licenses().stream()
                .filter(event -> !event.getOp().equals("r"))
                .forEach(event -> terminal.line(line.of(event)));
        Map<String, List<dev.kandjistream.usage.Envelope>> bursts = new LinkedHashMap<>();
        moment.usage().stream().filter(event -> !event.getOp().equals("r")).forEach(event -> bursts.computeIfAbsent(
                        burstOf(event), key -> new ArrayList<>())
                .add(event));
        bursts.values().forEach(this::print);
    }

    private void print(List<dev.kandjistream.usage.Envelope> burst) {
        int told = everyEvent || burst.size() <= BURST ? burst.size() : TOLD_OF_A_BURST;
        burst.subList(0, told).forEach(event -> terminal.line(line.of(event)));
        if (told < burst.size()) {
            terminal.line(terminal.styled(
                    Style.FAINT,
                    " ".repeat(20) + "… and " + (burst.size() - told) + " more of the same (--all-events tells each)"));
        }
    }

    private static String burstOf(dev.kandjistream.usage.Envelope event) {
        var usage = event.getAfter() == null ? event.getBefore() : event.getAfter();
        return String.join("\n", usage.getAccountId(), usage.getUserId(), event.getEventType(), event.getCause());
    }
}
