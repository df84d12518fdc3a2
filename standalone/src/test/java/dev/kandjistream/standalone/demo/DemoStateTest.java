package dev.kandjistream.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.truth.TruthRules;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoStateTest {
    @TempDir
    Path folder;

    @Test
    void aNewFolderGetsTheUsualFleets() {
        assertThat(plain().fleets()).isEqualTo(new DemoState.Fleets(1000, 150, 1));
        assertThat(plain().played("acme")).isZero();
    }

    @Test
    void fleetsAndStepsAreRememberedWithoutBeingSaidAgain() {
        DemoState first = DemoState.in(folder, Optional.of(30), Optional.of(20), Optional.of(7L));
        first.aboutToPlay("acme");
        first.aboutToPlay("acme");
        first.aboutToPlay("globex");

        DemoState again = plain();
        assertThat(again.fleets()).isEqualTo(new DemoState.Fleets(30, 20, 7));
        assertThat(again.played("acme")).isEqualTo(2);
        assertThat(again.played("globex")).isEqualTo(1);
    }

    @Test
    void otherFleetsOnTheSameDataAreRefusedWithTheWayOut() {
        DemoState.in(folder, Optional.of(30), Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> DemoState.in(folder, Optional.of(40), Optional.empty(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("This data directory holds a demo with --devices 30, not 40."
                        + " Leave the option out to go on with it, choose another --data-dir");
    }

    @Test
    void soManyStepsAlwaysLeadToTheSameFleet() {
        Tenant tenant = Tenant.us("acme", 3).withDevices(25).withAppsPerMac(12);
        try (DemoAccount played = DemoAccount.start(tenant, 0);
                DemoAccount cameBack =
                        DemoAccount.start(Tenant.us("acme", 3).withDevices(25).withAppsPerMac(12), 27)) {
            for (int step = 0; step < 27; step++) {
                played.next();
            }
            assertThat(cameBack.truth(TruthRules.standard())).isEqualTo(played.truth(TruthRules.standard()));
            assertThat(cameBack.next()).isEqualTo(played.next());
        }
    }

    private DemoState plain() {
        return DemoState.in(folder, Optional.empty(), Optional.empty(), Optional.empty());
    }
}
