package dev.kandjistream.standalone.demo;

import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Platform;
import dev.kandjistream.standalone.console.Terminal;
import dev.kandjistream.standalone.console.Terminal.Style;
import java.util.function.Predicate;

/** One device allowed, one allowed and recorded, two denied, as the demo's policy has it, and how to ask about others. */
final class PostureShow {
    /** Apple's serial numbers have no such form. */
    private static final String NOBODYS = "NOT-IN-ANY-FLEET";

    private static final int OLD = 15;
    private static final Predicate<Device> MANAGED = Device::mdmEnabled;
    private static final Predicate<Device> OLD_MAC = device -> device.platform() == Platform.MAC
            && Integer.parseInt(device.osVersion().split("\\.")[0]) < OLD;

    private final DemoPosture posture;
    private final String url;
    private final Terminal terminal;

    PostureShow(DemoPosture posture, String url, Terminal terminal) {
        this.posture = posture;
        this.url = url;
        this.terminal = terminal;
    }

    void of(DemoAccount account) {
        terminal.line(terminal.styled(Style.HEADING, "May it sign in?") + " asked by serial number at " + url);
        String good = account.serialNumberOf(MANAGED.and(OLD_MAC.negate())).orElse(NOBODYS);
        tell("managed", good);
        account.serialNumberOf(MANAGED.and(OLD_MAC)).ifPresent(serial -> tell("macOS before 15", serial));
        account.serialNumberOf(MANAGED.negate()).ifPresent(serial -> tell("MDM is off", serial));
        tell("in no fleet", NOBODYS);
        terminal.line("  ask about others:");
        posture.howToAsk(url, good).forEach(line -> terminal.line("    " + line));
    }

    private void tell(String what, String serialNumber) {
        DemoPosture.Answer answer = posture.ask(url, serialNumber);
        boolean allowed = answer.decision().equals("allow");
        String why = answer.rule().isEmpty() ? "no rule matched" : "rule " + answer.rule();
        String recorded = answer.monitored().isEmpty() ? "" : ", recorded by " + answer.monitored();
        terminal.line("  " + terminal.mark(allowed)
                + String.format(" %-16s %-17s %-7s", serialNumber, what, answer.decision())
                + Terminal.safe(why + recorded));
        answer.notification()
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .ifPresent(line -> terminal.line(terminal.styled(Style.FAINT, "      " + Terminal.safe(line))));
    }
}
