package dev.kandjistream.posture.kafka;

import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.embedded.EmbeddedRegistry;
import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.SerialNumbers;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.unconfirmed.Unconfirmed;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/** A broker and a registry in this JVM, and topics of their own for each test. */
public final class ViewStage implements AutoCloseable {
    static final int PARTITIONS = 3;
    public static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path directory;
    private final String bootstrap;
    private final EmbeddedRegistry registry;
    private EmbeddedKafka kafka;

    public ViewStage(Path directory) {
        this.directory = directory;
        kafka = EmbeddedKafka.start(directory);
        bootstrap = kafka.bootstrapServers();
        registry = registry(0);
    }

    /** Another registry over the same schemas. */
    public EmbeddedRegistry registry(int port) {
        return EmbeddedRegistry.start(port, Map.of("bootstrap.servers", bootstrap), "_schemas");
    }

    public void stopBroker() {
        kafka.close();
        kafka = null;
    }

    /** On the same port; where it runs, it goes on. */
    public void startBroker() {
        if (kafka == null) {
            int port = Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
            kafka = EmbeddedKafka.start(directory, port);
        }
    }

    public String bootstrap() {
        return bootstrap;
    }

    public Map<String, Object> client(String registryUrl) {
        return Map.of("bootstrap.servers", bootstrap, "schema.registry.url", registryUrl, "max.retries", 0);
    }

    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    public String registryUrl() {
        return registry.url();
    }

    PostureView view(Topics topics, MeterRegistry meters) {
        return view(topics, meters, registry.url());
    }

    PostureView view(Topics topics) {
        return view(topics, new SimpleMeterRegistry());
    }

    PostureView view(Topics topics, MeterRegistry meters, String registryUrl) {
        var view = new PostureView(
                topics, client(registryUrl), id -> Duration.ofHours(1), SerialNumbers.defaults(), meters, PATIENCE);
        view.start();
        return view;
    }

    void create(Topics topics) throws Exception {
        try (var admin = admin()) {
            create(admin, topics.rawDevices().name(), PARTITIONS);
            create(admin, topics.unconfirmed().name(), PARTITIONS);
            create(admin, topics.sweeps().name(), 1);
        }
    }

    static void create(Admin admin, String topic, int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all()
                .get();
    }

    /** A producer of transactions; each of its own. */
    public Publisher publisher(Topics topics) {
        return new Publisher(topics);
    }

    public final class Publisher implements AutoCloseable {
        private final Topics topics;
        private final KafkaProducer<byte[], byte[]> producer;
        private final Serializer<RawDevice> devices;
        private final Serializer<Unconfirmed> unconfirmed;
        private final Serializer<SweepReceipt> receipts;

        private Publisher(Topics topics) {
            this.topics = topics;
            Map<String, Object> properties = new HashMap<>(
                    Map.of("bootstrap.servers", bootstrap, "transactional.id", topics.prefix() + "-publisher"));
            properties.put("max.request.size", RecordLimits.requestBytes(topics.maxRecordBytes()));
            producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
            producer.initTransactions();
            devices = AvroSerdes.serializer(topics.rawDevices(), client(registry.url()));
            unconfirmed = AvroSerdes.serializer(topics.unconfirmed(), client(registry.url()));
            receipts = AvroSerdes.serializer(topics.sweeps(), client(registry.url()));
        }

        public ProducerRecord<byte[], byte[]> device(RawDevice.Builder device) {
            RawDevice built = device.build();
            String key = Keys.of(built.getAccountId(), built.getDeviceId());
            return device(key, devices.serialize(topics.rawDevices().name(), built));
        }

        /** @param value null for gone */
        public ProducerRecord<byte[], byte[]> device(String key, byte[] value) {
            return new ProducerRecord<>(topics.rawDevices().name(), utf8(key), value);
        }

        public ProducerRecord<byte[], byte[]> unconfirmed(Unconfirmed said) {
            return new ProducerRecord<>(
                    topics.unconfirmed().name(),
                    utf8(Keys.of(said.getAccountId(), said.getDeviceId())),
                    unconfirmed.serialize(topics.unconfirmed().name(), said));
        }

        /** Everything about the device is confirmed again. */
        public ProducerRecord<byte[], byte[]> confirmed(String key) {
            return new ProducerRecord<>(topics.unconfirmed().name(), utf8(key), null);
        }

        ProducerRecord<byte[], byte[]> inPartition(int partition, ProducerRecord<byte[], byte[]> record) {
            return new ProducerRecord<>(record.topic(), partition, record.key(), record.value());
        }

        public ProducerRecord<byte[], byte[]> receipt(SweepReceipt receipt) {
            return new ProducerRecord<>(
                    topics.sweeps().name(),
                    utf8(Keys.of(receipt.getAccountId(), receipt.getKind())),
                    receipts.serialize(topics.sweeps().name(), receipt));
        }

        @SafeVarargs
        final void commit(ProducerRecord<byte[], byte[]>... records) throws Exception {
            send(records);
            producer.commitTransaction();
        }

        public void commit(List<ProducerRecord<byte[], byte[]>> records) throws Exception {
            producer.beginTransaction();
            for (var record : records) {
                producer.send(record);
            }
            producer.commitTransaction();
        }

        @SafeVarargs
        final void abort(ProducerRecord<byte[], byte[]>... records) throws Exception {
            send(records);
            producer.abortTransaction();
        }

        @SafeVarargs
        private void send(ProducerRecord<byte[], byte[]>... records) throws Exception {
            producer.beginTransaction();
            var sent = new ArrayList<java.util.concurrent.Future<?>>();
            for (var record : records) {
                sent.add(producer.send(record));
            }
            for (var one : sent) {
                one.get();
            }
        }

        @Override
        public void close() {
            producer.close();
        }
    }

    static Optional<Enrolment> seen(PostureView view, String serial) {
        return view.sighting(SerialNumber.of(serial).orElseThrow()).device().map(chosen -> chosen.enrolment());
    }

    static void awaitReady(PostureView view) throws Exception {
        await(() -> view.notReady().isEmpty());
    }

    /** @return milliseconds it took */
    public static long await(Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.call()) {
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                throw new AssertionError("Not so within " + LIMIT);
            }
            Thread.sleep(10);
        }
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        registry.close();
        if (kafka != null) {
            kafka.close();
        }
    }
}
