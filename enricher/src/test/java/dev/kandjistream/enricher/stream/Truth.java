package dev.kandjistream.enricher.stream;

import dev.kandjistream.devices.Device;
import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.enricher.stream.Raw.AppsRecord;
import dev.kandjistream.enricher.stream.Raw.DeviceRecord;
import dev.kandjistream.enricher.stream.Raw.Who;
import dev.kandjistream.licenses.License;
import dev.kandjistream.raw.RawApp;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.usage.Usage;
import dev.kandjistream.users.User;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What must stand in the topics once they are folded, worked out from the contract's words as plainly as possible: keep
 * the last records, count again from nothing each time. Of the past only times are remembered.
 */
final class Truth {
    /** One device, with the times that only its past can tell. */
    private static final class Known {
        DeviceRecord device;
        boolean everSeen;
        boolean reEnrolled;
        /** Every record so far belongs to the baseline, and it had no other user. */
        boolean baselineOnly;

        Instant checkIn;
        Instant published;
        Instant assignedAt;
        Instant userSince;
        Instant emailSince;
        AppsRecord apps;
        final Map<String, Instant> changedAt = new TreeMap<>();
        final Map<String, Instant> collectedAt = new TreeMap<>();
    }

    private record App(String appId, RawApp speaker, String name, TreeSet<String> versions, Instant firstSeen) {}

    private record Says(String deviceId, Instant observedAt, Known known, App app) {}

    private static final Comparator<Says> WHO_SPEAKS =
            Comparator.comparing(Says::observedAt).thenComparing(Says::deviceId);

    private final Map<String, Known> fleet = new TreeMap<>();
    private final Map<String, Who> holders = new TreeMap<>();
    private final Map<String, Integer> heldSince = new TreeMap<>();
    private final Set<String> periods = new TreeSet<>();
    private Rules rules = Driver.RULES;
    private int step;

    /** Every cause that the contract allows for the effects of this step. */
    Set<String> causes(Step next) {
        if (next instanceof Step.OtherRules) {
            return Set.of("RULES_CHANGED");
        }
        if (next instanceof Step.DeviceGone gone) {
            return Set.of(endOf(gone.cause()));
        }
        if (next instanceof Step.AppsGone gone) {
            return Set.of(endOf(gone.cause()));
        }
        if (next instanceof Step.OfApps apps) {
            Known known = known(apps.apps().id());
            return known.apps != null
                    ? Set.of("APP_INSTALLED", "APP_UPDATED", "APP_REMOVED", "BASELINE")
                    : Set.of(known.reEnrolled ? "DEVICE_REENROLLED" : "DEVICE_ENROLLED", "BASELINE");
        }
        DeviceRecord now = clean(((Step.OfDevice) next).device());
        DeviceRecord was = known(now.id()).device;
        if (was == null || (was.removed() && !now.removed())) {
            boolean again = was == null && now.replaces() != null;
            return Set.of(again ? "DEVICE_REENROLLED" : "DEVICE_ENROLLED", "BASELINE");
        }
        var causes = new TreeSet<>(now.removed() ? Set.of("DEVICE_REMOVED") : causes(was, now));
        if (!known(now.id()).reEnrolled && now.replaces() != null && userId(was) == null && userId(now) != null) {
            causes = new TreeSet<>(Set.of("DEVICE_REENROLLED"));
        }
        if (known(now.id()).baselineOnly && now.baseline()) {
            causes.add("BASELINE");
        }
        return causes;
    }

    private static Set<String> causes(DeviceRecord was, DeviceRecord now) {
        if (userId(was) == null || userId(now) == null) {
            return Set.of(
                    userId(was) != null ? "USER_UNASSIGNED" : userId(now) != null ? "USER_ASSIGNED" : "DEVICE_CHANGED");
        }
        if (!samePerson(was.who(), now.who())) {
            return Set.of("USER_ASSIGNED", "USER_UNASSIGNED");
        }
        if (!userId(was).equals(userId(now))) {
            return Set.of("USER_CHANGED");
        }
        if (was.who().archived() != now.who().archived()) {
            return Set.of(now.who().archived() ? "USER_ARCHIVED" : "USER_UNARCHIVED");
        }
        return Set.of(was.who().equals(now.who()) ? "DEVICE_CHANGED" : "USER_CHANGED");
    }

    private static String endOf(String header) {
        return Set.of("DEVICE_REENROLLED", "ACCOUNT_REMOVED").contains(header) ? header : "DEVICE_REMOVED";
    }

    private static boolean samePerson(Who one, Who other) {
        boolean sameId = one.id() != null && one.id().equals(other.id());
        boolean sameEmail = one.email() != null && one.email().equals(other.email());
        return sameId || sameEmail;
    }

    /** Holders of each seat by step number: one period for each person who held it without a break. */
    Set<String> periods() {
        var all = new TreeSet<>(periods);
        heldSince.forEach((id, since) -> all.add(Keys.of("acme", id) + " since " + since));
        return all;
    }

    private void countPeriods() {
        fleet.forEach((id, known) -> {
            boolean seat = known.device != null && userId(known.device) != null && isSeat(known);
            Who holder = seat ? known.device.who() : null;
            Who before = holder == null ? holders.remove(id) : holders.put(id, holder);
            if (before != null && (holder == null || !samePerson(before, holder))) {
                periods.add(Keys.of("acme", id) + " " + heldSince.remove(id) + " to " + step);
            }
            if (holder != null) {
                heldSince.putIfAbsent(id, step);
            }
        });
    }

    void see(Step next) {
        step++;
        take(next);
        countPeriods();
    }

    private void take(Step step) {
        if (step instanceof Step.OtherRules other) {
            var before = rules;
            rules = other.rules();
            fleet.values().forEach(known -> keyAnew(known, before));
        } else if (step instanceof Step.DeviceGone gone) {
            known(gone.id()).device = null;
            known(gone.id()).reEnrolled = false;
            known(gone.id()).baselineOnly = false;
        } else if (step instanceof Step.AppsGone gone) {
            known(gone.id()).apps = null;
            known(gone.id()).changedAt.clear();
        } else if (step instanceof Step.OfDevice next) {
            see(clean(next.device()), known(next.device().id()));
        } else if (step instanceof Step.OfApps next) {
            Known known = known(next.apps().id());
            see(withKeptRows(next.apps(), known.apps), known);
        }
    }

    private void see(DeviceRecord now, Known known) {
        DeviceRecord was = known.device;
        String userWas = was == null ? null : userId(was);
        String user = userId(now);
        boolean otherHands = userWas != null && !(user != null && samePerson(was.who(), now.who()));
        known.baselineOnly = now.baseline() && (known.everSeen ? known.baselineOnly && !otherHands : true);
        if (userWas == null) {
            known.assignedAt = known.baselineOnly ? null : now.observedAt();
            known.userSince = now.observedAt();
            known.emailSince = now.observedAt();
        } else if (user != null) {
            known.assignedAt = samePerson(was.who(), now.who()) ? known.assignedAt : now.observedAt();
            known.userSince = was.who().equals(now.who()) ? known.userSince : now.observedAt();
            boolean sameEmail = userWas.equals(user)
                    && Objects.equals(was.who().email(), now.who().email());
            known.emailSince = sameEmail ? known.emailSince : now.observedAt();
        }
        boolean onlyCheckIn = was != null && entity(was, null).equals(entity(now, null));
        boolean quiet = onlyCheckIn && now.observedAt().isBefore(known.published.plus(Duration.ofHours(24)));
        if (!quiet && !(onlyCheckIn && Objects.equals(known.checkIn, now.lastCheckIn()))) {
            known.checkIn = now.lastCheckIn();
            known.published = now.observedAt();
        }
        boolean firstUser = userWas == null && user != null;
        known.reEnrolled = now.replaces() != null && (was == null || firstUser) || was != null && known.reEnrolled;
        known.device = now;
        known.everSeen = true;
    }

    /** A record that keeps rows adds to what there is: names and bundle ids that it does not have stand as they are. */
    private AppsRecord withKeptRows(AppsRecord now, AppsRecord before) {
        if (!now.keepsRows() || before == null) {
            return now;
        }
        var named = now.apps().stream().map(Truth::nameAndBundleId).collect(Collectors.toSet());
        return now.listing(Stream.concat(
                        now.apps().stream(),
                        before.apps().stream().filter(row -> !named.contains(nameAndBundleId(row))))
                .toList());
    }

    private static List<String> nameAndBundleId(RawApp row) {
        return Arrays.asList(name(row), trimmed(row.getBundleId()));
    }

    private void see(AppsRecord now, Known known) {
        List<RawApp> before = known.apps == null ? List.of() : known.apps.apps();
        Map<String, App> was = kept(before);
        Map<String, App> is = kept(now.apps());
        var idsBefore = before.stream().map(this::appId).collect(Collectors.toSet());
        var ids = now.apps().stream().map(this::appId).collect(Collectors.toSet());
        known.changedAt.keySet().retainAll(ids);
        for (String id : ids) {
            if (!idsBefore.contains(id) || !Objects.equals(shown(was.get(id)), shown(is.get(id)))) {
                known.changedAt.put(id, now.observedAt());
                known.collectedAt.put(id, now.collectedAt());
            }
        }
        known.apps = now;
    }

    /** An app with a new id keeps the time of the latest change of its rows. */
    private void keyAnew(Known known, Rules before) {
        if (known.apps == null) {
            return;
        }
        var changed = Map.copyOf(known.changedAt);
        var collected = Map.copyOf(known.collectedAt);
        known.changedAt.clear();
        for (RawApp row : known.apps.apps()) {
            String was = appId(row, before);
            String is = appId(row, rules);
            Instant at = known.changedAt.get(is);
            if (at == null || at.isBefore(changed.get(was))) {
                known.changedAt.put(is, changed.get(was));
                known.collectedAt.put(is, collected.get(was));
            }
        }
    }

    /** As events show it: ids and emails trimmed, serial numbers in capitals, blank values absent. */
    private static DeviceRecord clean(DeviceRecord device) {
        Who who = device.who();
        String email = trimmed(who.email());
        String serial = trimmed(device.serial());
        return device.of(new Who(
                        trimmed(who.id()),
                        email == null ? null : email.toLowerCase(Locale.ROOT),
                        who.name(),
                        who.archived()))
                .serial(serial == null ? null : serial.toUpperCase(Locale.ROOT));
    }

    private static String trimmed(String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private Known known(String id) {
        return fleet.computeIfAbsent(id, i -> new Known());
    }

    Map<String, Device> devices() {
        return devices(true);
    }

    Map<String, Device> unattributed() {
        return devices(false);
    }

    private Map<String, Device> devices(boolean attributed) {
        var devices = new TreeMap<String, Device>();
        fleet.forEach((id, known) -> {
            if (known.device != null && attributed == (userId(known.device) != null)) {
                devices.put(Keys.of("acme", id), entity(known.device, known.checkIn));
            }
        });
        return devices;
    }

    Map<String, License> licenses() {
        var licenses = new TreeMap<String, License>();
        fleet.forEach((id, known) -> {
            if (known.device != null && userId(known.device) != null && isSeat(known)) {
                Who who = known.device.who();
                licenses.put(
                        Keys.of("acme", id),
                        new License(
                                "acme",
                                id,
                                known.device.platform(),
                                known.device.serial(),
                                known.device.name(),
                                userId(known.device),
                                who.email(),
                                who.name(),
                                status(who),
                                known.assignedAt));
            }
        });
        return licenses;
    }

    Map<String, User> users() {
        var users = new TreeMap<String, User>();
        byUser().forEach((userId, says) -> {
            Who who = says.stream().max(WHO_SPEAKS).orElseThrow().known().device.who();
            int seats = (int) says.stream().filter(s -> isSeat(s.known())).count();
            users.put(
                    Keys.of("acme", userId),
                    new User("acme", userId, who.email(), who.name(), status(who), says.size(), seats));
        });
        return users;
    }

    Map<String, Usage> usages() {
        var usages = new TreeMap<String, Usage>();
        byUser().forEach((userId, devices) -> {
            var byApp = new TreeMap<String, List<Says>>();
            for (Says device : devices) {
                List<RawApp> rows = device.known().apps == null
                        ? List.of()
                        : device.known().apps.apps();
                kept(rows).forEach((appId, app) -> {
                    Instant changed = device.known().changedAt.get(appId);
                    Instant email = device.known().emailSince;
                    byApp.computeIfAbsent(appId, a -> new ArrayList<>())
                            .add(new Says(
                                    device.deviceId(), changed.isAfter(email) ? changed : email, device.known(), app));
                });
            }
            byApp.forEach((appId, says) -> usages.put(Keys.of("acme", userId, appId), usage(userId, appId, says)));
        });
        return usages;
    }

    private Usage usage(String userId, String appId, List<Says> says) {
        Says speaker = says.stream().max(WHO_SPEAKS).orElseThrow();
        RawApp row = speaker.app().speaker();
        var versions = new TreeSet<String>();
        says.forEach(s -> versions.addAll(s.app().versions()));
        return Usage.newBuilder()
                .setAccountId("acme")
                .setUserId(userId)
                .setAppId(appId)
                .setUserEmail(speaker.known().device.who().email())
                .setAppName(speaker.app().name())
                .setBundleId(bundleId(row, rules))
                .setDeveloperName(row.getDeveloperName())
                .setVersions(versions.stream().limit(20).toList())
                .setDeviceCount(says.size())
                .setDeviceIds(
                        says.stream().map(Says::deviceId).sorted().limit(20).toList())
                .setFirstSeenAt(says.stream()
                        .map(s -> s.app().firstSeen())
                        .min(Comparator.naturalOrder())
                        .orElse(null))
                .setCollectedAt(speaker.known().collectedAt.get(appId))
                .build();
    }

    private Map<String, List<Says>> byUser() {
        var users = new TreeMap<String, List<Says>>();
        fleet.forEach((id, known) -> {
            if (known.device != null && userId(known.device) != null) {
                users.computeIfAbsent(userId(known.device), u -> new ArrayList<>())
                        .add(new Says(id, known.userSince, known, null));
            }
        });
        return users;
    }

    private boolean isSeat(Known known) {
        return rules.licenseTypes().contains(known.device.platform());
    }

    private Map<String, App> kept(List<RawApp> rows) {
        return rows.stream()
                .filter(row -> rules.suppressedWords().stream().noneMatch(word -> String.valueOf(name(row))
                        .toLowerCase(Locale.ROOT)
                        .contains(word.toLowerCase(Locale.ROOT))))
                .collect(Collectors.groupingBy(this::appId, TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> app(e.getKey(), e.getValue())));
    }

    private static App app(String appId, List<RawApp> rows) {
        RawApp speaker = rows.stream()
                .min(Comparator.<RawApp>comparingInt(
                                row -> row.getPath() == null ? 0 : row.getPath().length())
                        .thenComparing(row -> String.valueOf(name(row))))
                .orElseThrow();
        var versions = new TreeSet<String>();
        rows.stream().map(RawApp::getVersion).filter(Objects::nonNull).forEach(versions::add);
        Instant first = rows.stream()
                .map(RawApp::getCreatedAt)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        return new App(appId, speaker, name(speaker), versions, first);
    }

    /** What of an app a reader can see. */
    private static Object shown(App app) {
        return app == null
                ? null
                : List.of(
                        app.name(), String.valueOf(app.speaker().getDeveloperName()), app.versions(), app.firstSeen());
    }

    private String appId(RawApp row) {
        return appId(row, rules);
    }

    /** Null if it is missing or a placeholder. */
    private static String bundleId(RawApp row, Rules rules) {
        String id = trimmed(row.getBundleId());
        String folded = id == null ? "-" : id.replaceAll("\\s+", " ");
        boolean none = rules.placeholderBundleIds().stream().anyMatch(folded::equalsIgnoreCase)
                || folded.matches("(?i)(.)\\1*")
                || !folded.matches(".*[a-zA-Z0-9].*");
        return none ? null : id;
    }

    private static String appId(RawApp row, Rules rules) {
        if (bundleId(row, rules) != null) {
            return bundleId(row, rules);
        }
        String name = Normalizer.normalize(name(row), Normalizer.Form.NFKC)
                .strip()
                .replaceAll("\\s+", " ")
                .toLowerCase(Locale.ROOT);
        return "name:" + name.replaceAll("\\.app$", "");
    }

    private static String name(RawApp row) {
        return row.getName() != null
                ? row.getName()
                : row.getPath().replaceAll(".*/", "").replaceAll("\\.app$", "");
    }

    private static String userId(DeviceRecord device) {
        if (device.removed()) {
            return null;
        }
        Who who = device.who();
        return who.id() != null ? who.id() : who.email() != null ? "email:" + who.email() : null;
    }

    private static String status(Who who) {
        return who.archived() ? "ARCHIVED" : "ACTIVE";
    }

    private static Device entity(DeviceRecord device, Instant checkIn) {
        RawDevice raw = device.raw();
        boolean attributed = userId(device) != null;
        return Device.newBuilder()
                .setAccountId(device.account())
                .setDeviceId(device.id())
                .setSerialNumber(device.serial())
                .setDeviceName(device.name())
                .setPlatform(device.platform())
                .setTags(raw.getTags())
                .setUserId(userId(device))
                .setUserEmail(attributed ? device.who().email() : null)
                .setUserName(attributed ? device.who().name() : null)
                .setUserArchived(attributed ? device.who().archived() : null)
                .setLastCheckIn(checkIn)
                .build();
    }
}
