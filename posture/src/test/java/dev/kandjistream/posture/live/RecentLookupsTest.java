package dev.kandjistream.posture.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.live.RecentLookups.Joined;
import dev.kandjistream.posture.live.RecentLookups.Part;
import dev.kandjistream.posture.live.RecentLookups.Wanted;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecentLookupsTest {
    private final TestClock clock = new TestClock();
    private final RecentLookups recent = new RecentLookups(3);

    private Joined join(String serial) {
        var wanted = new Wanted(SerialNumber.of(serial).orElseThrow(), Optional.empty());
        return recent.join(wanted, 1, clock.instant(), clock.instant().plusSeconds(2));
    }

    private static void end(Joined joined, InstantSource clock) {
        joined.lookup().take(AccountAnswer.none("acme", LiveOutcome.NOT_FOUND, clock.instant()));
    }

    @Test
    void aStrangerWhoAsksRandomNumbersPushesOutTheOldestAndFillsNoMemory() {
        for (int i = 0; i < 1_000; i++) {
            end(join("S" + i), clock);
        }
        assertThat(recent.size()).isEqualTo(3);
        assertThat(join("S999").part()).isEqualTo(Part.REMEMBERS);
        assertThat(join("S997").part()).isEqualTo(Part.REMEMBERS);
        assertThat(join("S996").part()).isEqualTo(Part.BEGINS);
    }

    @Test
    void whatIsPastGoesWithTheNextThatBegins() {
        end(join("S1"), clock);
        end(join("S2"), clock);
        clock.pass(Duration.ofSeconds(10));
        join("S3");
        assertThat(recent.size()).isOne();
    }

    @Test
    void askersJoinAcrossCaseAndSpacesButNotAcrossAccounts() {
        Joined first = join("c02x");
        assertThat(join(" C02X ").lookup()).isSameAs(first.lookup());
        var atOne = new Wanted(SerialNumber.of("C02X").orElseThrow(), Optional.of("acme"));
        assertThat(recent.join(atOne, 1, clock.instant(), clock.instant()).part())
                .isEqualTo(Part.BEGINS);
    }

    @Test
    void aLookupIsWantedUntilTheLastDeadlineOfThoseWhoJoined() {
        Joined first = join("S1");
        clock.pass(Duration.ofSeconds(1));
        join("S1");
        clock.pass(Duration.ofMillis(1_999));
        assertThat(first.lookup().isWanted(clock.instant())).isTrue();
        clock.pass(Duration.ofMillis(1));
        assertThat(first.lookup().isWanted(clock.instant())).isFalse();
    }
}
