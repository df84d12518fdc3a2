package dev.kandjistream.enricher;

import dev.kandjistream.enricher.stream.RawKeys;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
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

    /** Every start within this time after a comparison compares again: some partitions may not have come to it. */
    private static final Duration REPEATED = Duration.ofHours(6);

    /** Partitions are compared within seconds once Kafka Streams runs; only then the group has caught up. */
    private static final Duration QUIET = Duration.ofMinutes(1);

    /** Readings of the time right before the comparison may have come by after it, from a poller whose clock is behind. */
    private static final Duration CLOCKS = Duration.ofHours(1);

    /** Key of what is stored of a comparison: until when the group had read, and when it was. */
    private static final String COMPARED = "compared";

    /** Since when a topic is the one that is read, by the enricher's clock; pollers' clocks may differ by so much. */
    private static final Duration CLOCK_ERROR = Duration.ofDays(1);

    private final String group;
    private final String devices;
    private final String apps;
    private final RawTopics raw;
    private final LastRead lastRead;
    private final SourceRecords records;
    private final CountDownLatch stop;
    private final Consumer<String> waiting;

    /** When devices were last compared here; null where they were not. */
    private Instant compared;

    /** Until when the group had read, as last reported. */
    private Instant reported;

    /** Until when reading is not followed; null before Kafka Streams runs. */
    private Instant quiet;

    /**
     * @param stop ends a comparison early
     * @param waiting receives the reason why nothing is processed meanwhile
     */
    LongAbsence(EnricherConfig config, SourceRecords records, CountDownLatch stop, Consumer<String> waiting) {
        group = config.topics().enricherApplicationId();
        devices = config.topics().rawDevices().name();
        apps = config.topics().rawApps().name();
        raw = new RawTopics(config.topics(), config.kafka());
        lastRead = new LastRead(config.topics(), raw, records);
        this.records = records;
        this.stop = stop;
        this.waiting = waiting;
    }

    /**
     * To be called before Kafka Streams starts.
     *
     * @param isFirstStart whether no enricher has ever read anything
     * @return what the raw topics hold; empty where it is not needed, or proves nothing
     * @throws KafkaException if the broker does not answer
     */
    Optional<RawKeys> atStart(Admin admin, InternalTopics internal, boolean isFirstStart) {
        Map<String, String> stored = records.read();
        Optional<Instant> until = lastRead.in(stored);
        if (until.isEmpty() && !isFirstStart) {
            LOG.atWarn()
                    .log(
                            "Nothing says until when the raw topics were read. If that is longer ago than they keep tombstones,"
                                    + " devices that were removed since keep their seats; docs/runbook.md says what to do (The"
                                    + " enricher was away for long). After an upgrade from 0.1.0 this is expected");
        }
        return unfinished(stored)
                .or(() -> until)
                .filter(time -> isTooLongAgo(internal, time, Duration.ZERO))
                .flatMap(time -> keys(admin, time, stored));
    }

    /** Until when the group had read, where that led to a comparison a short time ago. */
    private static Optional<Instant> unfinished(Map<String, String> stored) {
        String[] parts = stored.getOrDefault(COMPARED, "").split(" ");
        try {
            return parts.length == 2
                            && Instant.now().isBefore(Instant.parse(parts[1]).plus(REPEATED))
                    ? Optional.of(Instant.parse(parts[0]))
                    : Optional.empty();
        } catch (DateTimeException notOurs) {
            return Optional.empty();
        }
    }

    /**
     * To be called every second while Kafka Streams runs and is not paused.
     *
     * @return what the raw topics hold, if the group stood still for too long: it must begin again with them
     * @throws KafkaException if the broker does not answer
     */
    Optional<RawKeys> follow(Admin admin, InternalTopics internal) {
        Instant now = Instant.now();
        if (quiet == null) {
            quiet = compared == null ? now : now.plus(QUIET);
        }
        if (now.isBefore(quiet)) {
            return Optional.empty();
        }
        lastRead.look(admin, now);
        Instant until = lastRead.known();
        boolean justCompared = compared != null && now.isBefore(compared.plus(STANDSTILL));
        if (until == null || justCompared || !isTooLongAgo(internal, until, STANDSTILL)) {
            return Optional.empty();
        }
        return keys(admin, until, records.read());
    }

    /** @param atLeast however short tombstones are kept */
    private boolean isTooLongAgo(InternalTopics internal, Instant until, Duration atLeast) {
        Duration age = Duration.between(until, Instant.now());
        return age.compareTo(atLeast) > 0 && age.compareTo(internal.tombstonesStayIn(raw.names())) > 0;
    }

    private Optional<RawKeys> keys(Admin admin, Instant until, Map<String, String> stored) {
        report(until, stored);
        waiting.accept("comparing all devices with the raw topics, which were read until " + until + " only");
        Instant now = Instant.now();
        records.write(Map.of(COMPARED, until + " " + now));
        Duration tenth = Duration.between(until, now).dividedBy(10);
        Instant before = now.minus(tenth.compareTo(CLOCKS) < 0 ? tenth : CLOCKS);
        Optional<RawKeys> keys = raw.keys(
                admin, raw.committed(admin, group), span(devices, before, stored), span(apps, before, stored), stop);
        compared = now;
        quiet = null;
        return keys;
    }

    /** Once, however often a broker that does not answer makes it begin again. */
    private void report(Instant until, Map<String, String> stored) {
        if (until.equals(reported)) {
            return;
        }
        reported = until;
        LOG.atWarn()
                .addKeyValue("readUntil", until)
                .log(
                        "The raw topics were not read for longer than they keep tombstones. All devices are compared with them;"
                                + " what they no longer hold has ended");
        for (String topic : raw.names()) {
            Instant since = SourceTopics.since(topic, stored);
            if (since != null) {
                LOG.atWarn()
                        .addKeyValue("topic", topic)
                        .addKeyValue("since", since.equals(Instant.MAX) ? "unknown" : since)
                        .log(
                                "The raw topic was created again once, and need not hold what was read before. What was not"
                                        + " read again since is left as it is");
            }
        }
    }

    private static RawKeys.Span span(String topic, Instant before, Map<String, String> stored) {
        Instant since = SourceTopics.since(topic, stored);
        boolean isKnown = since != null && !since.equals(Instant.MAX);
        return new RawKeys.Span(isKnown ? since.plus(CLOCK_ERROR) : since, before);
    }
}
