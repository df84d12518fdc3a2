package dev.kandjistream.standalone.console;

import dev.kandjistream.licenses.License;
import dev.kandjistream.standalone.console.Terminal.Style;
import dev.kandjistream.usage.Usage;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** A license or usage event as one line that a person can read. */
public final class EventLine {

    /** The name of a user of an account, for usage events, which carry none. */
    public interface Names {
        Optional<String> of(String accountId, String userId);
    }

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final Terminal terminal;
    private final ZoneId zone;
    private final Names names;

    public EventLine(Terminal terminal, ZoneId zone, Names names) {
        this.terminal = terminal;
        this.zone = zone;
        this.names = names;
    }

    public String of(dev.kandjistream.licenses.Envelope event) {
        return line(event.getTsMs(), event.getSource().getDb(), event.getOp(), "seat", text(event), event.getCause());
    }

    public String of(dev.kandjistream.usage.Envelope event) {
        return line(event.getTsMs(), event.getSource().getDb(), event.getOp(), "app", text(event), event.getCause());
    }

    private String text(dev.kandjistream.licenses.Envelope event) {
        License before = event.getBefore();
        License after = event.getAfter();
        return switch (event.getEventType()) {
            case "license.assigned" -> seat(after) + " goes to " + strong(person(after));
            case "license.revoked" -> seat(before) + " no longer counts for " + strong(person(before));
            case "license.reassigned" -> seat(after) + " goes " + fromTo(before, after);
            default -> seat(after) + " of " + strong(person(after)) + ": " + difference(before, after);
        };
    }

    private String text(dev.kandjistream.usage.Envelope event) {
        Usage before = event.getBefore();
        Usage after = event.getAfter();
        return switch (event.getEventType()) {
            case "usage.started" -> strong(person(after)) + " has " + strong(app(after)) + versions(after);
            case "usage.ended" -> strong(person(before)) + " no longer has " + strong(app(before)) + versions(before);
            default -> strong(person(after)) + ": " + strong(app(after)) + " " + difference(before, after);
        };
    }

    private String line(long at, String account, String op, String kind, String text, String cause) {
        String clock = CLOCK.format(Instant.ofEpochMilli(at).atZone(zone));
        String sign =
                switch (op) {
                    case "c" -> terminal.styled(Style.GOOD, "+");
                    case "d" -> terminal.styled(Style.BAD, "-");
                    case "u" -> terminal.styled(Style.WARN, "~");
                    default -> " ";
                };
        String why = cause.toLowerCase(Locale.ROOT).replace('_', ' ');
        return terminal.styled(Style.FAINT, clock) + "  " + String.format("%-8s", account) + sign + " "
                + String.format("%-5s", kind) + text + terminal.styled(Style.FAINT, "  (" + why + ")");
    }

    /** By names, or by what else tells the two apart: a user whose email changed is another user with the same name. */
    private String fromTo(License before, License after) {
        String from = person(before);
        String to = person(after);
        if (from.equals(to)) {
            from += " (" + identity(before) + ")";
            to += " (" + identity(after) + ")";
        }
        return "from " + strong(from) + " to " + strong(to);
    }

    private static String identity(License license) {
        return Terminal.safe(license.getUserEmail() == null ? license.getUserId() : license.getUserEmail());
    }

    private static String seat(License license) {
        String name = Optional.ofNullable(license.getDeviceName())
                .or(() -> Optional.ofNullable(license.getSerialNumber()))
                .orElse(license.getDeviceId());
        return license.getLicenseType() + " \"" + Terminal.safe(name) + "\"";
    }

    private static String person(License license) {
        return Terminal.safe(Optional.ofNullable(license.getUserName())
                .or(() -> Optional.ofNullable(license.getUserEmail()))
                .orElse(license.getUserId()));
    }

    private String person(Usage usage) {
        return Terminal.safe(names.of(usage.getAccountId(), usage.getUserId())
                .or(() -> Optional.ofNullable(usage.getUserEmail()))
                .orElse(usage.getUserId()));
    }

    private static String app(Usage usage) {
        return Terminal.safe(Optional.ofNullable(usage.getAppName()).orElse(usage.getAppId()));
    }

    private static String versions(Usage usage) {
        return usage.getVersions().isEmpty() ? "" : " " + Terminal.safe(String.join(", ", usage.getVersions()));
    }

    private static String difference(License before, License after) {
        List<String> changes = new ArrayList<>();
        change(changes, "status", before.getUserStatus(), after.getUserStatus());
        change(changes, "name", before.getUserName(), after.getUserName());
        change(changes, "email", before.getUserEmail(), after.getUserEmail());
        change(changes, "user id", before.getUserId(), after.getUserId());
        change(changes, "device name", before.getDeviceName(), after.getDeviceName());
        change(changes, "serial number", before.getSerialNumber(), after.getSerialNumber());
        change(changes, "type", before.getLicenseType(), after.getLicenseType());
        return changes.isEmpty() ? "details changed" : String.join(", ", changes);
    }

    private static String difference(Usage before, Usage after) {
        List<String> changes = new ArrayList<>();
        change(changes, "", String.join(", ", before.getVersions()), String.join(", ", after.getVersions()));
        change(changes, "devices", String.valueOf(before.getDeviceCount()), String.valueOf(after.getDeviceCount()));
        change(changes, "name", before.getAppName(), after.getAppName());
        change(changes, "email", before.getUserEmail(), after.getUserEmail());
        return changes.isEmpty() ? "details changed" : String.join(", ", changes);
    }

    private static void change(List<String> changes, String what, String before, String after) {
        if (!Objects.equals(before, after)) {
            String from = before == null || before.isEmpty() ? "none" : Terminal.safe(before);
            String to = after == null || after.isEmpty() ? "none" : Terminal.safe(after);
            changes.add((what.isEmpty() ? "" : what + " ") + from + " → " + to);
        }
    }

    private String strong(String text) {
        return terminal.styled(Style.STRONG, text);
    }
}
