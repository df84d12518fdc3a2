package dev.kandjistream.standalone.console;

import dev.kandjistream.posture.policy.Simulation.Answer;
import dev.kandjistream.posture.policy.Simulation.Move;
import dev.kandjistream.posture.policy.Simulation.Report;
import dev.kandjistream.posture.policy.Simulation.Tally;
import dev.kandjistream.standalone.console.Terminal.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a policy would do, for people. */
public final class SimulationTable {
    private static final String ROW = "  %-32s%12s%12s";

    private final Terminal terminal;

    public SimulationTable(Terminal terminal) {
        this.terminal = terminal;
    }

    public List<String> lines(Report report) {
        var lines = new ArrayList<String>();
        Optional<Tally> today = report.against();
        lines.add(heading(String.format(
                Locale.ROOT,
                "  %-32s%12s%12s",
                number(report.devices()) + " devices",
                "policy",
                today.isEmpty() ? "" : "today")));
        lines.add(row("allowed", report.policy().allowed(), today.map(Tally::allowed)));
        lines.add(row("denied", report.policy().denied(), today.map(Tally::denied)));
        lines.add(row("monitored, among them", report.policy().monitored(), today.map(Tally::monitored)));
        rules(lines, "decided by", report.policy().decidedBy(), today.map(Tally::decidedBy));
        rules(lines, "monitored by", report.policy().monitoredBy(), today.map(Tally::monitoredBy));
        if (!report.policy().missing().isEmpty()) {
            lines.add("");
            lines.add(heading("  matched because it was missing"));
            report.policy()
                    .missing()
                    .forEach((attribute, devices) -> lines.add(row(attribute.word(), devices, Optional.empty())));
        }
        if (today.isPresent()) {
            changes(lines, report.moves());
        }
        return lines;
    }

    private void rules(List<String> lines, String title, Map<String, Long> policy, Optional<Map<String, Long>> today) {
        if (policy.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(heading("  " + title));
        policy.forEach((rule, devices) -> lines.add(row(
                rule.equals("none") ? "no rule" : rule, devices, today.map(other -> other.getOrDefault(rule, 0L)))));
    }

    private void changes(List<String> lines, List<Move> moves) {
        lines.add("");
        if (moves.isEmpty()) {
            lines.add("  Nothing changes.");
            return;
        }
        lines.add(heading("  what changes"));
        for (Move move : moves) {
            lines.add("  "
                    + (move.decides()
                            ? terminal.mark(move.after().outcome().word().equals("allow"))
                            : " ") + " " + number(move.devices()) + ": " + text(move.before()) + " → "
                    + text(move.after()));
            if (!move.examples().isEmpty()) {
                lines.add(terminal.styled(
                        Style.FAINT, "      such as " + Terminal.safe(String.join(", ", move.examples()))));
            }
        }
    }

    private static String text(Answer answer) {
        return answer.outcome().word() + " by " + (answer.rule().equals("none") ? "no rule" : answer.rule());
    }

    private static String row(String name, long policy, Optional<Long> today) {
        return String.format(
                        Locale.ROOT,
                        ROW,
                        name,
                        number(policy),
                        today.map(SimulationTable::number).orElse(""))
                .stripTrailing();
    }

    private String heading(String text) {
        return terminal.styled(Style.HEADING, text.stripTrailing());
    }

    private static String number(long devices) {
        return String.format(Locale.ROOT, "%,d", devices);
    }
}
