package dev.kandjistream.sink.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StartingPointTest {
    private static final UUID TOPIC = new UUID(1, 1);
    private static final UUID OTHER = new UUID(2, 2);
    private static final Instant NOW = Instant.parse("2026-05-01T00:00:00Z");
    private static final Duration STAY = Duration.ofDays(30);

    @Test
    void partitionNeverReadStartsAtTheBeginningOfTheLog() {
        var start = StartingPoint.choose(Optional.empty(), log(TOPIC, 5, 9, false), STAY, NOW);

        assertThat(start).isEqualTo(new StartingPoint(at(TOPIC, 5, 0, OptionalLong.empty()), Optional.empty()));
    }

    @Test
    void storedPositionIsWhereReadingGoesOn() {
        assertThat(choose(at(TOPIC, 7, 3, OptionalLong.empty()), NOW, log(TOPIC, 0, 9, false)))
                .isEqualTo(new StartingPoint(at(TOPIC, 7, 3, OptionalLong.empty()), Optional.empty()));
    }

    @Test
    void rebuildThatWasInterruptedGoesOn() {
        assertThat(choose(at(TOPIC, 7, 3, OptionalLong.of(8)), NOW, log(TOPIC, 0, 9, false)))
                .isEqualTo(new StartingPoint(at(TOPIC, 7, 3, OptionalLong.of(8)), Optional.empty()));
    }

    @Test
    void otherTopicOfTheSameNameIsReadFromItsBeginning() {
        assertThat(choose(at(OTHER, 7, 3, OptionalLong.empty()), NOW, log(TOPIC, 0, 9, false)))
                .isEqualTo(new StartingPoint(at(TOPIC, 0, 4, OptionalLong.of(9)), Optional.of("topic_recreated")));
    }

    @Test
    void topicIdRemovedByAnOperatorIsAnotherTopic() {
        assertThat(choose(at(null, 7, 3, OptionalLong.empty()), NOW, log(TOPIC, 2, 9, false))
                        .position())
                .isEqualTo(at(TOPIC, 2, 4, OptionalLong.of(9)));
    }

    @Test
    void positionBeforeTheBeginningRebuilds() {
        assertThat(choose(at(TOPIC, 4, 0, OptionalLong.empty()), NOW, log(TOPIC, 5, 9, false)))
                .isEqualTo(
                        new StartingPoint(at(TOPIC, 5, 1, OptionalLong.of(9)), Optional.of("position_out_of_range")));
    }

    @Test
    void positionThatTheBrokerRefusesRebuilds() {
        assertThat(choose(at(TOPIC, 99, 0, OptionalLong.empty()), NOW, log(TOPIC, 0, 9, true)))
                .isEqualTo(
                        new StartingPoint(at(TOPIC, 0, 1, OptionalLong.of(9)), Optional.of("position_out_of_range")));
    }

    @Test
    void thirtyDaysAwayIsInTimeAndAMomentMoreIsNot() {
        Position position = at(TOPIC, 7, 0, OptionalLong.empty());

        assertThat(choose(position, NOW.minus(STAY), log(TOPIC, 0, 9, false)).rebuildReason())
                .isEmpty();
        assertThat(choose(position, NOW.minus(STAY).minusMillis(1), log(TOPIC, 0, 9, false))
                        .rebuildReason())
                .contains("away_longer_than_null_records_stay");
    }

    @Test
    void rebuildEndsWhereTheLogEndedWhenItBegan() {
        Position rebuilding = at(TOPIC, 0, 1, OptionalLong.of(9));

        assertThat(rebuilding.advancedTo(8).rebuilding()).isTrue();
        assertThat(rebuilding.advancedTo(9)).isEqualTo(at(TOPIC, 9, 1, OptionalLong.empty()));
        assertThat(new Advance(new Partition("t", 0), rebuilding, 12, true).endsRebuild())
                .isTrue();
        assertThat(new Advance(new Partition("t", 0), rebuilding.advancedTo(9), 12, true).endsRebuild())
                .isFalse();
    }

    private static StartingPoint choose(Position stored, Instant caughtUp, StartingPoint.Log log) {
        return StartingPoint.choose(Optional.of(new StoredPosition(stored, caughtUp)), log, STAY, NOW);
    }

    private static Position at(UUID topic, long offset, int generation, OptionalLong until) {
        return new Position(topic, offset, generation, until);
    }

    private static StartingPoint.Log log(UUID topic, long begin, long end, boolean outOfRange) {
        return new StartingPoint.Log(topic, begin, end, outOfRange);
    }
}
