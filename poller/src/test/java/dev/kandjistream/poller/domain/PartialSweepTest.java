package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.kandji.domain.Moment;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What sweeps prove that looked at some devices only. */
class PartialSweepTest {
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final EvidenceRules RULES = EvidenceRules.DEFAULT;

    private final Ledger ledger = new Ledger();
    private long now = 1_700_000_000_000L;

    /** Forty devices with ten apps each, in the hands of forty users; all of it published. */
    @BeforeEach
    void baseline() {
        var devices = new DevicesSweep();
        var apps = new AppsSweep();
        for (int i = 0; i < 40; i++) {
            devices.add(Fleet.row("device-" + i, "as it was", "User-" + i, false, now));
            addApps(apps, "device-" + i, 10, now);
        }
        settle(DevicesJudge.judge(ledger, devices, RULES, now), Ledger.DEVICES);
        settle(AppsJudge.judge(ledger, apps.seal(), RULES, now), Ledger.APPS);
        now += DAY;
    }

    private void addApps(AppsSweep sweep, String device, int count, long collected) {
        for (int i = 0; i < count; i++) {
            sweep.add(device, SharedApp.of(Fleet.app("app-" + i, "1")), 1, 2, collected, now);
        }
        sweep.walk().page(count, OptionalLong.empty());
    }

    private DeviceApps whole(String device, int count) {
        var apps = new DeviceApps(device, now);
        for (int i = 0; i < count; i++) {
            apps.add(SharedApp.of(Fleet.app("app-" + i, "1")), 1, 2, now, now);
        }
        return apps.seal();
    }

    private void settle(Verdict verdict, String kind) {
        verdict.decisions().forEach(decision -> ledger.put(decision.deviceId(), decision.after()));
        if (verdict.findings().retractions() != null) {
            ledger.retractions(kind, verdict.findings().retractions());
        }
        ledger.complete(kind, ledger.complete(kind).and(verdict, "sweep", now, now, now));
    }

    private static List<String> published(Verdict verdict) {
        return verdict.decisions().stream()
                .filter(decision -> decision.publication() != Decision.Nothing.NOTHING)
                .map(Decision::deviceId)
                .toList();
    }

    private static AppsSweep some() {
        return AppsSweep.ofSome();
    }

    @Test
    void devicesThatAreNotNamedAreNotMissing() {
        Verdict verdict = AppsJudge.judge(ledger, some().seal(), RULES, now);
        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.COMPLETE);
        assertThat(verdict.decisions()).isEmpty();
        assertThat(verdict.withheld()).isZero();
        assertThat(verdict.endsBaseline()).isFalse();
    }

    @Test
    void aListWithEverythingTheLedgerKnowsGoesOutAsItIs() {
        AppsSweep sweep = some();
        addApps(sweep, "device-3", 11, now);
        sweep.seal();
        assertThat(SingleReads.worthRereading(ledger, sweep, RULES)).isEmpty();
        assertThat(published(AppsJudge.judge(ledger, sweep, RULES, now))).containsExactly("device-3");
    }

    @Test
    void aListThatLacksAppsIsReadWholeBeforeItTakesThemAway() {
        AppsSweep sweep = some();
        addApps(sweep, "device-3", 9, now);
        sweep.seal();
        assertThat(SingleReads.worthRereading(ledger, sweep, RULES)).containsExactly("device-3");
        Verdict unread = AppsJudge.judge(ledger, sweep, RULES, now);
        assertThat(published(unread)).isEmpty();
        assertThat(unread.withheld()).isEqualTo(1);

        sweep.reread(whole("device-3", 9));
        Verdict once = AppsJudge.judge(ledger, sweep, RULES, now);
        assertThat(published(once)).isEmpty();
        assertThat(once.waiting().get(0).reason())
                .isEqualTo("shown by 1 of 2 readings, and no total proves the list whole");
        settle(once, Ledger.DELTA);

        now += 30_000;
        AppsSweep next = some().seal();
        assertThat(SingleReads.worthRereading(ledger, next, RULES)).containsExactly("device-3");
        next.reread(whole("device-3", 9));
        Verdict reread = AppsJudge.judge(ledger, next, RULES, now);
        assertThat(published(reread)).containsExactly("device-3");
        assertThat(reread.retracted()).isEqualTo(1);
    }

    @Test
    void aDeviceNewToTheLedgerIsReadWholeBeforeItsFirstListGoesOut() {
        AppsSweep sweep = some();
        addApps(sweep, "a-new-one", 2, now);
        sweep.seal();
        assertThat(SingleReads.worthRereading(ledger, sweep, RULES)).containsExactly("a-new-one");
        assertThat(published(AppsJudge.judge(ledger, sweep, RULES, now))).isEmpty();
        sweep.reread(whole("a-new-one", 10));
        assertThat(published(AppsJudge.judge(ledger, sweep, RULES, now))).containsExactly("a-new-one");
    }

    @Test
    void aShareCannotBeTakenInSlices() {
        long taken = 0;
        for (int reading = 0; reading < 80; reading++) {
            int i = reading % 40;
            now += 30_000;
            AppsSweep sweep = some();
            addApps(sweep, "device-" + i, 1, now);
            sweep.seal().reread(whole("device-" + i, 1));
            Verdict verdict = AppsJudge.judge(ledger, sweep, RULES, now);
            taken += verdict.retracted();
            settle(verdict, Ledger.DELTA);
        }
        // Nine rows of each; the tenth device would be a fifth of the four hundred rows and more.
        assertThat(taken).isEqualTo(9);
    }

    @Test
    void oneAppTakenFromEveryDeviceIsAnOrdinaryDay() {
        long taken = 0;
        for (int reading = 0; reading < 80; reading++) {
            int i = reading % 40;
            now += 30_000;
            AppsSweep sweep = some();
            addApps(sweep, "device-" + i, 9, now);
            sweep.seal().reread(whole("device-" + i, 9));
            Verdict verdict = AppsJudge.judge(ledger, sweep, RULES, now);
            taken += verdict.retracted();
            settle(verdict, Ledger.DELTA);
        }
        assertThat(taken).isEqualTo(40);
    }

    @Test
    void aDeviceReadByItselfLosesItsUserWhenTwoListsSaySoToo() {
        var sweep = DevicesSweep.ofSome();
        sweep.add(Fleet.row("device-3", "as it was", null, false, now));
        Verdict verdict = DevicesJudge.judge(ledger, sweep, RULES, now);
        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.COMPLETE);
        assertThat(verdict.retracted()).isZero();
        assertThat(verdict.waiting().get(0).reason()).contains("the device list decides");
        settle(verdict, Ledger.TARGETED);

        for (int lists = 1; lists <= 2; lists++) {
            DevicesSweep list = listWithout("device-3");
            list.add(Fleet.row("device-3", "as it was", null, false, now));
            Verdict decides = DevicesJudge.judge(ledger, list, RULES, now);
            assertThat(decides.retracted()).isEqualTo(lists - 1);
            settle(decides, Ledger.DEVICES);
        }
    }

    @Test
    void anApiThatHasLostItsUsersIsNotBelievedDeviceByDevice() {
        for (int i = 0; i < 40; i++) {
            var sweep = DevicesSweep.ofSome();
            sweep.add(Fleet.row("device-" + i, "as it was", null, false, now));
            settle(DevicesJudge.judge(ledger, sweep, RULES, now), Ledger.TARGETED);
            now += 30_000;
        }
        var list = new DevicesSweep();
        for (int i = 0; i < 40; i++) {
            list.add(Fleet.row("device-" + i, "as it was", null, false, now));
        }
        Verdict verdict = DevicesJudge.judge(ledger, list, RULES, now);
        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.QUARANTINED);
        assertThat(verdict.retracted()).isZero();
    }

    @Test
    void aDeviceReadByItselfGoesToItsNewUserWhenTwoListsSaySoToo() {
        var sweep = DevicesSweep.ofSome();
        sweep.add(Fleet.row("device-3", "renamed", "User-4", false, now));
        Verdict verdict = DevicesJudge.judge(ledger, sweep, RULES, now);
        assertThat(verdict.decisions()).singleElement().satisfies(decision -> {
            var device = (Decision.Device) decision.publication();
            assertThat(device.row().deviceName()).isEqualTo("renamed");
            assertThat(device.row().user().id()).isEqualTo("User-3");
            assertThat(device.kept()).containsExactly("user_id");
            assertThat(decision.unconfirmed().reason()).isEqualTo(Unconfirmed.Reason.FIELDS);
            assertThat(decision.unconfirmed().fields()).containsExactly("user_id");
        });
        settle(verdict, Ledger.TARGETED);

        DevicesSweep first = listWithout("device-3");
        first.add(Fleet.row("device-3", "renamed", "User-4", false, now));
        Verdict waits = DevicesJudge.judge(ledger, first, RULES, now);
        assertThat(waits.retracted()).isZero();
        settle(waits, Ledger.DEVICES);
        DevicesSweep list = listWithout("device-3");
        list.add(Fleet.row("device-3", "renamed", "User-4", false, now));
        Verdict decides = DevicesJudge.judge(ledger, list, RULES, now);
        assertThat(decides.retracted()).isEqualTo(1);
        assertThat(decides.decisions()).singleElement().satisfies(decision -> {
            assertThat(((Decision.Device) decision.publication()).row().user().id())
                    .isEqualTo("User-4");
            assertThat(decision.unconfirmed()).isEqualTo(Unconfirmed.NOTHING);
        });
    }

    @Test
    void aDeviceThatIsNotFoundIsGoneWhenTwoListsSaySoToo() {
        for (int times = 0; times < 5; times++) {
            var sweep = DevicesSweep.ofSome();
            sweep.notFound("device-3");
            Verdict verdict = DevicesJudge.judge(ledger, sweep, RULES, now);
            assertThat(published(verdict)).isEmpty();
            assertThat(verdict.waiting().get(0).reason()).contains("the device list decides");
            settle(verdict, Ledger.TARGETED);
            now += 30_000;
        }
        Verdict first = DevicesJudge.judge(ledger, listWithout("device-3"), RULES, now);
        assertThat(published(first)).isEmpty();
        settle(first, Ledger.DEVICES);
        Verdict list = DevicesJudge.judge(ledger, listWithout("device-3"), RULES, now);
        assertThat(published(list)).containsExactly("device-3");
    }

    @Test
    void aDeviceThatTheListShowsIsThereWhateverWasSaidOfIt() {
        var sweep = DevicesSweep.ofSome();
        sweep.notFound("device-3");
        settle(DevicesJudge.judge(ledger, sweep, RULES, now), Ledger.TARGETED);
        settle(DevicesJudge.judge(ledger, listWithout("none"), RULES, now), Ledger.DEVICES);
        Verdict later = DevicesJudge.judge(ledger, listWithout("device-3"), RULES, now);
        assertThat(published(later)).isEmpty();
        assertThat(later.withheld()).isEqualTo(1);
    }

    private DevicesSweep listWithout(String missing) {
        var list = new DevicesSweep();
        for (int i = 0; i < 40; i++) {
            if (!missing.equals("device-" + i)) {
                list.add(Fleet.row("device-" + i, "as it was", "User-" + i, false, now));
            }
        }
        return list;
    }

    @Test
    void manyThatAreNotFoundAtOnceAreBeyondBelief() {
        var sweep = DevicesSweep.ofSome();
        for (int i = 0; i < 12; i++) {
            sweep.notFound("device-" + i);
        }
        assertThat(DevicesJudge.judge(ledger, sweep, RULES, now).outcome()).isEqualTo(Verdict.Outcome.QUARANTINED);
    }

    @Test
    void usersAreFoundInWhosoeverHandsDevicesAre() {
        assertThat(ledger.devicesOf(Set.of("user-3", "user-17", "user-99"))).containsExactly("device-17", "device-3");
        assertThat(ledger.devicesOf(Set.of())).isEmpty();
    }

    @Test
    void aLookGoesBackBehindWhatWasSeenAndNotFartherThanASweepOfEverythingWould() {
        var window = new DeltaWindow(Duration.ofMinutes(1), Duration.ofHours(6));
        long seen = ledger.complete(Ledger.APPS).asOf();
        assertThat(window.since(ledger, Ledger.DELTA, Ledger.APPS, Moment.UNKNOWN, seen + 3_600_000))
                .hasValue(seen - 60_000);
        assertThat(window.since(ledger, Ledger.DELTA, Ledger.APPS, seen + 1_000, seen + 3_600_000))
                .hasValue(seen + 1_000 - 60_000);
        assertThat(window.since(ledger, Ledger.DELTA, Ledger.APPS, Moment.UNKNOWN, seen + DAY))
                .isEmpty();
        assertThat(window.since(new Ledger(), Ledger.DELTA, Ledger.APPS, seen, seen))
                .isEmpty();
    }
}
