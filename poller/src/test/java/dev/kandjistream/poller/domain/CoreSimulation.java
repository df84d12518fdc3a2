package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.poller.domain.PageFaults.Fault;
import dev.kandjistream.poller.domain.SimulatedTenant.Device;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The poller's pure core from one seed: a tenant whose fleet changes, pages with faults, the real judges and ledger, and
 * a reader who folds what they publish. Throws an {@link AssertionError} as soon as a law is broken.
 */
final class CoreSimulation {
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final int ROUNDS = 5;

    private final Random random;
    private final Consumer<String> trace;
    private final SimulatedTenant tenant;
    private final SimulatedPages pages;
    private final boolean claimsDevices;
    private final boolean claimsApps;
    private final boolean answersAboutOne;
    /** What the licensing page counts beyond the devices that there are; negative where it cannot be asked. */
    private final int licensedBeyond;

    private final EvidenceRules rules = EvidenceRules.DEFAULT;
    private final Ledger ledger = new Ledger();
    private final Map<String, DeviceRow> devices = new TreeMap<>();
    private final Map<String, Map<String, String>> apps = new TreeMap<>();

    /** @param trace hears of everything that happens; takes time only where it is listened to */
    CoreSimulation(long seed, Consumer<String> trace) {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.trace = trace;
        tenant = new SimulatedTenant(random);
        pages = new SimulatedPages(tenant);
        claimsDevices = random.nextBoolean();
        claimsApps = random.nextInt(5) > 0;
        answersAboutOne = random.nextBoolean();
        licensedBeyond = random.nextInt(6) - 3;
        say(
                "%d devices; totals claimed for devices %s, for apps %s; single devices %s; licensing %s",
                tenant.devices.size(),
                claimsDevices,
                claimsApps,
                answersAboutOne ? "can be asked" : "cannot be asked",
                isLicensed() ? "counts " + licensedBeyond + " more" : "cannot be asked");
    }

    private boolean isLicensed() {
        return licensedBeyond >= 0;
    }

    void play() {
        for (int round = 0; round < ROUNDS; round++) {
            episode();
            var clean = new PageFaultSchedule(random, claimsDevices, claimsApps, isLicensed());
            evolve();
            sweepDevices(clean.clean(true));
            sweepApps(clean.clean(false));
            if (random.nextInt(8) == 0) {
                say("%d devices leave at once", tenant.massRemoval());
            }
            tenant.now += random.nextInt(30) * HOUR;
        }
        settle();
    }

    /** Shorter than the standing time, see {@link PageFaultSchedule}. */
    private void episode() {
        var schedule = new PageFaultSchedule(random, claimsDevices, claimsApps, isLicensed());
        long until = tenant.now + 18 * HOUR;
        for (int sweep = 2 + random.nextInt(6); sweep > 0 && tenant.now < until; sweep--) {
            evolve();
            if (random.nextInt(3) == 0) {
                lookForChanges();
                readSingleDevices(schedule);
            } else if (random.nextBoolean()) {
                int count = pagesOf(tenant.devices.size(), SimulatedPages.DEVICES_A_PAGE);
                sweepDevices(random.nextInt(5) == 0 ? schedule.clean(true) : schedule.ofDevices(count));
            } else {
                int count = pagesOf(tenant.rows().size(), SimulatedPages.ROWS_A_PAGE);
                sweepApps(random.nextInt(5) == 0 ? schedule.clean(false) : schedule.ofApps(count));
            }
            tenant.now += (5 + random.nextInt(150)) * MINUTE;
        }
    }

    private static int pagesOf(int rows, int limit) {
        return (rows + limit - 1) / limit;
    }

    private void evolve() {
        for (int events = random.nextInt(4); events > 0; events--) {
            say("%s", tenant.evolve());
        }
    }

    /** Clean sweeps until every absence has stood as long as any rule asks. */
    private void settle() {
        var clean = new PageFaultSchedule(random, claimsDevices, claimsApps, isLicensed());
        sweepEvenly(14, 2 * HOUR, clean);
        approveTheLossOfEverything(clean);
        sweepEvenly(18, 10 * HOUR, clean);
        approveTheLossOfEverything(clean);
        sweepEvenly(3, HOUR, clean);
        for (boolean ofDevices : new boolean[] {true, false}) {
            Verdict last = ofDevices ? sweepDevices(clean.clean(true)) : sweepApps(clean.clean(false));
            require(last.outcome() == Verdict.Outcome.COMPLETE, "a clean sweep at the end is %s", last.reason());
            require(last.withheld() == 0, "%d retractions are still withheld at the end", last.withheld());
            require(last.decisions().isEmpty(), "an equal sweep decides %s", last.decisions());
        }
        var wanted = wanted();
        require(told().equals(wanted), "published at the end:%n%s%nthe fleet:%n%s", told(), wanted);
    }

    private void sweepEvenly(int sweeps, long gap, PageFaultSchedule clean) {
        for (int i = 0; i < sweeps; i++) {
            tenant.now += gap;
            sweepDevices(clean.clean(true));
            sweepApps(clean.clean(false));
        }
    }

    /** Who runs the tenant knows whether it is so; the laws hold of what follows, too. */
    private void approveTheLossOfEverything(PageFaultSchedule clean) {
        var waiting = new ArrayList<>(sweepDevices(clean.clean(true)).waiting());
        waiting.addAll(sweepApps(clean.clean(false)).waiting());
        Set<String> approved = waiting.stream()
                .filter(item -> item.reason().contains("part of losing everything"))
                .map(Withheld::deviceId)
                .collect(Collectors.toSet());
        if (!approved.isEmpty()) {
            say("an operator approves %s", approved);
            var command = new OperatorCommand("command", "approve", approved, tenant.now);
            Orders.of(ledger, List.of(command), tenant.now).ordered().forEach(ledger::put);
        }
    }

    private Verdict sweepDevices(PageFaults drawn) {
        PageFaults plan = hidesEnoughDevices(drawn.fault()) && staysCounted(drawn) ? drawn : PageFaults.NONE;
        DevicesSweep sweep = pages.devices(plan);
        if (isLicensed() && DevicesJudge.worthCounting(ledger, sweep, rules, tenant.now)) {
            sweep.licensed(tenant.devices.size() + licensedBeyond);
        }
        Verdict verdict = DevicesJudge.judge(ledger, sweep, rules, tenant.now);
        say("devices %s: %s %s", plan, verdict.outcome(), verdict.reason());
        apply(verdict, Ledger.DEVICES);
        requireQuiet(verdict, DevicesJudge.judge(ledger, sweep, rules, tenant.now));
        return verdict;
    }

    private Verdict sweepApps(PageFaults drawn) {
        PageFaults plan = hidesEnoughApps(drawn.fault()) ? drawn : PageFaults.NONE;
        boolean allRows = random.nextBoolean();
        AppsSweep sweep = pages.apps(plan, plan.fault() == Fault.STALE_ROWS ? stale(allRows) : Set.of(), allRows);
        if (answersAboutOne) {
            askAboutSingleDevices(sweep);
        }
        Verdict verdict = AppsJudge.judge(ledger, sweep, rules, tenant.now);
        say("apps %s: %s %s", plan, verdict.outcome(), verdict.reason());
        apply(verdict, Ledger.APPS);
        requireQuiet(verdict, AppsJudge.judge(ledger, sweep, rules, tenant.now));
        return verdict;
    }

    /** What devices that reported lately say; judged like everything else, and proving less. */
    private void lookForChanges() {
        if (!ledger.complete(Ledger.APPS).baseline()) {
            return;
        }
        boolean cut = random.nextInt(4) == 0;
        AppsSweep sweep = pages.changed(
                tenant.now - random.nextInt(600) * MINUTE,
                random.nextBoolean(),
                random.nextInt(3) == 0,
                cut ? random.nextInt(40) : Integer.MAX_VALUE);
        if (answersAboutOne && sweep.isSound()) {
            askAboutSingleDevices(sweep);
        }
        Verdict verdict = AppsJudge.judge(ledger, sweep, rules, tenant.now);
        say("delta: %s %s", verdict.outcome(), verdict.reason());
        apply(verdict, Ledger.DELTA);
        requireQuiet(verdict, AppsJudge.judge(ledger, sweep, rules, tenant.now));
    }

    /** Some devices by themselves, as audit events name them; one of them may be said not to be there. */
    private void readSingleDevices(PageFaultSchedule schedule) {
        if (!ledger.complete(Ledger.DEVICES).baseline()) {
            return;
        }
        var known = new ArrayList<>(new TreeSet<>(devices.keySet()));
        known.addAll(tenant.devices.keySet());
        var sweep = DevicesSweep.ofSome();
        boolean usersLost = random.nextInt(4) == 0;
        tenant.now++;
        for (int i = random.nextInt(4); i >= 0; i--) {
            String id = known.get(random.nextInt(known.size()));
            boolean unlucky = id.hashCode() % 5 == 0 && !sweep.has(id) && schedule.missesOneDevice();
            if (!tenant.devices.containsKey(id) || unlucky) {
                sweep.notFound(id);
            } else if (!sweep.tellsOf(id)) {
                Device device = tenant.devices.get(id);
                String user = usersLost ? null : device.user;
                DeviceRow row = Fleet.row(device.id, device.details, user, device.removed, tenant.now);
                tenant.shown(row);
                sweep.add(row);
            }
        }
        if (random.nextInt(5) == 0) {
            sweep.walk().fault("a device answered 500");
        }
        Verdict verdict = DevicesJudge.judge(ledger, sweep, rules, tenant.now);
        String users = usersLost ? "lost" : "told";
        say("targeted, users %s, not found %s: %s %s", users, sweep.notFound(), verdict.outcome(), verdict.reason());
        apply(verdict, Ledger.TARGETED);
        requireQuiet(verdict, DevicesJudge.judge(ledger, sweep, rules, tenant.now));
    }

    private void askAboutSingleDevices(AppsSweep sweep) {
        tenant.now++;
        for (String id : SingleReads.worthRereading(ledger, sweep, rules)) {
            if (tenant.devices.containsKey(id)
                    && !tenant.devices.get(id).reported.isEmpty()) {
                sweep.reread(tenant.whole(id));
            }
        }
        for (String id : SingleReads.worthConfirming(ledger, sweep, rules)) {
            Device device = tenant.devices.get(id);
            if (device != null && device.reported.isEmpty()) {
                sweep.confirmEmpty(id);
            }
        }
    }

    /** Silent devices that have said nothing since the ledger saw their apps; listed ones, where all rows are to go. */
    private Set<String> stale(boolean allRows) {
        return tenant.devices.values().stream()
                .filter(device -> {
                    LedgerEntry known = ledger.entry(device.id);
                    return known.apps() != null
                            && known.apps().collectedAt() >= device.collectedAt
                            && (!allRows || known.device() != null);
                })
                .map(device -> device.id)
                .limit(1 + random.nextInt(6))
                .collect(Collectors.toSet());
    }

    /** A device that did leave makes up for one that is lost, so that the licensing page counts neither. */
    private boolean staysCounted(PageFaults drawn) {
        boolean untold = drawn.fault().drops() && drawn.total() == PageFaults.Total.NULL;
        return !isLicensed() || !untold || tenant.devices.keySet().containsAll(devices.keySet());
    }

    /** An empty list and one without users hide everything, which is beyond belief however few that are. */
    private boolean hidesEnoughDevices(Fault fault) {
        // What left in truth may be believed by now; only the others count as news to a judge.
        long hidden = devices.keySet().stream()
                .filter(id -> SimulatedPages.inTheMissingHalf(id) && tenant.devices.containsKey(id))
                .count();
        return fault != Fault.HALF_MISSING || enough(hidden, devices.size());
    }

    private boolean hidesEnoughApps(Fault fault) {
        var withRows = new TreeMap<>(apps);
        withRows.values().removeIf(Map::isEmpty);
        long rows = withRows.values().stream().mapToLong(Map::size).sum();
        long hidden = withRows.keySet().stream()
                .filter(id -> SimulatedPages.inTheMissingHalf(id) && tenant.devices.containsKey(id))
                .count();
        return switch (fault) {
            case HALF_MISSING -> enough(hidden, withRows.size());
            case BARE ->
                enough(rows - withRows.size(), rows)
                        && withRows.values().stream()
                                        .filter(list -> list.size() > 1)
                                        .count()
                                >= rules.minimum() + 5;
            default -> true;
        };
    }

    /** With a margin for what ended in truth, or is believed already. */
    private boolean enough(long hidden, long known) {
        return hidden >= rules.minimum() + 2 && hidden > (rules.share() + 0.1) * known;
    }

    /** What a reader of the raw topics holds after this verdict; every retraction is held against the fleet's history. */
    private void apply(Verdict verdict, String kind) {
        var seen = new HashSet<String>();
        for (Decision decision : verdict.decisions()) {
            String id = decision.deviceId();
            require(seen.add(id), "two decisions about %s", id);
            if (decision.publication() instanceof Decision.Device device) {
                DeviceRow before = devices.put(id, device.row());
                boolean lost =
                        before != null && before.attributed() && !device.row().attributed();
                require(!lost || tenant.seatEnded(id), "the seat of %s never ended", id);
                boolean moved = before != null
                        && before.attributed()
                        && device.row().attributed()
                        && !before.user().equals(device.row().user());
                require(!moved || !tenant.isUser(before.user().id(), id), "%s never left its user", id);
                require(
                        before == null
                                || before.platform() == null
                                || before.platform().equals(device.row().platform()),
                        "%s lost its platform",
                        id);
            } else if (decision.publication() instanceof Decision.Apps list) {
                var now = new TreeMap<>(list.keepsRows() ? apps.getOrDefault(id, Map.of()) : Map.of());
                now.putAll(rows(list.apps()));
                retractApps(id, now);
            } else if (decision.publication() instanceof Decision.Gone gone) {
                boolean whole = gone == Decision.Gone.DEVICE;
                require(!whole || tenant.deviceEnded(id), "device %s never left", id);
                retractApps(id, whole && tenant.deviceEnded(id) ? apps.getOrDefault(id, Map.of()) : Map.of());
                apps.remove(id);
                devices.keySet().removeIf(device -> whole && device.equals(id));
            }
            ledger.put(id, decision.after());
        }
        if (verdict.findings().retractions() != null) {
            ledger.retractions(kind, verdict.findings().retractions());
        }
        if (verdict.findings().recentlyAdded() != null) {
            ledger.recentlyAdded(kind, verdict.findings().recentlyAdded());
        }
        ledger.complete(kind, ledger.complete(kind).and(verdict, "s", tenant.now, tenant.now, tenant.now));
    }

    private void retractApps(String id, Map<String, String> now) {
        for (String name : apps.getOrDefault(id, Map.of()).keySet()) {
            require(now.containsKey(name) || tenant.appEnded(id, name), "%s of %s was never uninstalled", name, id);
        }
        apps.put(id, now);
    }

    private static Map<String, String> rows(DeviceApps list) {
        var rows = new TreeMap<String, String>();
        list.order().forEach(row -> rows.put(list.app(row).name(), list.app(row).version()));
        return rows;
    }

    /**
     * The same sweep once more: nothing is news. Only what the first withheld may go now, because it has been missed once
     * more, or was too much for a first complete sweep, or for a fleet that this very sweep made larger.
     */
    private void requireQuiet(Verdict first, Verdict again) {
        again.decisions()
                .forEach(decision -> require(
                        decision.publication() == Decision.Nothing.NOTHING
                                || first.withheld() > 0 && takesAway(decision),
                        "an equal sweep publishes %s",
                        decision));
    }

    private boolean takesAway(Decision decision) {
        if (decision.publication() instanceof Decision.Device device) {
            DeviceRow before = devices.get(decision.deviceId());
            return before.attributed()
                    && (!device.row().attributed()
                            || !before.user().equals(device.row().user()));
        }
        return !(decision.publication() instanceof Decision.Apps list)
                || !rows(list.apps())
                        .keySet()
                        .containsAll(apps.get(decision.deviceId()).keySet());
    }

    private Set<String> wanted() {
        var wanted = new TreeSet<String>();
        tenant.devices.values().forEach(device -> {
            var list = new TreeMap<String, String>();
            device.reported.forEach((name, app) -> list.put(name, String.valueOf(app.version())));
            wanted.add(device.id + " " + device.details + " " + device.user + " " + device.removed + " " + list);
        });
        return wanted;
    }

    /** As {@link #wanted}; a device without apps record has no apps. */
    private Set<String> told() {
        var told = new TreeSet<String>();
        devices.forEach((id, row) -> told.add(id + " " + row.deviceName() + " "
                + (row.user() == null ? null : row.user().id()) + " " + row.isRemoved() + " "
                + apps.getOrDefault(id, Map.of())));
        apps.keySet().stream().filter(id -> !devices.containsKey(id)).forEach(id -> told.add(id + " is not listed"));
        return told;
    }

    private void say(String what, Object... about) {
        if (trace != null) {
            trace.accept(tenant.now / MINUTE + " min  " + String.format(what, about));
        }
    }

    private static void require(boolean law, String broken, Object... about) {
        if (!law) {
            throw new AssertionError(String.format(broken, about));
        }
    }
}
