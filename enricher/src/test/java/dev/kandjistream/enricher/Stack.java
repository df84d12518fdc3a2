package dev.kandjistream.enricher;

import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.embedded.EmbeddedRegistry;
import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker and a registry in this JVM, and what tests and benchmarks do with them. */
final class Stack implements AutoCloseable {
    static final Rules RULES = new Rules(1, Set.of("helper", "updater"), Set.of("Mac", "iPhone", "iPad"));

    private final EmbeddedKafka kafka;
    private EmbeddedRegistry registry;
    private final Map<Class<?>, Deserializer<?>> deserializers = new HashMap<>();
    private final Map<Class<?>, Serializer<?>> serializers = new HashMap<>();

    private Stack(EmbeddedKafka kafka, EmbeddedRegistry registry) {
        this.kafka = kafka;
        this.registry = registry;
    }

    static Stack start(Path directory) {
        var kafka = EmbeddedKafka.start(directory);
        return new Stack(
                kafka, EmbeddedRegistry.start(0, Map.of("bootstrap.servers", kafka.bootstrapServers()), "_schemas"));
    }

    Map<String, Object> client() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers(), "schema.registry.url", registry.url());
    }

    /** Another registry at the same URL, or the same one with its schemas lost: it knows what the topic holds. */
    void registryOn(String schemasTopic) {
        int port = URI.create(registry.url()).getPort();
        registry.close();
        registry = EmbeddedRegistry.start(port, Map.of("bootstrap.servers", kafka.bootstrapServers()), schemasTopic);
    }

    EnricherService enricher(Topics topics, Path state, int threads, MeterRegistry meters) {
        return enricher(topics, state, threads, "only", meters);
    }

    /** One of several. */
    EnricherService enricher(Topics topics, Path state, int threads, String instanceId, MeterRegistry meters) {
        var config = new EnricherConfig(topics, client(), RULES, state, threads, 0, Optional.of(instanceId));
        return new EnricherService(config, meters);
    }

    /** One of several in a process of its own, to be killed. */
    Process enricherProcess(Topics topics, Path state, String instanceId, Path log) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EnricherProcess.class.getName(),
                        topics.prefix(),
                        state.toString(),
                        (String) client().get("bootstrap.servers"),
                        (String) client().get("schema.registry.url"),
                        instanceId)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    void create(Topics topics) {
        try (var admin = Admin.create(client())) {
            TopicAdmin.ensure(admin, topics, (short) 1);
        }
    }

    /** Deletes the enricher's group. The broker may not have seen yet that its last member left. */
    void deleteGroup(Topics topics, Duration patience) throws InterruptedException {
        try (var admin = Admin.create(client())) {
            await(patience, () -> {
                try {
                    admin.deleteConsumerGroups(List.of(topics.enricherApplicationId()))
                            .all()
                            .get();
                    return true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof GroupNotEmptyException) {
                        return false;
                    }
                    throw new IllegalStateException(e);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    /**
     * One batch at a time and not idempotent: on a busy machine the idempotent producer was seen to lose count on a topic
     * just created and to be refused for ever. What is sent twice by that is equal, and equal input tells nothing.
     */
    KafkaProducer<String, byte[]> producer() {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "max.request.size",
                17 * 1024 * 1024,
                "enable.idempotence",
                false,
                "max.in.flight.requests.per.connection",
                1);
        return new KafkaProducer<>(new HashMap<>(properties), new StringSerializer(), new ByteArraySerializer());
    }

    /** Reads a topic from the beginning, committed records only, until told that it is enough. */
    List<ConsumerRecord<String, byte[]>> read(
            Topic<?> topic, Duration patience, Predicate<List<ConsumerRecord<String, byte[]>>> enough) {
        var properties = new HashMap<String, Object>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"));
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadline = System.nanoTime() + patience.toNanos();
            while (!enough.test(records) && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            // What is there beyond what was waited for would be one too many.
            consumer.poll(Duration.ofMillis(500)).forEach(records::add);
        }
        return records;
    }

    /** All that is committed now, partition by partition. */
    List<ConsumerRecord<String, byte[]>> all(Topic<?> topic) {
        var properties = new HashMap<String, Object>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"));
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        records.sort(Comparator.comparing(ConsumerRecord::partition));
        return records;
    }

    /** How many offsets of the topic were ever taken, by aborted records too. */
    long end(Topic<?> topic) {
        Map<String, Object> properties = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            return consumer.endOffsets(partitions).values().stream()
                    .mapToLong(offset -> offset)
                    .sum();
        }
    }

    @SuppressWarnings("unchecked")
    <V> V value(Topic<V> topic, byte[] bytes) {
        return (V) deserializers
                .computeIfAbsent(topic.valueType(), type -> AvroSerdes.deserializer(type, client()))
                .deserialize(topic.name(), bytes);
    }

    @SuppressWarnings("unchecked")
    <V> byte[] bytes(Topic<V> topic, V value) {
        var serializer = (Serializer<V>)
                serializers.computeIfAbsent(topic.valueType(), type -> AvroSerdes.serializer(type, client()));
        return serializer.serialize(topic.name(), value);
    }

    static void await(Duration patience, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Not so within " + patience);
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() {
        registry.close();
        kafka.close();
    }
}
