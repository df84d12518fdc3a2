package dev.kandjistream.schemas.serde;

import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers schema ids in a compacted topic, so that a restart does not forget what a lost registry forgot too. Read once, at
 * the first question.
 *
 * <p>Key {@code topic/id}, value: the schema as JSON. Two services that learn the same id write the same record.
 */
final class SchemaMemory implements SchemaTrust.Memory, SchemaTrust.Sample {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaMemory.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);
    /** Enough to meet a good record where bad ones are few, even if each is as large as a record can be. */
    private static final int SAMPLED_PER_PARTITION = 20;

    private final Topic<byte[]> topic;
    private final Map<String, Object> client;
    private volatile Map<SchemaTrust.Known, Schema> known;
    private boolean isStored;

    /** @param client properties that reach the broker */
    SchemaMemory(Topic<byte[]> topic, Map<String, ?> client) {
        this.topic = topic;
        this.client = new HashMap<>(client);
    }

    /** @throws KafkaException where the topic cannot be read now */
    @Override
    public Map<SchemaTrust.Known, Schema> all() {
        Map<SchemaTrust.Known, Schema> now = known;
        return now == null ? load() : now;
    }

    @Override
    public synchronized void remember(SchemaTrust.Known id, Schema schema) {
        if (schema.equals(all().get(id))) {
            return;
        }
        var more = new HashMap<>(all());
        more.put(id, schema);
        known = Map.copyOf(more);
        if (isStored) {
            store(id, schema);
        }
    }

    @Override
    public Set<Integer> ids(String name) {
        var ids = new HashSet<Integer>();
        try (var consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer, name);
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
            partitions.forEach(partition -> consumer.seek(
                    partition, Math.max(beginnings.get(partition), ends.get(partition) - SAMPLED_PER_PARTITION)));
            read(consumer, ends, record -> {
                if (WireFormat.isFramed(record.value())) {
                    ids.add(WireFormat.schemaId(name, record.value()));
                }
            });
        }
        return ids;
    }

    private synchronized Map<SchemaTrust.Known, Schema> load() {
        if (known == null) {
            var read = new HashMap<SchemaTrust.Known, Schema>();
            try (var consumer = consumer()) {
                List<TopicPartition> partitions = partitions(consumer, topic.name());
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
                read(consumer, consumer.endOffsets(partitions), record -> put(read, record));
                isStored = !partitions.isEmpty();
            }
            known = Map.copyOf(read);
        }
        return known;
    }

    private static void put(Map<SchemaTrust.Known, Schema> read, ConsumerRecord<byte[], byte[]> record) {
        try {
            List<String> key = Keys.split(new String(record.key(), StandardCharsets.UTF_8));
            var id = new SchemaTrust.Known(key.get(0), Integer.parseInt(key.get(1)));
            if (record.value() == null) {
                read.remove(id);
            } else {
                read.put(id, new Schema.Parser().parse(new String(record.value(), StandardCharsets.UTF_8)));
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException | SchemaParseException e) {
            LOG.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("offset", record.offset())
                    .log("Record of the remembered schema ids cannot be read and is skipped");
        }
    }

    /** Best effort: without it a restart has to learn the id again. */
    private void store(SchemaTrust.Known id, Schema schema) {
        var properties = new HashMap<>(client);
        properties.put("acks", "all");
        properties.put("max.block.ms", LIMIT.toMillis());
        properties.put("request.timeout.ms", 5_000);
        properties.put("delivery.timeout.ms", (int) LIMIT.toMillis());
        properties.remove("transactional.id");
        byte[] key = Keys.of(id.topic(), String.valueOf(id.id())).getBytes(StandardCharsets.UTF_8);
        byte[] value = schema.toString().getBytes(StandardCharsets.UTF_8);
        try (var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic.name(), 0, key, value)).get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (InterruptException e) {
            throw e;
        } catch (ExecutionException | KafkaException e) {
            LOG.atWarn()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("cause", e.getMessage())
                    .log("Schema id could not be remembered; it is learned again after a restart");
        }
    }

    private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String name) {
        List<PartitionInfo> partitions = consumer.partitionsFor(name);
        return partitions == null
                ? List.of()
                : partitions.stream()
                        .map(one -> new TopicPartition(name, one.partition()))
                        .toList();
    }

    private static void read(
            KafkaConsumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> ends,
            Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (ends.keySet().stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
            consumer.poll(POLL).forEach(reader);
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(
                        "Topic could not be read to its end within " + LIMIT + ". topics=" + ends.keySet());
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        var properties = new HashMap<>(client);
        properties.remove("group.id");
        properties.remove("group.instance.id");
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", false);
        properties.put("auto.offset.reset", "earliest");
        properties.put("allow.auto.create.topics", false);
        properties.put("default.api.timeout.ms", (int) LIMIT.toMillis());
        properties.put("request.timeout.ms", 5_000);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
