package dev.kandjistream.enricher.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ReadingOrderTest {
    private static final Instant TIME = Instant.parse("2025-03-01T10:00:00Z");
    private static final Instant NOW = Instant.parse("2025-06-01T00:00:00Z");

    private static String published(Instant at) {
        return new UUID(at.toEpochMilli() << 16 | 0x7fff, 0xbfff_ffff_ffff_ffffL).toString();
    }

    @Provide
    Arbitrary<ReadingOrder> readings() {
        var times = Arbitraries.integers().between(0, 5).map(TIME::plusSeconds);
        var ids = Arbitraries.oneOf(
                times.map(ReadingOrderTest::published), Arbitraries.of("s1", "s2"), Arbitraries.just(null));
        return Combinators.combine(ids, times).as(ReadingOrder::new);
    }

    @Property
    void ofTwoReadingsAtMostOneIsBeforeTheOther(
            @ForAll("readings") ReadingOrder one, @ForAll("readings") ReadingOrder other) {
        // A reading that is held always has a sweep id, or stands right behind one that has.
        if (one.sweepId() != null && other.sweepId() != null) {
            assertThat(one.isBefore(other, NOW) && other.isBefore(one, NOW)).isFalse();
        }
        assertThat(one.isBefore(one, NOW)).isFalse();
    }

    @Test
    void idsThatTellTheTimeDecideWhateverWasObservedWhen() {
        var list = new ReadingOrder(published(TIME.plusMillis(1)), TIME.minusSeconds(300));
        var targeted = new ReadingOrder(published(TIME), TIME);

        assertThat(list.isBefore(targeted, NOW)).isFalse();
        assertThat(targeted.isBefore(list, NOW)).isTrue();
    }

    @Test
    void onlyUuidsOfVersionSevenTellTheTime() {
        var held = new ReadingOrder("01956d1c-3c00-7000-8000-000000000000", TIME);

        assertThat(new ReadingOrder("01956d1c-3bff-7fff-bfff-ffffffffffff", TIME).isBefore(held, NOW))
                .isTrue();
        assertThat(new ReadingOrder("01956d1c-3bff-4fff-bfff-ffffffffffff", TIME).isBefore(held, NOW))
                .as("version 4")
                .isFalse();
        assertThat(new ReadingOrder("01956d1c-3bff-7fff-7fff-ffffffffffff", TIME).isBefore(held, NOW))
                .as("another variant")
                .isFalse();
        assertThat(new ReadingOrder("01956D1C-3BFF-7FFF-BFFF-FFFFFFFFFFFF", TIME).isBefore(held, NOW))
                .as("not canonical")
                .isFalse();
    }

    @Test
    void aTimeThatIsNotKnownIsNotBeforeAnything() {
        var unknown = new ReadingOrder("a1", null);

        assertThat(unknown.isBefore(new ReadingOrder("a2", TIME), NOW)).isFalse();
        assertThat(new ReadingOrder("a2", TIME).isBefore(unknown, NOW)).isFalse();
    }

    @Test
    void nothingIsBeforeAReadingThatIsMoreThanADayAheadOfTheClock() {
        Instant held = NOW.plus(Duration.ofDays(1));
        var reading = new ReadingOrder(published(TIME), TIME);

        assertThat(reading.isBefore(new ReadingOrder(published(held), held), NOW))
                .isTrue();
        Instant later = held.plusMillis(1);
        assertThat(reading.isBefore(new ReadingOrder(published(later), later), NOW))
                .isFalse();
        assertThat(reading.isBefore(new ReadingOrder("s1", later), NOW)).isFalse();
    }

    @Test
    void aHalfEndsWithItsLastReading() {
        var end = new ReadingOrder("s1", TIME);

        assertThat(end.isUpTo(end, NOW)).isTrue();
        assertThat(new ReadingOrder("s2", TIME).isUpTo(end, NOW)).isFalse();
        assertThat(new ReadingOrder(null, TIME).isUpTo(new ReadingOrder(null, TIME), NOW))
                .isFalse();
    }
}
