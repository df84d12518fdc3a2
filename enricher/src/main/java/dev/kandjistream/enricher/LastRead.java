package dev.kandjistream.enricher;

import dev.kandjistream.schemas.Topics;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Up to which time the enricher's group has read the raw topics. A record that was written before that time has been read. A
 * tombstone that was written after it may be gone unread, once the raw topics no longer keep it: then the group was away, or
 * stood still, for too long. Stored every few minutes, for the whole group. For one thread.
 */
final class LastRead {
    /** The key in {@link SourceRecords}; no topic can have this name. */
    private static final String KEY = "read until";

    private static final Duration FIRST = Duration.ofSeconds(3);
    private static final Duration AGAIN = Duration.ofSeconds(10);
    private static final Duration EVERY = Duration.ofMinutes(10);

    private final String group;
    private final RawTopics raw;
    private final SourceRecords records;
    private Instant next = Instant.MIN;
    private Instant asked;
    private Map<TopicPartition, Long> ends;
    private Instant until;

    LastRead(Topics topics, RawTopics raw, SourceRecords records) {
        group = topics.enricherApplicationId();
        this.raw = raw;
        this.records = records;
    }

    /**
     * As stored; empty where nothing is stored, as in the topics of an earlier version.
     *
     * @param stored all that is stored
     */
    Optional<Instant> in(Map<String, String> stored) {
        String text = stored.get(KEY);
        try {
            until = text == null ? null : Instant.parse(text);
        } catch (DateTimeException notOurs) {
            until = null;
        }
        return Optional.ofNullable(until);
    }

    /** The latest time known here; null where none is. */
    Instant known() {
        return until;
    }

    /**
     * Goes on with finding out; call it every second.
     *
     * @throws KafkaException if the broker does not answer; the next call tries again
     */
    void look(Admin admin, Instant now) {
        if (now.isBefore(next) && !now.isBefore(next.minus(EVERY))) {
            return;
        }
        // Set first: a broker that does not answer is not asked again at once.
        next = now.plus(AGAIN);
        if (ends == null) {
            asked = now;
            ends = raw.ends(admin);
            next = now.plus(FIRST);
        } else if (raw.isReadUpTo(ends, raw.committed(admin, group))) {
            records.write(Map.of(KEY, asked.toString()));
            until = asked;
            ends = null;
            next = now.plus(EVERY);
        }
    }
}
