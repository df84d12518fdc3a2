package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.FieldLie.Field;
import dev.kandjistream.poller.domain.Verdict.Outcome;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is of late is so by the time in which sweeps looked: a pause, an outage or another clock makes nothing older. */
class PausedFleetsTest extends FieldSweeps {
    private Map<String, FieldFleet.Truth> own;

    private void settled(int devices) {
        for (int i = 0; i < devices; i++) {
            fleet.enrol(i, i);
        }
        fleet.look(fleet.honest());
        days(3);
        own = Map.copyOf(fleet.truth);
    }

    /** Another account's list comes beside the own one; after the pause, instead of it. */
    private void othersBesideThenInstead(long pause) {
        enrol(1000, 1600);
        fleet.now += HOUR;
        assertThat(fleet.look(fleet.honest()).outcome()).isEqualTo(Outcome.COMPLETE);
        fleet.now += pause;
        own.keySet().forEach(fleet.truth::remove);
        days(2);
        assertThat(fleet.published).containsKeys(own.keySet().toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 47, 49, 24 * 7, 24 * 365, -24 * 365})
    void aPauseMakesDevicesThatAFaultAddedNoOlder(int hours) {
        settled(40);
        othersBesideThenInstead(hours * HOUR);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 9, 10})
    void norAreFewDevicesTooFewToBeEverything(int devices) {
        settled(devices);
        othersBesideThenInstead(HOUR);
    }

    @Test
    void norDoIncompleteSweepsPassTheTime() {
        settled(40);
        enrol(1000, 1600);
        fleet.now += HOUR;
        fleet.look(fleet.honest());
        for (int hour = 0; hour < 60; hour++) {
            fleet.now += HOUR;
            cutSweep(id -> Map.of());
        }
        own.keySet().forEach(fleet.truth::remove);
        days(2);
        assertThat(fleet.published).containsKeys(own.keySet().toArray(String[]::new));
    }

    @Test
    void aFleetDoesNotGoInSlicesOnBothSidesOfAPause() {
        settled(100);
        for (int slice = 0; slice < 4; slice++) {
            for (int i = 15 * slice; i < 15 * slice + 15; i++) {
                fleet.truth.remove("device-" + i);
            }
            sweep(id -> Map.of());
            sweep(id -> Map.of());
            fleet.now += 72 * HOUR;
        }
        assertThat(fleet.published).hasSize(85);
    }

    @Test
    void aClockThatWasSetBackFarStopsNothingForLong() {
        settled(40);
        fleet.now -= 24 * 365 * HOUR;
        for (int i = 0; i < 12; i++) {
            fleet.truth.remove("device-" + i);
        }
        days(2);
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }

    /** The first list of the other tenant is cut, so that nothing is missed by it. */
    @Test
    void theDevicesOfAnotherTenantMakeTheLossOfTheFormersNoSmaller() {
        var tenants = new Fleet();
        tenants.tenant = "acme/us";
        enrol(tenants, 0, 30);
        tenants.sweepDevices(Fleet.Fault.NONE);
        tenants.now += Fleet.HOUR;
        tenants.sweepDevices(Fleet.Fault.NONE);
        tenants.truth.clear();
        tenants.tenant = "other/us";
        enrol(tenants, 100, 800);
        tenants.now += Fleet.HOUR;
        assertThat(tenants.sweepDevices(Fleet.Fault.CUT).outcome()).isEqualTo(Outcome.INCOMPLETE);
        for (int hour = 0; hour < 80; hour++) {
            tenants.now += Fleet.HOUR;
            tenants.sweepDevices(Fleet.Fault.NONE);
        }
        assertThat(tenants.rawDevices).containsKeys("device-0", "device-29");
    }

    private static void enrol(Fleet tenants, int from, int to) {
        for (int i = from; i < to; i++) {
            tenants.truth.put("device-" + i, new Fleet.Truth("details of " + i, "user-" + i, false, Map.of(), 0));
        }
    }

    /** Hardware does not become other hardware: the row is another device's. */
    @Test
    void aRowWithAnotherPlatformMovesNoUserBeforeBothHaveStood() {
        forty();
        Map<Field, FieldLie> row =
                Map.of(Field.PLATFORM, FieldLie.other("Windows"), Field.USER_ID, FieldLie.other("77"));
        sweepsOf(10, "device-2", row);
        assertThat(userOf("device-2")).isEqualTo("id-2");
        assertThat(fleet.published.get("device-2").platform()).isEqualTo("Mac");
    }

    @Test
    void norDoesItGiveADeviceItsFirstUser() {
        forty();
        sweepsOf(10, "device-9", Map.of(Field.PLATFORM, FieldLie.other("Mac"), Field.USER, FieldLie.other("77")));
        assertThat(userOf("device-9")).isNull();
        assertThat(fleet.order("approve", Set.of("device-9")).outcome()).isEqualTo(CommandAnswer.Outcome.APPLIED);
    }
}
