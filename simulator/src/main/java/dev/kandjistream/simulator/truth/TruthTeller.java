package dev.kandjistream.simulator.truth;

import dev.kandjistream.simulator.fleet.AppRow;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Fleet;
import dev.kandjistream.simulator.fleet.Micros;
import dev.kandjistream.simulator.fleet.Person;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Works out the {@link Truth} from the fleet's own model, by the plainest means: no JSON, nothing of the services, no
 * memory of what was before.
 */
public final class TruthTeller {
    private static final Pattern LOWER_CASE = Pattern.compile("[a-z]+");

    private final Fleet fleet;
    private final TruthRules rules;
    private final boolean tellsNewerFields;

    /** @param tellsNewerFields whether the tenant's API shows {@code tags} and {@code lost_mode_status} at all */
    public TruthTeller(Fleet fleet, TruthRules rules, boolean tellsNewerFields) {
        this.fleet = fleet;
        this.rules = rules;
        this.tellsNewerFields = tellsNewerFields;
    }

    /** The truth of this moment. */
    public Truth tell() {
        return fleet.reading(() -> {
            List<Device> listed = fleet.devices();
            List<Device> attributed =
                    listed.stream().filter(TruthTeller::isAttributed).toList();
            Map<String, List<Device>> byUser = attributed.stream()
                    .collect(Collectors.groupingBy(d -> userId(d.person()), TreeMap::new, Collectors.toList()));
            return new Truth(
                    attributed.stream()
                            .map(this::device)
                            .sorted(Comparator.comparing(Truth.Device::deviceId))
                            .toList(),
                    listed.stream()
                            .filter(device -> !isAttributed(device))
                            .map(this::device)
                            .sorted(Comparator.comparing(Truth.Device::deviceId))
                            .toList(),
                    attributed.stream()
                            .filter(this::isSeat)
                            .map(TruthTeller::license)
                            .sorted(Comparator.comparing(Truth.License::deviceId))
                            .toList(),
                    byUser.values().stream().map(this::user).toList(),
                    byUser.values().stream()
                            .flatMap(devices -> usages(devices).stream())
                            .toList());
        });
    }

    private static boolean isAttributed(Device device) {
        Person person = device.person();
        return !device.removed() && person != null && userId(person) != null;
    }

    private boolean isSeat(Device device) {
        return rules.licenseTypes().contains(device.platform().word());
    }

    private Truth.Device device(Device device) {
        Person person = isAttributed(device) ? device.person() : null;
        return new Truth.Device(
                device.id(),
                serial(device),
                text(device.name()),
                device.platform().word(),
                text(device.hardware().model()),
                text(device.osVersion()),
                device.mdmEnabled(),
                !device.agentVersion().isEmpty(),
                text(device.agentVersion()),
                device.missing(),
                null,
                text(device.blueprint().id()),
                text(device.blueprint().name()),
                text(device.assetTag()),
                tellsNewerFields ? device.tags() : List.of(),
                person == null ? null : userId(person),
                person == null ? null : email(person),
                person == null ? null : text(person.name()),
                person == null ? null : person.archived(),
                millis(device.lastCheckIn()),
                millis(device.firstEnrolledAt()),
                millis(device.lastEnrolledAt()));
    }

    private static Truth.License license(Device device) {
        Person person = device.person();
        return new Truth.License(
                device.id(),
                device.platform().word(),
                serial(device),
                text(device.name()),
                userId(person),
                email(person),
                text(person.name()),
                status(person));
    }

    private Truth.User user(List<Device> devices) {
        Person person = devices.get(0).person();
        int seats = (int) devices.stream().filter(this::isSeat).count();
        return new Truth.User(
                userId(person), email(person), text(person.name()), status(person), devices.size(), seats);
    }

    private List<Truth.Usage> usages(List<Device> devicesOfOneUser) {
        Map<String, List<AppRow>> byApp = new TreeMap<>();
        for (Device device : devicesOfOneUser) {
            for (AppRow row : device.rows()) {
                if (!isSuppressed(row)) {
                    byApp.computeIfAbsent(AppIdentity.idOf(row.app()), id -> new ArrayList<>())
                            .add(row);
                }
            }
        }
        Person person = devicesOfOneUser.get(0).person();
        return byApp.entrySet().stream()
                .map(app -> usage(person, app.getKey(), app.getValue()))
                .toList();
    }

    /** The row with the shortest path speaks for the app's name; the catalogue keeps the other words equal in all rows. */
    private static Truth.Usage usage(Person person, String appId, List<AppRow> rows) {
        AppRow speaker = rows.stream()
                .min(Comparator.comparing((AppRow row) ->
                                row.app().path() == null ? 0 : row.app().path().length())
                        .thenComparing(row -> AppIdentity.nameOf(row.app()), Comparator.nullsLast(String::compareTo)))
                .orElseThrow();
        List<String> deviceIds =
                rows.stream().map(row -> row.device().id()).distinct().sorted().toList();
        return new Truth.Usage(
                userId(person),
                appId,
                email(person),
                AppIdentity.nameOf(speaker.app()),
                AppIdentity.bundleIdOf(speaker.app()),
                text(speaker.app().publisher().teamId()),
                text(speaker.app().publisher().developerName()),
                text(speaker.app().publisher().category()),
                text(speaker.app().publisher().obtainedFrom()),
                rows.stream()
                        .map(row -> text(row.app().version()))
                        .filter(v -> v != null)
                        .distinct()
                        .sorted()
                        .limit(20)
                        .toList(),
                deviceIds.size(),
                deviceIds.stream().limit(20).toList(),
                rows.stream()
                        .map(row -> millis(row.createdAt()))
                        .min(Comparator.naturalOrder())
                        .orElseThrow());
    }

    private boolean isSuppressed(AppRow row) {
        String name = AppIdentity.nameOf(row.app());
        return name != null
                && rules.suppressedWords().stream()
                        .anyMatch(word -> name.toLowerCase(Locale.ROOT).contains(word.toLowerCase(Locale.ROOT)));
    }

    /** Null where the person has neither id nor email. */
    private static String userId(Person person) {
        if (text(person.id()) != null) {
            return person.id();
        }
        return email(person) == null ? null : "email:" + email(person);
    }

    private static String email(Person person) {
        String email = text(person.email());
        return email == null ? null : email.toLowerCase(Locale.ROOT);
    }

    /** The form that equal serial numbers share: without blanks around it, ASCII letters in upper case. */
    private static String serial(Device device) {
        String serial = text(device.hardware().serial());
        return serial == null
                ? null
                : LOWER_CASE.matcher(serial.strip()).replaceAll(part -> part.group()
                        .toUpperCase(Locale.ROOT));
    }

    private static String status(Person person) {
        return person.archived() ? "ARCHIVED" : "ACTIVE";
    }

    private static String text(String text) {
        return text == null || text.isBlank() ? null : text;
    }

    private static Instant millis(long micros) {
        Instant instant = Micros.toInstant(micros);
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MILLIS);
    }
}
