package dev.kandjistream.enricher;

import dev.kandjistream.enricher.stream.RawKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the group has not read the raw topics for longer than they keep tombstones, because no enricher ran or because it
 * stood still. What ended meanwhile left no record, so all devices are compared with the keys that the topics hold. For one
 * thread.
 */
final class LongAbsence {
    private static final Logger LOG = LoggerFactory.getLogger(LongAbsence.class);

    /** However short tombstones are kept, a group that reads is not stopped to compare before it stood still for so long. */
    private static final Duration STANDSTILL = Duration.ofHours(1);

    private final String group;
    private final RawTopics raw;
    private final LastRead lastRead;
    private final CountDownLatch stop;
    private final Consumer<String> waiting;

    /** Until when the group had read, when the devices were last compared, or at the start. */
    private Instant compared;

    /**
     * @param stop ends a comparison early
     * @param waiting told why nothing is processed meanwhile
     */
    LongAbsence(EnricherConfig config, SourceRecords records, CountDownLatch stop, Consumer<String> waiting) {
        group = config.topics().enricherApplicationId();
        raw = new RawTopics(config.topics(), config.kafka());
        lastRead = new LastRead(config.topics(), raw, records);
        this.stop = stop;
        this.waiting = waiting;
    }

    /**
     * To be called before Kafka Streams starts.
     *
     * @param complete whether the raw topics are those that were read before: others prove nothing
     * @return what the raw topics hold; empty where it is not needed, or proves nothing
     * @throws KafkaException if the broker does not answer
     */
    Optional<RawKeys> atStart(Admin admin, InternalTopics internal, boolean complete) {
        Optional<Instant> until = lastRead.stored();
        compared = until.orElse(null);
        return until.filter(time -> complete && isTooLongAgo(internal, time, Duration.ZERO))
                .flatMap(time -> keys(admin, time));
    }

    /**
     * To be called every second while Kafka Streams reads.
     *
     * @return what the raw topics hold, if the group stood still for too long: it must begin again with them
     * @throws KafkaException if the broker does not answer
     */
    Optional<RawKeys> follow(Admin admin, InternalTopics internal) {
        lastRead.look(admin, Instant.now());
        Instant until = lastRead.known();
        if (until == null || until.equals(compared) || !isTooLongAgo(internal, until, STANDSTILL)) {
            return Optional.empty();
        }
        Optional<RawKeys> keys = keys(admin, until);
        compared = until;
        return keys;
    }

    /** @param atLeast however short tombstones are kept */
    private boolean isTooLongAgo(InternalTopics internal, Instant until, Duration atLeast) {
        Duration age = Duration.between(until, Instant.now());
        return age.compareTo(atLeast) > 0 && age.compareTo(internal.tombstonesStayIn(raw.names())) > 0;
    }

    private Optional<RawKeys> keys(Admin admin, Instant until) {
        LOG.atWarn()
                .addKeyValue("readUntil", until)
                .log(
                        "The raw topics were not read for longer than they keep tombstones. All devices are compared with them;"
                                + " what they no longer hold has ended");
        waiting.accept("comparing all devices with the raw topics, which were read until " + until + " only");
        return raw.keys(until, raw.committed(admin, group), stop);
    }
}
