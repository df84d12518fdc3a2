package dev.kandjistream.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Person;
import dev.kandjistream.simulator.script.Change;
import dev.kandjistream.simulator.script.Played;
import dev.kandjistream.simulator.script.Script;
import dev.kandjistream.simulator.truth.Truth;
import dev.kandjistream.simulator.truth.TruthRules;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScriptTest {
    private final KandjiSimulator simulator =
            KandjiSimulator.start(Tenant.us("acme", 3).withDevices(60).withAppsPerMac(80));

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void everythingHappensOnTheScriptedDay() {
        List<Played> day = simulator.day().rest();

        assertThat(day).extracting(Played::change).containsAll(EnumSet.allOf(Change.class));
        assertThat(day).hasSize(20).allSatisfy(played -> assertThat(played.description())
                .isNotBlank());
    }

    /** A step that did nothing would make every test that waits for its events wait in vain. */
    @ParameterizedTest
    @EnumSource(
            value = Change.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CHECK_IN", "INSTALL_HELPER", "INSTALL_UPDATER"})
    void aChangeChangesTheTruth(Change change) {
        Truth before = simulator.truth(TruthRules.standard());

        assertThat(simulator.endless().play(change)).isPresent();

        assertThat(simulator.truth(TruthRules.standard())).isNotEqualTo(before);
    }

    @Test
    void helpersAndUpdatersAreInstalledButSuppressed() {
        Truth before = simulator.truth(TruthRules.standard());
        int rows = simulator.fleet().rows().size();

        simulator.endless().play(Change.INSTALL_HELPER);
        simulator.endless().play(Change.INSTALL_UPDATER);

        assertThat(simulator.fleet().rows()).hasSize(rows + 2);
        assertThat(simulator.truth(TruthRules.standard()).usages()).isEqualTo(before.usages());
    }

    @Test
    void theEndlessScriptKeepsPlayingAndLeadsToTheSameFleetAgain() {
        Script endless = simulator.endless();
        for (int i = 0; i < 150; i++) {
            assertThat(endless.next()).isPresent();
        }

        try (var again =
                KandjiSimulator.start(Tenant.us("acme", 3).withDevices(60).withAppsPerMac(80))) {
            Script sameAgain = again.endless();
            for (int i = 0; i < 150; i++) {
                sameAgain.next();
            }
            assertThat(again.truth(TruthRules.standard())).isEqualTo(simulator.truth(TruthRules.standard()));
        }
    }

    @Test
    void anEmptyFleetHasNothingButEnrolments() {
        try (var empty = KandjiSimulator.start(Tenant.us("acme", 3).withDevices(0))) {
            assertThat(empty.endless().play(Change.UNINSTALL)).isEmpty();
            assertThat(empty.endless().play(Change.REASSIGN)).isEmpty();
            assertThat(empty.endless().play(Change.ENROL)).isPresent();
        }
    }

    @Test
    void aReassignedDeviceSaysWhoHadIt() {
        List<Person> before =
                simulator.fleet().devices().stream().map(Device::person).toList();

        Played played = simulator.day().play(Change.REASSIGN).orElseThrow();

        Device device = simulator.fleet().device(played.deviceId()).orElseThrow();
        int at = simulator.fleet().devices().indexOf(device);
        assertThat(played.description())
                .contains(" goes from " + before.get(at).name() + " to "
                        + device.person().name());
    }
}
