package dev.kandjistream.sink.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Where to go on in a partition that has come to us: where the database says, unless the topic can no longer tell what
 * happened since. Then the current rows are rebuilt: read from the beginning to where the log ended when the rebuild began,
 * and remove what did not come by. History needs no rebuilding, its rows are kept by event id.
 *
 * @param rebuildReason why the current rows are rebuilt; empty where reading just goes on
 */
public record StartingPoint(Position position, Optional<String> rebuildReason) {

    /**
     * What the broker says of a partition.
     *
     * @param topicId id of the topic as it is now
     * @param begin first offset there is
     * @param end offset after the last record that committed readers may see
     * @param outOfRange whether the broker refused to read at the stored position
     */
    public record Log(UUID topicId, long begin, long end, boolean outOfRange) {}

    /**
     * @param stored empty where the partition was never read: reading starts at the beginning
     * @param retention for how long null records surely stay in the topic
     */
    public static StartingPoint choose(Optional<StoredPosition> stored, Log log, Duration retention, Instant now) {
        if (stored.isEmpty()) {
            return new StartingPoint(
                    new Position(log.topicId(), log.begin(), 0, OptionalLong.empty()), Optional.empty());
        }
        Position position = stored.get().position();
        if (!log.topicId().equals(position.topicId())) {
            return rebuild(position, log, "topic_recreated");
        }
        if (log.outOfRange() || position.nextOffset() < log.begin()) {
            return rebuild(position, log, "position_out_of_range");
        }
        if (stored.get().caughtUpAt().plus(retention).isBefore(now)) {
            return rebuild(position, log, "away_longer_than_null_records_stay");
        }
        return new StartingPoint(position, Optional.empty());
    }

    private static StartingPoint rebuild(Position position, Log log, String reason) {
        var restarted = new Position(
                log.topicId(),
                log.begin(),
                position.generation() + 1,
                OptionalLong.of(Math.max(log.begin(), log.end())));
        return new StartingPoint(restarted, Optional.of(reason));
    }
}
