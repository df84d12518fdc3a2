package dev.kandjistream.standalone.run;

import dev.kandjistream.schemas.DeadLetterHeaders;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.standalone.run.RedriveRule.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes the records of dead letters back to where they came from, as they were, and follows them.
 *
 * <pre>a piece of the letters -> what their topics hold now -> each written or skipped -> read by its hop -> met again as a letter?</pre>
 *
 * <p>Each goes in a transaction of its own. It is committed only if nothing else wrote a record of the key since the topic was
 * read, so that a redriven record never comes after a newer one. All redrives of a prefix share a transactional id: a second
 * one that runs at the same time stops the first.
 *
 * <p>Of a piece it holds some hundred bytes for each letter, and one letter at a time with its value.
 */
public final class Redrive implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int LIMIT_MILLIS = 20_000;

    private final Topics topics;
    private final Map<String, Object> clientProperties;
    private final StopSignal stop;
    private final BytesLog committed;
    private final BytesLog everything;
    private final DeadLetterLog letters;
    private KafkaProducer<byte[], byte[]> producer;

    /**
     * Connects at the first question.
     *
     * @param letters where the letters are read from
     */
    public Redrive(Topics topics, Map<String, Object> clientProperties, DeadLetterLog letters, StopSignal stop) {
        this.topics = topics;
        this.clientProperties = clientProperties;
        this.letters = letters;
        this.stop = stop;
        committed = new BytesLog(clientProperties, "read_committed");
        everything = new BytesLog(clientProperties, "read_uncommitted");
    }

    /**
     * What became of a letter.
     *
     * @param skipped why its record was not written; null where it was, or would be
     * @param writtenAt offset of the record in the letter's partition; -1 where it was not written
     */
    public record Result(DeadLetter letter, String skipped, long writtenAt) {}

    /** What became of a letter that is not at hand. */
    private record Decided(String skipped, long writtenAt) {}

    /** A piece of the letters after it was carried out. */
    public final class Done {
        private final DeadLetterLog.Piece piece;
        private final Map<String, Decided> decided;
        private final Map<String, String> written = new HashMap<>();
        private final Map<TopicPartition, Long> unread = new LinkedHashMap<>();
        private final Map<TopicPartition, Long> lettersBefore;

        private Done(DeadLetterLog.Piece piece, Map<String, Decided> decided, Map<TopicPartition, Long> lettersBefore) {
            this.piece = piece;
            this.decided = decided;
            this.lettersBefore = lettersBefore;
        }

        private void add(Result result) {
            DeadLetter letter = result.letter();
            decided.put(letter.id(), new Decided(result.skipped(), result.writtenAt()));
            if (result.writtenAt() >= 0) {
                written.put(place(letter.topic(), letter.partition(), result.writtenAt()), letter.id());
                unread.merge(letter.origin(), result.writtenAt() + 1, Math::max);
            }
        }

        /**
         * Waits until the hops have read what was written.
         *
         * @return whether they have
         */
        public boolean await(Duration limit) {
            return unread.isEmpty() || Redrive.this.await(unread, limit);
        }

        /** Ids of the letters whose record was written and became a letter again. */
        public Set<String> unreadAgain() {
            var again = new TreeSet<String>();
            if (!written.isEmpty()) {
                letters.since(lettersBefore, letter -> Optional.ofNullable(
                                written.get(place(letter.topic(), letter.partition(), letter.offset())))
                        .ifPresent(again::add));
            }
            return again;
        }

        /** Every result once more. Those of letters that their topic has lost meanwhile are left out. */
        public void forEach(Consumer<Result> reader) {
            piece.read(letter -> Optional.ofNullable(decided.get(letter.id()))
                    .ifPresent(known -> reader.accept(new Result(letter, known.skipped(), known.writtenAt()))));
        }

        private static String place(String topic, int partition, long offset) {
            return topic + " " + partition + " " + offset;
        }
    }

    /**
     * Decides about each letter of a piece, and writes the records of those that may go.
     *
     * @param dryRun whether nothing is to be written
     * @param results hears what becomes of each letter, at once
     * @throws KafkaException where the broker cannot be asked or does not take a record; what was written before stays
     */
    public Done carryOut(DeadLetterLog.Piece piece, boolean dryRun, Consumer<Result> results) {
        if (!dryRun && producer == null) {
            // First: this ends the transaction that a redrive left open when it was killed.
            producer = producer();
        }
        Map<TopicPartition, RedriveOrigin> origins = look(piece);
        var done = new Done(piece, new HashMap<>(), letters.ends());
        piece.read(letter -> {
            stop.pause(Duration.ZERO);
            Result result = decide(letter, origins.get(letter.origin()), dryRun);
            done.add(result);
            results.accept(result);
        });
        return done;
    }

    private Map<TopicPartition, RedriveOrigin> look(DeadLetterLog.Piece piece) {
        Map<String, List<TopicPartition>> partitions = new HashMap<>();
        Map<TopicPartition, RedriveOrigin> origins = new HashMap<>();
        piece.read(letter -> {
            stop.pause(Duration.ZERO);
            if (isOurs(letter, partitions)) {
                origins.computeIfAbsent(
                                letter.origin(),
                                partition -> new RedriveOrigin(partition, keepsLatest(partition.topic())))
                        .expect(letter);
            }
        });
        origins.values().forEach(origin -> origin.look(committed));
        return origins;
    }

    private Result decide(DeadLetter letter, RedriveOrigin origin, boolean dryRun) {
        if (origin == null) {
            return new Result(letter, "its headers name no topic that enricher or sink reads", -1);
        }
        Outcome outcome = origin.outcome(letter);
        byte[] value = letter.value();
        if (outcome == Outcome.REDRIVE && letter.isCut()) {
            value = standing(letter);
            outcome = RedriveRule.isOf(letter, value) ? Outcome.REDRIVE : Outcome.GONE;
        }
        if (outcome != Outcome.REDRIVE || dryRun) {
            return new Result(letter, outcome == Outcome.REDRIVE ? null : outcome.reason(), -1);
        }
        long offset = send(letter, value, origin);
        return offset < 0 ? new Result(letter, Outcome.NEWER.reason(), -1) : new Result(letter, null, offset);
    }

    /** The value of the letter's record, where it still stands. */
    private byte[] standing(DeadLetter letter) {
        var value = new AtomicReference<byte[]>();
        committed.read(letter.origin(), letter.offset(), letter.offset() + 1, record -> value.set(record.value()));
        return value.get();
    }

    /** @return where the record is; -1 where a newer one came before it could be committed */
    private long send(DeadLetter letter, byte[] value, RedriveOrigin origin) {
        producer.beginTransaction();
        var record = new ProducerRecord<>(letter.topic(), letter.partition(), letter.key(), value);
        for (Header header : letter.headers()) {
            record.headers().add(header);
        }
        record.headers().add(DeadLetterHeaders.REDRIVEN, letter.place().getBytes(StandardCharsets.UTF_8));
        var sent = producer.send(record);
        producer.flush();
        long offset = await(sent);
        if (origin.keepsLatest() && letter.key() != null) {
            origin.catchUp(everything, offset);
            if (origin.outcome(letter) != Outcome.REDRIVE) {
                producer.abortTransaction();
                return -1;
            }
        }
        producer.commitTransaction();
        origin.wrote(letter, value, offset);
        return offset;
    }

    /** Only topics that a hop reads: headers are bytes that anybody could have written. */
    private boolean isOurs(DeadLetter letter, Map<String, List<TopicPartition>> partitions) {
        return group(letter.topic()) != null
                && partitions
                        .computeIfAbsent(letter.topic(), committed::partitions)
                        .contains(letter.origin());
    }

    private boolean keepsLatest(String topic) {
        return !topics.decisions().name().equals(topic);
    }

    /** The consumer group of the hop that reads the topic; null where none does. */
    private String group(String topic) {
        if (topic.equals(topics.rawDevices().name())
                || topic.equals(topics.rawApps().name())) {
            return topics.enricherApplicationId();
        }
        return topics.sunk().stream().map(Topic::name).anyMatch(topic::equals) ? topics.sinkGroup() : null;
    }

    private boolean await(Map<TopicPartition, Long> unread, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        try (Admin admin = Admin.create(clientProperties)) {
            while (true) {
                unread.entrySet().removeIf(one -> read(admin, one.getKey()) >= one.getValue());
                if (unread.isEmpty() || System.nanoTime() > deadline) {
                    return unread.isEmpty();
                }
                stop.pause(LOOK);
            }
        }
    }

    private long read(Admin admin, TopicPartition partition) {
        try {
            OffsetAndMetadata offset = admin.listConsumerGroupOffsets(group(partition.topic()))
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(partition);
            return offset == null ? -1 : offset.offset();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        var properties = new HashMap<>(clientProperties);
        properties.put("transactional.id", topics.prefix() + "-redrive");
        properties.put("enable.idempotence", "true");
        properties.put("acks", "all");
        properties.put("compression.type", "zstd");
        properties.put("buffer.memory", Math.max(32L << 20, 2L * topics.maxRecordBytes()));
        properties.put("max.request.size", RecordLimits.requestBytes(topics.maxRecordBytes()));
        properties.put("max.block.ms", LIMIT_MILLIS);
        properties.put("delivery.timeout.ms", LIMIT_MILLIS);
        var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
            return producer;
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    private static long await(Future<RecordMetadata> sent) {
        try {
            return sent.get().offset();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(Duration.ofMillis(LIMIT_MILLIS));
        }
        committed.close();
        everything.close();
    }
}
