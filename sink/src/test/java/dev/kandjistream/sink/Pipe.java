package dev.kandjistream.sink;

import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.sink.kafka.RecordReader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Topics with a transactional producer at one end and a sink with its database at the other. */
public final class Pipe implements AutoCloseable {
    public static final int PARTITIONS = 3;

    public final Topics topics = new Topics(Servers.prefix());
    public final String database = Servers.newDatabase();
    public final Judge judge = new Judge(database);
    public final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    public final Admin admin = Admin.create(Map.of("bootstrap.servers", Servers.bootstrapServers()));
    public RecordReader.Deserializers deserializers = PlainAvro::deserializer;

    private KafkaProducer<byte[], byte[]> producer;
    private final List<SinkService> services = new ArrayList<>();

    public Pipe() {
        createTopics(admin);
        newProducer();
    }

    /** One that knows nothing of topics as they were. */
    public final void newProducer() {
        if (producer != null) {
            producer.close(Duration.ZERO);
        }
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", Servers.bootstrapServers(),
                        "transactional.id", UUID.randomUUID().toString(),
                        "linger.ms", 20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    public SinkConfig config() {
        return config(2, SinkConfig.DEFAULT_BATCH_RECORDS);
    }

    public SinkConfig config(int consumers, int batchRecords) {
        return new SinkConfig(
                topics,
                Map.of("bootstrap.servers", Servers.bootstrapServers()),
                database,
                Servers.user(),
                () -> new Password(Servers.password()),
                consumers,
                batchRecords,
                SinkConfig.DEFAULT_NULL_RECORDS_STAY,
                (short) 1);
    }

    public SinkService startSink() {
        return startSink(config());
    }

    public SinkService startSink(SinkConfig config) {
        var service = new SinkService(config, metrics, deserializers, this::createTopics);
        services.add(service);
        service.start();
        return service;
    }

    /** One transaction. */
    public void commit(List<ProducerRecord<byte[], byte[]>> records) {
        producer.beginTransaction();
        records.forEach(producer::send);
        producer.commitTransaction();
    }

    @SafeVarargs
    public final void commit(ProducerRecord<byte[], byte[]>... records) {
        List<ProducerRecord<byte[], byte[]>> list = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record : records) {
            list.add(record);
        }
        commit(list);
    }

    /** A transaction that comes to nothing, and still takes offsets. */
    public void abort(List<ProducerRecord<byte[], byte[]>> records) {
        producer.beginTransaction();
        records.forEach(producer::send);
        producer.flush();
        producer.abortTransaction();
    }

    public boolean exists(String topic) {
        try {
            admin.describeTopics(List.of(topic)).allTopicNames().get();
            return true;
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For transactions of another shape. */
    public KafkaProducer<byte[], byte[]> producer() {
        return producer;
    }

    /** @param value null for a null record */
    public static ProducerRecord<byte[], byte[]> record(Topic<?> topic, String key, SpecificRecord value) {
        return record(topic, key, value == null ? null : PlainAvro.bytes(value));
    }

    public static ProducerRecord<byte[], byte[]> record(Topic<?> topic, String key, byte[] value) {
        return new ProducerRecord<>(topic.name(), key.getBytes(StandardCharsets.UTF_8), value);
    }

    /** All dead letters. */
    public List<ConsumerRecord<byte[], byte[]>> deadLetters(int atLeast) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", Servers.bootstrapServers());
        properties.put("auto.offset.reset", "earliest");
        properties.put("group.id", UUID.randomUUID().toString());
        List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(new org.apache.kafka.common.TopicPartition(
                    topics.deadLetters().name(), 0)));
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (letters.size() < atLeast && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(letters::add);
            }
        }
        return letters;
    }

    public static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    public double count(String counter) {
        return metrics.find(counter).counters().stream()
                .mapToDouble(c -> c.count())
                .sum();
    }

    public void createTopics(Admin with) {
        List<NewTopic> missing = new ArrayList<>();
        for (Topic<?> topic : topics.sunk()) {
            int partitions = topic.name().equals(topics.sweeps().name()) ? 1 : PARTITIONS;
            missing.add(new NewTopic(topic.name(), partitions, (short) 1));
        }
        missing.add(new NewTopic(topics.deadLetters().name(), 1, (short) 1));
        try {
            with.createTopics(missing).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new KafkaException(e.getCause());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        services.forEach(SinkService::close);
        producer.close(Duration.ZERO);
        admin.close();
    }
}
