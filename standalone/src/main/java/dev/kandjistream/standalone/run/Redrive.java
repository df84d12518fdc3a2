package dev.kandjistream.standalone.run;

import dev.kandjistream.schemas.DeadLetterHeaders;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.standalone.run.RedriveRule.Latest;
import dev.kandjistream.standalone.run.RedriveRule.Outcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
 * <p>Each goes in a transaction of its own. It is committed only if nothing else wrote a record of the key since the topic was
 * read, so that a redriven record never comes after a newer one. All redrives of a prefix share a transactional id: a second
 * one that runs at the same time stops the first.
 */
public final class Redrive implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int LIMIT_MILLIS = 20_000;

    private final Topics topics;
    private final Map<String, Object> clientProperties;
    private final StopSignal stop;
    private final BytesLog committed;
    private final BytesLog everything;

    /** Connects at the first question. */
    public Redrive(Topics topics, Map<String, Object> clientProperties, StopSignal stop) {
        this.topics = topics;
        this.clientProperties = clientProperties;
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

    /**
     * Decides about each letter, and writes the records of those that may go.
     *
     * @param dryRun whether nothing is to be written
     * @throws KafkaException where the broker cannot be asked or does not take a record; what was written before stays
     */
    public List<Result> write(List<DeadLetter> letters, boolean dryRun) {
        Map<TopicPartition, Seen> seen = new HashMap<>();
        for (DeadLetter letter : letters) {
            if (isOurs(letter)) {
                seen.computeIfAbsent(letter.origin(), origin -> look(origin, letters));
            }
        }
        List<Result> results = new ArrayList<>();
        try (var producer = dryRun ? null : producer()) {
            for (DeadLetter letter : letters) {
                stop.pause(Duration.ZERO);
                results.add(decide(letter, seen.get(letter.origin()), producer));
            }
        }
        return results;
    }

    private Result decide(DeadLetter letter, Seen seen, KafkaProducer<byte[], byte[]> producer) {
        if (seen == null) {
            return new Result(letter, "its headers name no topic that enricher or sink reads", -1);
        }
        Outcome outcome = RedriveRule.of(
                letter,
                letter.key() == null ? null : seen.latest.get(ByteBuffer.wrap(letter.key())),
                seen.redriven.contains(letter.place()),
                keepsLatest(letter.topic()));
        if (outcome != Outcome.REDRIVE || producer == null) {
            return new Result(letter, outcome == Outcome.REDRIVE ? null : outcome.reason(), -1);
        }
        byte[] value =
                letter.isCut() ? seen.latest.get(ByteBuffer.wrap(letter.key())).value() : letter.value();
        long offset = send(letter, value, seen, producer);
        return offset < 0 ? new Result(letter, Outcome.NEWER.reason(), -1) : new Result(letter, null, offset);
    }

    /** @return where the record is; -1 where a newer one came before it could be committed */
    private long send(DeadLetter letter, byte[] value, Seen seen, KafkaProducer<byte[], byte[]> producer) {
        producer.beginTransaction();
        var record = new ProducerRecord<>(letter.topic(), letter.partition(), letter.key(), value);
        for (Header header : letter.headers()) {
            record.headers().add(header);
        }
        record.headers().add(DeadLetterHeaders.REDRIVEN, letter.place().getBytes(StandardCharsets.UTF_8));
        var sent = producer.send(record);
        producer.flush();
        long offset = await(sent);
        if (keepsLatest(letter.topic()) && isOvertaken(letter, seen.end, offset)) {
            producer.abortTransaction();
            return -1;
        }
        producer.commitTransaction();
        seen.redriven.add(letter.place());
        return offset;
    }

    /** Whether the key has a record between two offsets, even one that may yet be aborted. */
    private boolean isOvertaken(DeadLetter letter, long from, long to) {
        var overtaken = new AtomicBoolean();
        if (letter.key() != null && from < to) {
            everything.read(letter.origin(), from, to, record -> {
                if (record.key() != null && ByteBuffer.wrap(record.key()).equals(ByteBuffer.wrap(letter.key()))) {
                    overtaken.set(true);
                }
            });
        }
        return overtaken.get();
    }

    /** What a partition holds of the letters' keys. */
    private record Seen(Map<ByteBuffer, Latest> latest, Set<String> redriven, long end) {}

    private Seen look(TopicPartition origin, List<DeadLetter> letters) {
        Set<ByteBuffer> keys = letters.stream()
                .filter(letter -> letter.key() != null && letter.origin().equals(origin))
                .map(letter -> ByteBuffer.wrap(letter.key()))
                .collect(Collectors.toSet());
        var seen = new Seen(new HashMap<>(), new HashSet<>(), committed.end(origin));
        committed.read(origin, 0, seen.end(), record -> {
            String redriven = redriven(record);
            if (redriven != null) {
                seen.redriven().add(redriven);
            }
            if (record.key() != null && keys.contains(ByteBuffer.wrap(record.key()))) {
                seen.latest().put(ByteBuffer.wrap(record.key()), new Latest(record.offset(), record.value()));
            }
        });
        return seen;
    }

    private static String redriven(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(DeadLetterHeaders.REDRIVEN);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** Only topics that a hop reads: headers are bytes that anybody could have written. */
    private boolean isOurs(DeadLetter letter) {
        return group(letter.topic()) != null
                && committed.partitions(letter.topic()).contains(letter.origin());
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

    /**
     * Waits until the hops have read what was written.
     *
     * @return whether they have
     */
    public boolean await(List<Result> written, Duration limit) {
        Map<TopicPartition, Long> unread = new LinkedHashMap<>();
        written.stream()
                .filter(result -> result.writtenAt() >= 0)
                .forEach(result -> unread.merge(result.letter().origin(), result.writtenAt() + 1, Math::max));
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

    private static long await(java.util.concurrent.Future<RecordMetadata> sent) {
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
        committed.close();
        everything.close();
    }
}
