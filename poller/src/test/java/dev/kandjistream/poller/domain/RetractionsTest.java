package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.Retractions.Taken;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetractionsTest {
    private static final long HOUR = 3_600_000;

    @Test
    void aDayOfDeltaPollsIsAHandfulOfEntriesAndLosesNone() {
        Retractions recent = Retractions.NONE;
        for (long at = 0; at < 24 * HOUR; at += 30_000) {
            recent = recent.and(new Taken(at, 1, 2));
        }
        assertThat(recent.taken()).hasSize(24);
        assertThat(recent.all().devices()).isEqualTo(2880);
        assertThat(recent.all().items()).isEqualTo(5760);
    }

    @Test
    void anHourIsForgottenOnlyWhenItsLastIsOldEnough() {
        Retractions recent = Retractions.NONE.and(new Taken(0, 1, 1)).and(new Taken(HOUR - 1, 1, 1));
        assertThat(recent.within(Duration.ofHours(1), 2 * HOUR - 2).all().items())
                .isEqualTo(2);
        assertThat(recent.within(Duration.ofHours(1), 2 * HOUR).all().items()).isZero();
    }

    @Test
    void whatDeltaPollsTookCountsWithWhatSweepsOfTheAppsTake() {
        var ledger = new Ledger();
        ledger.retractions(Ledger.DELTA, Retractions.NONE.and(new Taken(1, 2, 3)));
        assertThat(ledger.retractions(Ledger.APPS).all().items()).isEqualTo(3);
        assertThat(ledger.retractions(Ledger.DEVICES).all().items()).isZero();
    }
}
