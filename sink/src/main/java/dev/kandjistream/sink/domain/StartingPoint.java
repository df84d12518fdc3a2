package dev.kandjistream.sink.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Where to go on in a partition that has come to us: where the database says, unless the log is not the one that was read.
 *
 * <p><b>The rule.</b> Rows are removed without a record of their end in one case only: the sink was away for longer than
 * tombstones stay, so ends may have been compacted away unread, and the log is complete: the same topic, its first offset
 * where it was, its end not before the position, as many partitions as before. Then the log has a record of every key that exists, and the rows that do not
 * come by in a reading from the beginning have ended (a rebuild).
 *
 * <p>A log that is not complete proves nothing about the keys it lacks. All its records are applied, from the first that is
 * unread or may be new, but no other row is removed. The generation is raised, so rows that the log has no record of can be
 * counted: their generation is older.
 *
 * @param logBegin first offset of the log when the position's generation began
 * @param partitions how many partitions the topic had then
 * @param unbacked what the log lost, since rows of older generations stand
 * @param rebuildReason why the current rows are rebuilt; empty where they are not
 * @param anew whether the database must store it, because reading begins anew
 */
public record StartingPoint(
        Position position,
        long logBegin,
        int partitions,
        Optional<Loss> unbacked,
        Optional<String> rebuildReason,
        boolean anew) {
    static final String AWAY = "away_longer_than_tombstones_stay";

    /**
     * What the broker says of a partition.
     *
     * @param topicId id of the topic as it is now
     * @param partitions how many it has
     * @param begin first offset there is
     * @param end offset after the last record that committed readers may see
     * @param refused whether the broker refused to read at the stored position
     * @param keepsKeys whether the topic keeps the latest record of every key, so that a table of current state can follow it;
     *     one that deletes records by age loses nothing when its first offset moves on
     */
    public record Log(UUID topicId, int partitions, long begin, long end, boolean refused, boolean keepsKeys) {
        private boolean isShorterThan(Position position) {
            return refused && position.nextOffset() > end;
        }
    }

    /**
     * @param stored empty where the partition was never read: reading starts at the beginning
     * @param retention for how long tombstones surely stay in the topic
     */
    public static StartingPoint choose(Optional<StoredPosition> stored, Log log, Duration retention, Instant now) {
        if (stored.isEmpty()) {
            var first = new Position(log.topicId(), log.begin(), 0, OptionalLong.empty());
            return new StartingPoint(first, log.begin(), log.partitions(), Optional.empty(), Optional.empty(), true);
        }
        StoredPosition before = stored.get();
        Position position = before.position();
        if (!log.topicId().equals(position.topicId())) {
            return afterLoss(Loss.REPLACED, position, log.begin(), log);
        }
        if (log.isShorterThan(position)) {
            return afterLoss(worse(before, Loss.SHORTENED), position, log.begin(), log);
        }
        if (log.begin() > before.logBegin() && (log.keepsKeys() || log.begin() > position.nextOffset())) {
            long next = Math.max(log.begin(), position.nextOffset());
            return afterLoss(worse(before, Loss.CUT), position, next, log);
        }
        if (before.partitions() != 0 && before.partitions() != log.partitions() && log.keepsKeys()) {
            return afterLoss(Loss.ALTERED, position, position.nextOffset(), log);
        }
        if (before.caughtUpAt().plus(retention).isBefore(now)
                && log.keepsKeys()
                && before.unbacked().isEmpty()) {
            return rebuild(position, log, AWAY);
        }
        return new StartingPoint(
                position, before.logBegin(), before.partitions(), before.unbacked(), Optional.empty(), false);
    }

    /** Outdated records stay in a topic that got partitions, whatever it loses besides. */
    private static Loss worse(StoredPosition before, Loss loss) {
        return before.unbacked().filter(Loss.ALTERED::equals).orElse(loss);
    }

    /** Reads the log from its beginning; then the rows that did not come by are removed. */
    public static StartingPoint rebuild(Position position, Log log, String reason) {
        var until = OptionalLong.of(Math.max(log.begin(), log.end()));
        var restarted = new Position(log.topicId(), log.begin(), position.generation() + 1, until);
        return new StartingPoint(restarted, log.begin(), log.partitions(), Optional.empty(), Optional.of(reason), true);
    }

    /** Reads on and removes nothing; rows that do not come by keep their former generation. */
    public static StartingPoint afterLoss(Loss loss, Position position, long next, Log log) {
        // Without current rows a rebuild removes nothing; it says that history may know the records up to its end.
        OptionalLong until = log.keepsKeys() ? OptionalLong.empty() : OptionalLong.of(Math.max(next, log.end()));
        var restarted = new Position(log.topicId(), next, position.generation() + 1, until);
        Optional<Loss> unbacked = log.keepsKeys() ? Optional.of(loss) : Optional.empty();
        return new StartingPoint(restarted, log.begin(), log.partitions(), unbacked, Optional.empty(), true);
    }
}
