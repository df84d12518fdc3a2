package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.Fingerprint;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.kandji.domain.RowShape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A small fleet that changes, is swept with and without faults, and remembers what the raw topics hold. */
final class Fleet {
    static final long HOUR = 3_600_000;

    /** What is true of one device, or what the raw topics say of it. */
    record Truth(String details, String user, boolean removed, Map<String, String> apps, long collectedAt) {
        Truth withUser(String newUser) {
            return new Truth(details, newUser, removed, apps, collectedAt);
        }
    }

    /** How an answer deviates from the truth. */
    enum Fault {
        NONE,
        /** The walk breaks off, and says so. */
        CUT,
        /** Rows are missing, but the claimed total tells. */
        SHORT,
        /** One row comes twice in place of another. */
        SHIFTED,
        /** 200 and nothing in it. */
        EMPTY,
        /** All users (or all apps but one of each device) gone, nothing to tell it by. */
        BARE,
        /** A few devices (or rows) are missing, always the same ones, and nothing to tell it by. */
        DROPPED
    }

    final Map<String, Truth> truth = new TreeMap<>();
    final Map<String, DeviceRow> rawDevices = new TreeMap<>();
    final Map<String, Set<String>> rawApps = new TreeMap<>();
    Ledger ledger = new Ledger();
    /** Records that say that they are state, not news, by kind. */
    private final Map<String, Set<String>> baseline = new HashMap<>();
    /** What the latest receipt of each kind lists. */
    private final Map<String, List<Withheld>> receipts = new HashMap<>();

    /** Whose API is asked; null where that is nobody's business. */
    String tenant;

    final EvidenceRules rules = EvidenceRules.DEFAULT;
    /** Whether the API can be asked about one device and tells the truth then. */
    boolean answersAboutOne = true;
    /** What the licensing page counts beyond the devices that there are; empty where it cannot be asked. */
    OptionalLong licensedBeyond = OptionalLong.empty();
    /** Whether the number of rows can be asked for by itself. */
    boolean countsRows;

    /** How long the poller stands still with what it has read, before it judges that. */
    Duration frozen = Duration.ZERO;

    long now = 1_700_000_000_000L;
    private int sweeps;

    Verdict sweepDevices(Fault fault) {
        long begun = now += 1000;
        Ledger known = ledger;
        ledger = known.of(tenant);
        var sweep = devicesAsTold(fault);
        if (licensedBeyond.isPresent() && DevicesJudge.worthCounting(ledger, sweep, rules, begun)) {
            sweep.licensed(truth.size() + licensedBeyond.getAsLong());
        }
        now += frozen.toMillis();
        var verdict = TenantChange.told(DevicesJudge.judge(ledger, sweep, rules, begun, now), known, ledger);
        apply(verdict, true);
        return verdict;
    }

    Verdict sweepApps(Fault fault) {
        long begun = now += 1000;
        Ledger known = ledger;
        ledger = known.of(tenant);
        var sweep = appsAsTold(fault);
        if (answersAboutOne) {
            for (String id : SingleReads.worthRereading(ledger, sweep, rules)) {
                sweep.reread(rowsOf(id, truth.get(id)).seal());
            }
            for (String id : SingleReads.worthConfirming(ledger, sweep, rules)) {
                if (!truth.containsKey(id) || truth.get(id).apps().isEmpty()) {
                    sweep.confirmEmpty(id);
                }
            }
        }
        now += frozen.toMillis();
        var verdict = TenantChange.told(AppsJudge.judge(ledger, sweep, rules, begun, now), known, ledger);
        apply(verdict, false);
        return verdict;
    }

    /**
     * Faultless sweeps, evenly spread, for longer than any absence must stand. Where the fleet lost everything, an operator
     * says that this is so.
     */
    void settle() {
        sweepEvenly(14, 2 * HOUR);
        approveTheLossOfEverything();
        sweepEvenly(18, 10 * HOUR);
        approveTheLossOfEverything();
        sweepEvenly(2, HOUR);
    }

    private void sweepEvenly(int sweeps, long gap) {
        for (int i = 0; i < sweeps; i++) {
            sweepDevices(Fault.NONE);
            sweepApps(Fault.NONE);
            now += gap;
        }
    }

    private void approveTheLossOfEverything() {
        Stream.concat(sweepDevices(Fault.NONE).waiting().stream(), sweepApps(Fault.NONE).waiting().stream())
                .filter(item -> item.reason().contains("part of losing everything"))
                .map(Withheld::deviceId)
                .distinct()
                .forEach(id -> order("approve", id));
        sweepDevices(Fault.NONE);
        sweepApps(Fault.NONE);
    }

    /** The account is removed, and its data with it. */
    void retractAccount() {
        apply(AccountRemoval.verdict(ledger, Ledger.DEVICES, AccountRemoval.decisions(ledger)), true);
        ledger = new Ledger();
    }

    /** An operator decides about what is withheld now of these devices; of all where none is named. */
    CommandAnswer order(String action, String... deviceIds) {
        var orders = Orders.of(ledger, List.of(new OperatorCommand("command", action, Set.of(deviceIds), now)), now);
        orders.ordered().forEach(ledger::put);
        return orders.answers().get(0);
    }

    /** Whether a device list with this fault differs from the truth, or says that it may. */
    boolean bends(Fault fault) {
        return switch (fault) {
            case NONE -> false;
            case CUT -> true;
            case SHIFTED -> truth.size() > 1;
            default -> !truth.isEmpty();
        };
    }

    DevicesSweep devicesAsTold(Fault fault) {
        var sweep = new DevicesSweep();
        List<String> ids = new ArrayList<>(truth.keySet());
        long total = ids.size();
        int half = ids.size() / 2;
        switch (fault) {
            case CUT -> {
                ids = ids.subList(0, half);
                sweep.walk().fault("page 2 answered 500");
            }
            case SHORT -> ids = ids.subList(0, half);
            case SHIFTED -> {
                if (ids.size() > 1) {
                    ids.set(ids.size() - 1, ids.get(0));
                }
            }
            case EMPTY -> ids = List.of();
            case DROPPED -> ids = ids.subList(Math.min(2, half), ids.size());
            default -> {}
        }
        for (String id : ids) {
            Truth device = truth.get(id);
            String user = fault == Fault.BARE ? null : device.user();
            if (!sweep.add(row(id, device.details(), user, device.removed(), now))) {
                sweep.repeated();
            }
        }
        boolean claims = fault != Fault.EMPTY && fault != Fault.SHIFTED && fault != Fault.DROPPED;
        sweep.walk().page(ids.size(), claims ? OptionalLong.of(total) : OptionalLong.empty());
        return sweep;
    }

    AppsSweep appsAsTold(Fault fault) {
        var sweep = new AppsSweep();
        List<String[]> rows = new ArrayList<>();
        truth.forEach((id, device) -> device.apps().forEach((app, version) -> rows.add(new String[] {id, app})));
        long total = rows.size();
        List<String[]> told = new ArrayList<>(rows);
        switch (fault) {
            case CUT -> {
                told = told.subList(0, told.size() / 2);
                sweep.walk().fault("page 2 answered 500");
            }
            case SHORT -> told = told.subList(0, told.size() / 2);
            case SHIFTED -> {
                if (told.size() > 1) {
                    told.set(told.size() - 1, told.get(0));
                }
            }
            case EMPTY -> told = List.of();
            case BARE -> {
                var first = new HashSet<String>();
                told.removeIf(row -> !first.add(row[0]));
            }
            case DROPPED -> told = told.subList(Math.min(2, told.size()), told.size());
            default -> {}
        }
        for (String[] row : told) {
            Truth device = truth.get(row[0]);
            var app = SharedApp.of(app(row[1], device.apps().get(row[1])));
            sweep.add(row[0], app, 1, 2, device.collectedAt(), now);
        }
        boolean claims = fault == Fault.NONE || fault == Fault.CUT || fault == Fault.SHORT;
        sweep.walk().page(told.size(), claims ? OptionalLong.of(total) : OptionalLong.empty());
        if (countsRows && !claims) {
            sweep.walk().counted(total, total);
        }
        return sweep.seal();
    }

    private DeviceApps rowsOf(String id, Truth device) {
        var apps = new DeviceApps(id, now);
        device.apps()
                .forEach((app, version) -> apps.add(SharedApp.of(app(app, version)), 1, 2, device.collectedAt(), now));
        return apps;
    }

    /** What a reader of the raw topics would hold after this verdict. */
    private void apply(Verdict verdict, boolean devices) {
        var seen = new HashSet<String>();
        for (Decision decision : verdict.decisions()) {
            if (!seen.add(decision.deviceId())) {
                throw new AssertionError("two decisions about " + decision.deviceId());
            }
            if (decision.publication() instanceof Decision.Device device) {
                rawDevices.put(decision.deviceId(), device.row());
            } else if (decision.publication() instanceof Decision.Apps apps) {
                rawApps.put(decision.deviceId(), texts(apps.apps()));
            } else if (decision.publication() == Decision.Gone.DEVICE
                    || decision.publication() == Decision.Gone.REENROLLED
                    || decision.publication() == Decision.Gone.ACCOUNT) {
                rawDevices.remove(decision.deviceId());
                rawApps.remove(decision.deviceId());
            } else if (decision.publication() == Decision.Gone.APPS) {
                rawApps.remove(decision.deviceId());
            }
            ledger.put(decision.deviceId(), decision.after());
            noteBaseline(decision, verdict.baseline());
        }
        receipts.put(devices ? Ledger.DEVICES : Ledger.APPS, verdict.waiting());
        if (verdict.findings().retractions() != null) {
            ledger.retractions(
                    devices ? Ledger.DEVICES : Ledger.APPS, verdict.findings().retractions());
        }
        if (verdict.findings().recentlyAdded() != null) {
            ledger.recentlyAdded(
                    devices ? Ledger.DEVICES : Ledger.APPS, verdict.findings().recentlyAdded());
        }
        String kind = devices ? Ledger.DEVICES : Ledger.APPS;
        ledger.complete(kind, ledger.complete(kind).and(verdict, "sweep-" + ++sweeps, now, now, now));
    }

    private void noteBaseline(Decision decision, boolean always) {
        boolean ofDevice = decision.publication() instanceof Decision.Device device && device.owed();
        boolean ofApps = decision.publication() instanceof Decision.Apps apps && apps.owed();
        String kind = decision.publication() instanceof Decision.Apps ? Ledger.APPS : Ledger.DEVICES;
        if (decision.publication() instanceof Decision.Device || decision.publication() instanceof Decision.Apps) {
            Set<String> ids = baseline.computeIfAbsent(kind, any -> new HashSet<>());
            if (always || ofDevice || ofApps) {
                ids.add(decision.deviceId());
            } else {
                ids.remove(decision.deviceId());
            }
        }
    }

    private boolean isBaseline(String kind, String id) {
        return baseline.getOrDefault(kind, Set.of()).contains(id);
    }

    /** The ledger is lost, and made anew from what the raw topics and the latest receipts hold. */
    void loseLedger() {
        var recovery = new LedgerRecovery();
        rawDevices.forEach((id, row) -> recovery.device(
                id,
                new LedgerRecovery.Published(
                        row.user(),
                        row.platform(),
                        row.serialNumber(),
                        row.isRemoved(),
                        isBaseline(Ledger.DEVICES, id),
                        row.shape().unread(),
                        false)));
        rawApps.forEach((id, texts) -> recovery.apps(
                id,
                LedgerRecovery.PublishedApps.of(
                        texts.stream().map(Fleet::appOf).toList(),
                        Moment.UNKNOWN,
                        isBaseline(Ledger.APPS, id),
                        0,
                        false)));
        for (String kind : List.of(Ledger.DEVICES, Ledger.APPS)) {
            if (ledger.complete(kind).lastAt() != Moment.UNKNOWN) {
                recovery.wasComplete(kind);
                receipts.getOrDefault(kind, List.of())
                        .forEach(item -> recovery.waits(item.deviceId(), item.what(), item.order(), item.reason()));
            }
        }
        ledger = recovery.repair(new Ledger(), false, false, () -> CommandsRead.NONE, now)
                .ledger();
    }

    /** What the latest sweep of a kind left waiting as part of losing everything. */
    Set<String> waitingAsEverything(String kind) {
        var devices = new HashSet<String>();
        for (Withheld item : receipts.getOrDefault(kind, List.of())) {
            if (item.reason().contains(WithheldList.OF_EVERYTHING)) {
                devices.add(item.deviceId());
            }
        }
        return devices;
    }

    private static App appOf(String text) {
        int end = text.indexOf(' ');
        return app(text.substring(0, end), text.substring(end + 1));
    }

    private static Set<String> texts(DeviceApps apps) {
        var texts = new TreeSet<String>();
        for (int row : apps.order()) {
            texts.add(apps.app(row).bundleId() + " " + apps.app(row).version());
        }
        return texts;
    }

    static App app(String bundleId, String version) {
        return new App(
                bundleId, bundleId, version, null, "/Applications/" + bundleId, null, null, null, null, null, null);
    }

    static DeviceRow row(String id, String details, String userId, boolean removed, long now) {
        return row(id, details, userId, removed, now, "Mac", RowShape.FULL);
    }

    static DeviceRow row(
            String id, String details, String userId, boolean removed, long now, String platform, RowShape shape) {
        var user = userId == null ? null : new AssignedUser(userId, null, null, false);
        return new DeviceRow(
                id,
                details,
                null,
                platform,
                null,
                null,
                null,
                null,
                null,
                Moment.UNKNOWN,
                user,
                null,
                null,
                null,
                true,
                true,
                null,
                false,
                removed,
                Moment.UNKNOWN,
                Moment.UNKNOWN,
                List.of(),
                "{}",
                Fingerprint.ordered(Fingerprint.of(details), Fingerprint.of(platform)),
                Fingerprint.ordered(Fingerprint.of(details), Fingerprint.of(platform)),
                Fingerprint.ordered(Fingerprint.of(userId + shape.unread()), removed ? 1 : 0),
                now,
                shape);
    }

    /** The raw topics as the truth would have them, in the form of {@link #told}. */
    Map<String, String> wanted() {
        var wanted = new HashMap<String, String>();
        truth.forEach((id, device) -> {
            var apps = new TreeSet<String>();
            device.apps().forEach((app, version) -> apps.add(app + " " + version));
            wanted.put(id, device.details() + "|" + device.user() + "|" + device.removed() + "|" + apps);
        });
        return wanted;
    }

    /** What the raw topics say; a device without apps record has no apps. */
    Map<String, String> told() {
        var told = new HashMap<String, String>();
        rawDevices.forEach((id, row) -> told.put(
                id,
                row.deviceName() + "|" + (row.user() == null ? null : row.user().id()) + "|" + row.isRemoved() + "|"
                        + rawApps.getOrDefault(id, Set.of())));
        rawApps.forEach((id, apps) -> told.computeIfAbsent(id, unlisted -> "unlisted|" + apps));
        return told;
    }
}
