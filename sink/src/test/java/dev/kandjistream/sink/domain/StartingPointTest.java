package dev.kandjistream.sink.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StartingPointTest {
    private static final UUID TOPIC = new UUID(1, 1);
    private static final UUID OTHER = new UUID(2, 2);
    private static final Instant NOW = Instant.parse("2026-05-01T00:00:00Z");
    private static final Duration STAY = Duration.ofDays(30);
    private static final Instant TOO_LONG_AGO = NOW.minus(STAY).minusMillis(1);
    private static final OptionalLong NO_END = OptionalLong.empty();
    private static final int PARTITIONS = 12;

    @Test
    void partitionNeverReadStartsAtTheBeginningOfTheLog() {
        var start = StartingPoint.choose(Optional.empty(), log(TOPIC, 5, 9), STAY, NOW);

        assertThat(start)
                .isEqualTo(new StartingPoint(
                        at(TOPIC, 5, 0, NO_END), 5, PARTITIONS, Optional.empty(), Optional.empty(), true));
    }

    @Test
    void storedPositionIsWhereReadingGoesOn() {
        assertThat(choose(at(TOPIC, 7, 3, NO_END), NOW, log(TOPIC, 0, 9))).isEqualTo(onward(at(TOPIC, 7, 3, NO_END)));
    }

    @Test
    void rebuildThatWasInterruptedGoesOn() {
        Position rebuilding = at(TOPIC, 7, 3, OptionalLong.of(8));

        assertThat(choose(rebuilding, NOW, log(TOPIC, 0, 9))).isEqualTo(onward(rebuilding));
    }

    @Test
    void otherTopicOfTheSameNameIsReadFromItsBeginningAndRemovesNothing() {
        assertThat(choose(at(OTHER, 7, 3, NO_END), NOW, log(TOPIC, 2, 9)))
                .isEqualTo(afterLoss(Loss.REPLACED, at(TOPIC, 2, 4, NO_END), 2));
    }

    @Test
    void recordsDeletedUnreadAreSkippedAndRemoveNothing() {
        assertThat(choose(at(TOPIC, 4, 0, NO_END), NOW, log(TOPIC, 5, 9)))
                .isEqualTo(afterLoss(Loss.CUT, at(TOPIC, 5, 1, NO_END), 5));
    }

    @Test
    void recordsDeletedThatWereReadLeaveThePositionAndTheRows() {
        assertThat(choose(at(TOPIC, 7, 0, NO_END), NOW, log(TOPIC, 5, 9)))
                .isEqualTo(afterLoss(Loss.CUT, at(TOPIC, 7, 1, NO_END), 5));
    }

    @Test
    void rebuildWhoseLogIsCutIsGivenUp() {
        assertThat(choose(at(TOPIC, 3, 1, OptionalLong.of(8)), NOW, log(TOPIC, 5, 9)))
                .isEqualTo(afterLoss(Loss.CUT, at(TOPIC, 5, 2, NO_END), 5));
    }

    @Test
    void logThatEndsBeforeThePositionIsReadFromItsBeginningAndRemovesNothing() {
        assertThat(choose(at(TOPIC, 99, 0, NO_END), NOW, new StartingPoint.Log(TOPIC, PARTITIONS, 0, 9, true, true)))
                .isEqualTo(afterLoss(Loss.SHORTENED, at(TOPIC, 0, 1, NO_END), 0));
    }

    @Test
    void refusalOfAPositionThatIsInTheLogAfterAllLosesNothing() {
        assertThat(choose(at(TOPIC, 7, 0, NO_END), NOW, new StartingPoint.Log(TOPIC, PARTITIONS, 0, 9, true, true)))
                .isEqualTo(onward(at(TOPIC, 7, 0, NO_END)));
    }

    @Test
    void addedPartitionsLeaveThePositionAndTheRows() {
        var wider = new StartingPoint.Log(TOPIC, 13, 0, 9, false, true);

        var start = choose(at(TOPIC, 7, 3, NO_END), TOO_LONG_AGO, wider);

        assertThat(start)
                .isEqualTo(new StartingPoint(
                        at(TOPIC, 7, 4, NO_END), 0, 13, Optional.of(Loss.ALTERED), Optional.empty(), true));
    }

    @Test
    void addedPartitionsAreRememberedWhateverIsLostBesides() {
        var altered = new StoredPosition(at(TOPIC, 7, 3, NO_END), 0, PARTITIONS, Optional.of(Loss.ALTERED), NOW);

        assertThat(StartingPoint.choose(Optional.of(altered), log(TOPIC, 5, 9), STAY, NOW)
                        .unbacked())
                .contains(Loss.ALTERED);
        assertThat(StartingPoint.choose(Optional.of(altered), log(OTHER, 0, 9), STAY, NOW)
                        .unbacked())
                .contains(Loss.REPLACED);
    }

    /** Of decisions, which are deleted by age and have no current rows. */
    @Test
    void topicThatDeletesByAgeLosesNothingWhenItsFirstOffsetMovesOn() {
        var aged = new StartingPoint.Log(TOPIC, PARTITIONS, 5, 9, false, false);

        assertThat(choose(at(TOPIC, 7, 0, NO_END), TOO_LONG_AGO, aged)).isEqualTo(onward(at(TOPIC, 7, 0, NO_END)));
        assertThat(choose(at(TOPIC, 4, 0, NO_END), NOW, aged))
                .isEqualTo(new StartingPoint(
                        at(TOPIC, 5, 1, OptionalLong.of(9)), 5, PARTITIONS, Optional.empty(), Optional.empty(), true));
    }

    @Test
    void thirtyDaysAwayIsInTimeAndAMomentMoreRebuildsFromACompleteLog() {
        Position position = at(TOPIC, 7, 0, NO_END);

        assertThat(choose(position, NOW.minus(STAY), log(TOPIC, 0, 9)).rebuildReason())
                .isEmpty();
        assertThat(choose(position, TOO_LONG_AGO, log(TOPIC, 0, 9)))
                .isEqualTo(new StartingPoint(
                        at(TOPIC, 0, 1, OptionalLong.of(9)),
                        0,
                        PARTITIONS,
                        Optional.empty(),
                        Optional.of("away_longer_than_tombstones_stay"),
                        true));
    }

    @Test
    void topicThatLostRecordsBeforeIsNotCompleteWhateverTheTime() {
        var stored =
                new StoredPosition(at(TOPIC, 7, 3, NO_END), 0, PARTITIONS, Optional.of(Loss.REPLACED), TOO_LONG_AGO);

        var start = StartingPoint.choose(Optional.of(stored), log(TOPIC, 0, 9), STAY, NOW);

        assertThat(start.rebuildReason()).isEmpty();
        assertThat(start.position()).isEqualTo(stored.position());
        assertThat(start.unbacked()).contains(Loss.REPLACED);
    }

    /** The law: rows go without a record of their end only by a log that is complete. */
    @Property
    void nothingIsRemovedByALogThatLostAnything(
            @ForAll boolean sameTopic,
            @ForAll boolean refused,
            @ForAll @IntRange(min = PARTITIONS, max = PARTITIONS + 1) int partitions,
            @ForAll boolean away,
            @ForAll @IntRange(max = 6) int logBegin,
            @ForAll @IntRange(max = 6) int begin,
            @ForAll @IntRange(max = 6) int length,
            @ForAll @IntRange(max = 12) int next) {
        var stored = new StoredPosition(
                at(sameTopic ? TOPIC : OTHER, next, 2, NO_END),
                logBegin,
                PARTITIONS,
                Optional.empty(),
                away ? TOO_LONG_AGO : NOW);
        int end = begin + length;
        var log = new StartingPoint.Log(TOPIC, partitions, begin, end, refused, true);

        var start = StartingPoint.choose(Optional.of(stored), log, STAY, NOW);

        boolean lost = !sameTopic || begin > logBegin || refused && next > end || partitions != PARTITIONS;
        assertThat(start.position().rebuilding()).isEqualTo(away && !lost);
        assertThat(start.unbacked().isPresent()).isEqualTo(lost);
        assertThat(start.position().generation()).isEqualTo(lost || away ? 3 : 2);
        assertThat(start.position().topicId()).isEqualTo(TOPIC);
    }

    @Test
    void rebuildEndsWhereTheLogEndedWhenItBegan() {
        Position rebuilding = at(TOPIC, 0, 1, OptionalLong.of(9));

        assertThat(rebuilding.advancedTo(8).rebuilding()).isTrue();
        assertThat(rebuilding.advancedTo(9)).isEqualTo(at(TOPIC, 9, 1, NO_END));
        assertThat(new Advance(new Partition("t", 0), rebuilding, 12, true).endsRebuild())
                .isTrue();
        assertThat(new Advance(new Partition("t", 0), rebuilding.advancedTo(9), 12, true).endsRebuild())
                .isFalse();
    }

    private static StartingPoint onward(Position position) {
        return new StartingPoint(position, 0, PARTITIONS, Optional.empty(), Optional.empty(), false);
    }

    private static StartingPoint afterLoss(Loss loss, Position position, long logBegin) {
        return new StartingPoint(position, logBegin, PARTITIONS, Optional.of(loss), Optional.empty(), true);
    }

    private static StartingPoint choose(Position stored, Instant caughtUp, StartingPoint.Log log) {
        return StartingPoint.choose(
                Optional.of(new StoredPosition(stored, 0, PARTITIONS, Optional.empty(), caughtUp)), log, STAY, NOW);
    }

    private static Position at(UUID topic, long offset, int generation, OptionalLong until) {
        return new Position(topic, offset, generation, until);
    }

    private static StartingPoint.Log log(UUID topic, long begin, long end) {
        return new StartingPoint.Log(topic, PARTITIONS, begin, end, false, true);
    }
}
