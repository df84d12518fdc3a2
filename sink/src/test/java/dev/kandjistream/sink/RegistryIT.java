package dev.kandjistream.sink;

import static dev.kandjistream.sink.SinkServiceIT.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.embedded.EmbeddedRegistry;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A registry that lost its schemas, and one that never had them, under the sink; and single bad records. */
@Tag("recovery")
class RegistryIT {
    private final Topics topics = new Topics(Servers.prefix());
    private final Map<String, Object> kafka = Map.of("bootstrap.servers", Servers.bootstrapServers());
    private final String database = Servers.newDatabase();
    private final Judge judge = new Judge(database);
    private EmbeddedRegistry registry = EmbeddedRegistry.start(0, kafka, topics.prefix() + "-schemas");
    /** It remembers its ids, as every running writer does. */
    private final Serializer<dev.kandjistream.usage.Envelope> usages = AvroSerdes.serializer(topics.usage(), client());

    private SimpleMeterRegistry meters;

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void aRegistryThatIsEmptiedStopsTheSinkAndItGoesOnWhenItIsRestored() {
        try (var sink = sink()) {
            awaitTrue(() -> sink.notReady().isEmpty());
            publish(0, 3);
            judge.await("SELECT count(*) FROM kandji.usage", "3");
            registryOn("emptied");
        }
        try (var sink = sink()) {
            publish(3, 6);
            awaitStopped(sink, "does not know schema id", topics.usage().name(), "Restore its schemas");

            registryOn("schemas");

            assertAllThere(sink, 6);
        }
    }

    /** It hands out the same ids for other schemas, and it knows the sink's topics too, by other ids. */
    @Test
    void anotherRegistryAtTheSameUrlStopsTheSink() {
        try (var sink = sink()) {
            awaitTrue(() -> sink.notReady().isEmpty());
            publish(0, 3);
            judge.await("SELECT count(*) FROM kandji.usage", "3");
        }
        registryOn("another");
        Serializer<dev.kandjistream.usage.Envelope> anew = AvroSerdes.serializer(topics.usage(), client());
        bytes(topics.sweeps(), Records.receipt("devices", "s1", Instant.EPOCH, List.of()));
        bytes(topics.devices(), Records.deviceEvent("x", "attributed", "c", null, Records.device("d1", "u1")));
        try (var sink = sink()) {
            publish(3, 6);
            send(
                    topics.usage(),
                    "acme/u7/com.app",
                    anew.serialize(topics.usage().name(), event(7)));
            awaitStopped(sink, "schema registry", "schema_registry.url");

            registryOn("schemas");

            // The seventh was written by a service that trusted the other registry.
            judge.await("SELECT count(*) FROM kandji.usage", "6");
        }
    }

    @Test
    void singleBadRecordsAreDeadLettersAndTheRestFlows() {
        byte[] good = usages.serialize(topics.usage().name(), event(0));
        byte[] forged = good.clone();
        ByteBuffer.wrap(forged).putInt(1, 424242);
        byte[] cut = Arrays.copyOf(good, good.length / 2);
        byte[] garbage = "no avro".getBytes(StandardCharsets.UTF_8);
        try (var sink = sink()) {
            awaitTrue(() -> sink.notReady().isEmpty());
            for (byte[] bad : List.of(forged, cut, garbage, forged)) {
                send(topics.usage(), "acme/u0/com.bad", bad);
            }
            publish(0, 3);

            judge.await("SELECT count(*) FROM kandji.usage", "3");
            awaitTrue(() -> letters() == 4);
            awaitTrue(() -> sink.notReady().isEmpty());
        }
    }

    @Test
    void tooManyInARowStopTheSinkUntilAnOperatorAllowsMore() {
        try (var sink = sink()) {
            awaitTrue(() -> sink.notReady().isEmpty());
            publish(0, 1);
            judge.await("SELECT count(*) FROM kandji.usage", "1");
        }
        byte[] garbage = "no avro".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 101; i++) {
            send(topics.usage(), "acme/u0/com.bad", garbage);
        }
        publishTo("acme/u0/com.bad", 1);
        try (var sink = sink()) {
            awaitStopped(
                    sink, "More than 100 records of " + topics.usage().name() + " in a row", "unreadable_in_a_row");
            assertThat(sink.failure()).isEmpty();
        }
        judge.await("SELECT count(*) FROM kandji.usage", "1");
        double before = letters();
        try (var sink = sink(1000)) {
            judge.await("SELECT count(*) FROM kandji.usage", "2");
            awaitTrue(() -> sink.notReady().isEmpty());
        }
        assertThat(before + letters()).isGreaterThanOrEqualTo(101);
    }

    private SinkService sink() {
        return sink(100);
    }

    private SinkService sink(int unreadableInARow) {
        meters = new SimpleMeterRegistry();
        var sink = new SinkService(
                new SinkConfig(
                        topics,
                        client(),
                        database,
                        Servers.user(),
                        () -> new Password(Servers.password()),
                        2,
                        20_000,
                        SinkConfig.DEFAULT_NULL_RECORDS_STAY,
                        (short) 1,
                        List.of(),
                        unreadableInARow,
                        false),
                meters);
        sink.start();
        return sink;
    }

    private Map<String, Object> client() {
        return Map.of("bootstrap.servers", Servers.bootstrapServers(), "schema.registry.url", registry.url());
    }

    /** The registry at this URL knows what this topic holds. */
    private void registryOn(String name) {
        int port = URI.create(registry.url()).getPort();
        registry.close();
        registry = EmbeddedRegistry.start(port, kafka, topics.prefix() + "-" + name);
    }

    private void awaitStopped(SinkService sink, String... words) {
        awaitTrue(() -> sink.notReady()
                .filter(reason -> Arrays.stream(words).allMatch(reason::contains))
                .isPresent());
        assertThat(meters.get("sink.stopped").gauge().value()).isEqualTo(1);
        // It stays so, also between two tries.
        for (int i = 0; i < 20; i++) {
            assertThat(sink.notReady()).isPresent();
            Judge.pause();
        }
    }

    private void assertAllThere(SinkService sink, int rows) {
        judge.await("SELECT count(*) FROM kandji.usage", String.valueOf(rows));
        judge.await("SELECT count(*) FROM kandji.usage_events", String.valueOf(rows));
        awaitTrue(() -> sink.notReady().isEmpty());
        assertThat(meters.get("sink.stopped").gauge().value()).isZero();
        assertThat(letters()).isZero();
        assertThat(sink.failure()).isEmpty();
    }

    private double letters() {
        return meters.find("sink.dead.letters").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private void publish(int from, int to) {
        for (int i = from; i < to; i++) {
            publishTo("acme/u" + i + "/com.app", i);
        }
    }

    private void publishTo(String key, int number) {
        send(topics.usage(), key, usages.serialize(topics.usage().name(), event(number)));
    }

    private static dev.kandjistream.usage.Envelope event(int number) {
        return Records.usageEvent("e" + number, "started", "c", null, Records.usage("u" + number, "com.app", "1"));
    }

    private <V extends SpecificRecord> byte[] bytes(Topic<V> topic, V value) {
        try (var serializer = AvroSerdes.serializer(topic, client())) {
            return serializer.serialize(topic.name(), value);
        }
    }

    private void send(Topic<?> topic, String key, byte[] value) {
        try (var producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic.name(), 0, key.getBytes(StandardCharsets.UTF_8), value));
        }
    }
}
