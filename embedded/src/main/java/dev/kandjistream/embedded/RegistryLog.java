package dev.kandjistream.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry's topic as its memory. Every question reads to the end first, so that an answer never lags behind; every
 * change is decided on that state, written, and read back before it is answered.
 *
 * <p>Two registries on one topic cannot hand out one id for two schemas: both write under the same transactional id, so
 * that whoever wrote last has fenced the other. The fenced one starts again: it takes the id back, reads what the other
 * wrote, and decides anew.
 */
final class RegistryLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryLog.class);
    private static final int ATTEMPTS = 5;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final Map<String, Object> kafka;
    private final TopicPartition partition;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final RegistryState state = new RegistryState();
    private KafkaProducer<byte[], byte[]> producer;
    private long written;

    private RegistryLog(Map<String, Object> kafka, TopicPartition partition) {
        this.kafka = kafka;
        this.partition = partition;
        this.consumer = new KafkaConsumer<>(reading(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    /** Creates the topic when missing and reads it to its end. */
    static RegistryLog open(Map<String, Object> kafka, String topic) {
        ensureTopic(kafka, topic);
        var log = new RegistryLog(kafka, new TopicPartition(topic, 0));
        try {
            log.read(state -> state);
            return log;
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    private static void ensureTopic(Map<String, Object> kafka, String topic) {
        try (var admin = Admin.create(kafka)) {
            try {
                // Replication as the broker's default says.
                var missing = new NewTopic(topic, Optional.of(1), Optional.empty());
                admin.createTopics(List.of(missing.configs(Map.of("cleanup.policy", "compact"))))
                        .all()
                        .get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw new KafkaException("Topic of the registry cannot be created. topic=" + topic, e.getCause());
                }
                requireCompacted(admin, topic);
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static void requireCompacted(Admin admin, String topic) throws InterruptedException {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                var settings = admin.describeConfigs(List.of(resource)).all().get();
                String policy = settings.get(resource).get("cleanup.policy").value();
                if (!policy.equals("compact")) {
                    throw new IllegalStateException("Topic of the registry would forget schemas: expected"
                            + " cleanup.policy=compact, found " + policy + ". topic=" + topic);
                }
                return;
            } catch (ExecutionException e) {
                // Somebody created it a moment ago, and this broker has not heard of it.
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) {
                    throw new KafkaException("Topic of the registry cannot be described. topic=" + topic, e.getCause());
                }
                Thread.sleep(POLL.toMillis());
            }
        }
    }

    synchronized <T> T read(Function<RegistryState, T> question) {
        readToEnd();
        return question.apply(state);
    }

    /**
     * Writes what the decision asks for and answers when it has been read back.
     *
     * @param decision from the newest state to the record to write; empty when nothing need be written; may be asked
     *     again when another registry was faster
     */
    synchronized void write(Function<RegistryState, Optional<RegistryRecord>> decision) {
        for (int attempt = 1; ; attempt++) {
            try {
                if (producer == null) {
                    producer = new KafkaProducer<>(writing(), new ByteArraySerializer(), new ByteArraySerializer());
                    producer.initTransactions();
                }
                readToEnd();
                Optional<RegistryRecord> record = decision.apply(state);
                if (record.isPresent()) {
                    append(record.get());
                    readToEnd();
                }
                return;
            } catch (KafkaException e) {
                // Whether the record was written is unknown; the next decision is made on what was read.
                discardProducer();
                if (attempt == ATTEMPTS || !isFencing(e)) {
                    throw e;
                }
                LOG.atDebug().addKeyValue("topic", partition.topic()).log("Another registry wrote; deciding anew");
            }
        }
    }

    /**
     * Being fenced shows under several names, as the point in the transaction where it strikes. One of them is no name: a commit
     * that comes while the coordinator is at fencing its producer is answered with an unknown error (4.3.1, IllegalStateException
     * in {@code TransactionMetadata.prepareTransitionTo}), of which the client makes a bare KafkaException.
     */
    static boolean isFencing(Throwable e) {
        return e != null
                && (e.getClass() == KafkaException.class && e.getCause() == null
                        || e instanceof ProducerFencedException
                        || e instanceof InvalidProducerEpochException
                        || e instanceof InvalidTxnStateException
                        || isFencing(e.getCause()));
    }

    private void append(RegistryRecord record) {
        producer.beginTransaction();
        var sent = producer.send(
                new ProducerRecord<>(partition.topic(), partition.partition(), record.key(), record.value()));
        producer.commitTransaction();
        try {
            written = sent.get().offset() + 1;
        } catch (ExecutionException e) {
            // Does not come: the commit waits for the record and fails with it.
            throw new KafkaException("Record was committed and yet not written", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /**
     * The end is asked for afresh: what another registry has answered is seen here. It does not yet cover a transaction
     * of ours whose commit was answered just now, for the commit's marker is written after the answer; hence the offset
     * of our last record beside it.
     */
    private void readToEnd() {
        long end = Math.max(consumer.endOffsets(List.of(partition)).get(partition), written);
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                apply(record);
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("Registry's topic could not be read to its end within " + LIMIT + ". topic="
                        + partition.topic() + " position=" + consumer.position(partition) + " end=" + end);
            }
        }
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        try {
            new RegistryRecord(record.key(), record.value()).applyTo(state);
        } catch (IOException | RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("offset", record.offset())
                    .log("Record of the registry's topic is not understood; left out");
        }
    }

    private Map<String, Object> reading() {
        var settings = new HashMap<>(kafka);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", false);
        settings.put("default.api.timeout.ms", (int) LIMIT.toMillis());
        // The question for the end waits behind the fetch that a poll left open: half a second by default.
        settings.put("fetch.max.wait.ms", 5);
        return settings;
    }

    private Map<String, Object> writing() {
        var settings = new HashMap<>(kafka);
        settings.put("transactional.id", partition.topic() + "-registry");
        settings.put("transaction.timeout.ms", (int) LIMIT.toMillis());
        settings.put("delivery.timeout.ms", (int) LIMIT.toMillis());
        settings.put("request.timeout.ms", 5_000);
        settings.put("max.block.ms", LIMIT.toMillis());
        settings.put("linger.ms", 0);
        // A transaction right after another waits for the other's markers, which takes milliseconds.
        settings.put("retry.backoff.ms", 5);
        return settings;
    }

    private void discardProducer() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }

    @Override
    public synchronized void close() {
        discardProducer();
        consumer.close();
    }
}
