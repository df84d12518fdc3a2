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
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Topics with a transactional producer at one end and a sink with its database at the other. */
public final class Pipe implements AutoCloseable {
    public static final int PARTITIONS = 3;

    public final Topics topics;
    public final String database;
    public final Judge judge;
    public final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    public final Admin admin;
    public RecordReader.Deserializers deserializers = PlainAvro::deserializer;

    private final String bootstrapServers;
    private KafkaProducer<byte[], byte[]> producer;
    private final List<SinkService> services = new ArrayList<>();

    public Pipe() {
        this(new Topics(Servers.prefix()), Servers.newDatabase(), Servers.bootstrapServers());
    }

    /** On a database or a prefix that another one has, too. */
    public Pipe(Topics topics, String database, String bootstrapServers) {
        this.topics = topics;
        this.database = database;
        this.bootstrapServers = bootstrapServers;
        judge = new Judge(database);
        admin = Admin.create(kafka());
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
                        "bootstrap.servers",
                        bootstrapServers,
                        "transactional.id",
                        UUID.randomUUID().toString(),
                        "linger.ms",
                        20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    /** Where the broker is, for a client. */
    public Map<String, Object> kafka() {
        return Map.of("bootstrap.servers", bootstrapServers);
    }

    public SinkConfig config() {
        return config(2, SinkConfig.DEFAULT_BATCH_RECORDS);
    }

    public SinkConfig config(int consumers, int batchRecords) {
        return new SinkConfig(
                topics,
                kafka(),
                database,
                Servers.user(),
                () -> new Password(Servers.password()),
                consumers,
                batchRecords,
                SinkConfig.DEFAULT_NULL_RECORDS_STAY,
                (short) 1);
    }

    /** As where broker and database are embedded in one data directory. */
    public SinkConfig oneDirectory() {
        SinkConfig config = config();
        return new SinkConfig(
                config.topics(),
                config.kafka(),
                config.jdbcUrl(),
                config.user(),
                config.password(),
                config.consumers(),
                config.batchRecords(),
                config.nullRecordsStay(),
                config.replicationFactor(),
                config.serialPlaceholders(),
                config.unreadableInARow(),
                true);
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
        properties.put("bootstrap.servers", bootstrapServers);
        properties.put("auto.offset.reset", "earliest");
        properties.put("group.id", UUID.randomUUID().toString());
        List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topics.deadLetters().name(), 0)));
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

    /** The sum of a gauge over its labels; 0 where there is none. */
    public double gauge(String name) {
        return metrics.find(name).gauges().stream().mapToDouble(g -> g.value()).sum();
    }

    /** Deletes a topic; returns when the broker has forgotten it. */
    public void delete(Topic<?> topic) {
        try {
            admin.deleteTopics(List.of(topic.name())).all().get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        SinkServiceIT.awaitTrue(() -> !exists(topic.name()));
    }

    /** Creates a topic that was deleted. A new producer is needed for it. */
    public void createAgain(Topic<?> topic, int partitions) {
        SinkServiceIT.awaitTrue(() -> {
            try {
                admin.createTopics(List.of(new NewTopic(topic.name(), partitions, (short) 1)))
                        .all()
                        .get();
                return true;
            } catch (ExecutionException e) {
                return false;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        newProducer();
    }

    /** Deletes every record that there is now; the topic stays. */
    public void cut(Topic<?> topic) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int i = 0; i < PARTITIONS; i++) {
            latest.put(new TopicPartition(topic.name(), i), OffsetSpec.latest());
        }
        try {
            Map<TopicPartition, RecordsToDelete> cut = new HashMap<>();
            admin.listOffsets(latest)
                    .all()
                    .get()
                    .forEach((partition, end) -> cut.put(partition, RecordsToDelete.beforeOffset(end.offset())));
            admin.deleteRecords(cut).all().get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
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
