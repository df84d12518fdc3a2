package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.Fleet.Fault;
import dev.kandjistream.poller.domain.Fleet.Truth;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What goes when an account is removed on request. */
class AccountRemovalTest {
    private static void enrol(Fleet fleet, String id) {
        fleet.truth.put(id, new Truth("details", "user", false, Map.of("figma", "1"), 0));
    }

    @Test
    void everythingGoesHoweverMuchItIsAndWithoutASweep() {
        var fleet = new Fleet();
        for (int i = 0; i < 30; i++) {
            enrol(fleet, "device-" + i);
        }
        fleet.sweepDevices(Fault.NONE);
        fleet.sweepApps(Fault.NONE);
        fleet.retractAccount();
        assertThat(fleet.told()).isEmpty();
    }

    @Test
    void theAccountBeginsWithABaselineWhenItComesBack() {
        var fleet = new Fleet();
        enrol(fleet, "device-1");
        fleet.sweepDevices(Fault.NONE);
        fleet.sweepDevices(Fault.NONE);
        fleet.retractAccount();
        Verdict back = fleet.sweepDevices(Fault.NONE);
        assertThat(back.baseline()).isTrue();
        assertThat(fleet.rawDevices).containsOnlyKeys("device-1");
        assertThat(fleet.sweepDevices(Fault.NONE).baseline()).isFalse();
    }

    /** Devices known by their row, by their apps, by both; some of them withheld or decided on. */
    @Property(tries = 200)
    void allThatTheLedgerKnowsIsRetractedOnceAndCountedByKind(@ForAll List<Boolean> listed) {
        var ledger = new Ledger();
        for (int i = 0; i < listed.size(); i++) {
            var row = listed.get(i) ? DeviceMemory.of(Fleet.row("d" + i, "x", "u", false, 1), 0, false, 0) : null;
            var apps = listed.get(i) && i % 2 == 0 ? null : new AppsMemory(1, new long[] {1}, 1, null);
            var absence = Absence.first(Withheld.What.DEVICE, 1, 1).with(Order.REJECTED);
            List<Absence> absences = i % 3 == 0 ? List.of(absence) : List.of();
            ledger.put("d" + i, new LedgerEntry(row == null ? null : row.with(absences, 0), apps));
        }
        List<Decision> decisions = AccountRemoval.decisions(ledger);
        Verdict devices = AccountRemoval.verdict(ledger, Ledger.DEVICES, decisions);
        Verdict apps = AccountRemoval.verdict(ledger, Ledger.APPS, decisions);

        assertThat(decisions).hasSize(listed.size());
        assertThat(decisions).allMatch(decision -> decision.publication() == Decision.Gone.ACCOUNT);
        assertThat(devices.retracted())
                .isEqualTo(listed.stream().filter(Boolean::booleanValue).count());
        assertThat(apps.outcome()).isEqualTo(Verdict.Outcome.COMPLETE);
        assertThat(apps.withheld()).isZero();
        long both = decisions.stream()
                .filter(decision -> ledger.entry(decision.deviceId()).apps() != null)
                .count();
        assertThat(apps.retracted()).isEqualTo(both);
        decisions.forEach(decision -> ledger.put(decision.deviceId(), decision.after()));
        assertThat(ledger.isBlank()).isTrue();
    }
}
