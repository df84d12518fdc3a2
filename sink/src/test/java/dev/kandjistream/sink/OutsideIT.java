package dev.kandjistream.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.embedded.EmbeddedRegistry;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** The service as others use it: by its public constructor, with a registry, and with what it needs missing at first. */
class OutsideIT {
    private final Topics topics = new Topics(Servers.prefix());

    @Test
    void recordsOfEveryTopicBecomeRowsAndARegistryThatIsAwayIsWaitedFor() {
        Map<String, Object> kafka = Map.of("bootstrap.servers", Servers.bootstrapServers());
        String schemasTopic = topics.prefix() + "-schemas";
        EmbeddedRegistry registry = EmbeddedRegistry.start(0, kafka, schemasTopic);
        Map<String, Object> client =
                Map.of("bootstrap.servers", Servers.bootstrapServers(), "schema.registry.url", registry.url());
        String database = Servers.newDatabase();
        var judge = new Judge(database);
        var metrics = new SimpleMeterRegistry();
        try (var sink = new SinkService(config(client, database), metrics)) {
            sink.start();
            SinkServiceIT.awaitTrue(() -> sink.notReady().isEmpty());
            publishOneOfEach(client);
            registry.close();
            SinkServiceIT.awaitTrue(
                    () -> sink.notReady().orElse("").startsWith("schema registry") || count(judge) == 7);

            registry = EmbeddedRegistry.start(URI.create(registry.url()).getPort(), kafka, schemasTopic);

            SinkServiceIT.awaitTrue(() -> count(judge) == 7);
            SinkServiceIT.awaitTrue(() -> sink.notReady().isEmpty());
            assertThat(sink.failure()).isEmpty();
            assertThat(metrics.get("sink.lag.records")
                            .tag("topic", topics.usage().name())
                            .gauge()
                            .value())
                    .isZero();
            SinkServiceIT.awaitTrue(() -> metrics.find("sink.freshness")
                            .tags("account", "acme", "kind", "devices")
                            .gauge()
                    != null);
        } finally {
            registry.close();
        }
    }

    @Test
    void databaseThatIsNotThereIsNamedAndClosingTakesSeconds() {
        Map<String, Object> kafka = Map.of("bootstrap.servers", Servers.bootstrapServers());
        assertWaitsFor("database", config(kafka, "jdbc:postgresql://127.0.0.1:1/nowhere"));
    }

    @Test
    void brokerThatIsNotThereIsNamedAndClosingTakesSeconds() {
        Map<String, Object> kafka =
                Map.of("bootstrap.servers", "127.0.0.1:1", "request.timeout.ms", 1000, "default.api.timeout.ms", 1000);
        assertWaitsFor("broker", config(kafka, Servers.newDatabase()));
    }

    private static void assertWaitsFor(String what, SinkConfig config) {
        var sink = new SinkService(config, new SimpleMeterRegistry());
        sink.start();
        SinkServiceIT.awaitTrue(() -> sink.notReady().orElse("").startsWith(what));
        long before = System.nanoTime();
        sink.close();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        assertThat(sink.failure()).isEmpty();
    }

    private SinkConfig config(Map<String, Object> client, String database) {
        return new SinkConfig(topics, client, database, Servers.user(), () -> new Password(Servers.password()));
    }

    private static long count(Judge judge) {
        return judge.number("SELECT (SELECT count(*) FROM kandji.devices) + (SELECT count(*) FROM kandji.licenses)"
                + " + (SELECT count(*) FROM kandji.users) + (SELECT count(*) FROM kandji.usage)"
                + " + (SELECT count(*) FROM kandji.unattributed_devices) + (SELECT count(*) FROM kandji.sweeps)"
                + " + (SELECT count(*) FROM kandji.decisions)");
    }

    private void publishOneOfEach(Map<String, Object> client) {
        try (var producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        Servers.bootstrapServers(),
                        "transactional.id",
                        UUID.randomUUID().toString()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            var device = Records.device("d1", "u1");
            producer.send(record(
                    topics.devices(), "acme/d1", Records.deviceEvent("1", "attributed", "c", null, device), client));
            producer.send(record(
                    topics.licenses(),
                    "acme/d1",
                    Records.licenseEvent(
                            "2",
                            "assigned",
                            "c",
                            "USER_ASSIGNED",
                            Records.OBSERVED,
                            null,
                            Records.license("d1", "u1", Records.OBSERVED)),
                    client));
            producer.send(record(
                    topics.users(),
                    "acme/u1",
                    Records.userEvent("3", "discovered", "c", null, Records.user("u1", 1)),
                    client));
            producer.send(record(
                    topics.usage(),
                    "acme/u1/com.app",
                    Records.usageEvent("4", "started", "c", null, Records.usage("u1", "com.app", "1")),
                    client));
            producer.send(record(topics.unattributed(), "acme/d2", Records.device("d2", null), client));
            producer.send(record(
                    topics.sweeps(),
                    "acme/devices",
                    Records.receipt("devices", "s1", Instant.parse("2026-03-02T08:00:00Z"), List.of()),
                    client));
            producer.send(record(topics.decisions(), "SN-D1", Records.denied("5", "d1"), client));
            producer.commitTransaction();
        }
    }

    private static <V> ProducerRecord<byte[], byte[]> record(
            Topic<V> topic, String key, V value, Map<String, Object> client) {
        try (var serializer = AvroSerdes.serializer(topic, client)) {
            return new ProducerRecord<>(
                    topic.name(), key.getBytes(StandardCharsets.UTF_8), serializer.serialize(topic.name(), value));
        }
    }
}
