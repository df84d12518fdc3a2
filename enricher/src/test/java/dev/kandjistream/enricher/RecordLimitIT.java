package dev.kandjistream.enricher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.raw.RawApp;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.raw.RawDeviceApps;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Topics that allow smaller records than the raw topics do. */
@Tag("recovery")
class RecordLimitIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Instant NOW = Instant.parse("2025-03-01T00:00:00Z");
    private static final int QUARTER = 256 << 10;

    private static Path directory;
    private static Stack stack;

    @BeforeAll
    static void start() throws Exception {
        directory =
                Files.createTempDirectory(Path.of("target"), "record-limit-it").toAbsolutePath();
        stack = Stack.start(directory.resolve("kafka"));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    private static void allow(List<String> names, int bytes) throws Exception {
        try (var admin = Admin.create(stack.client())) {
            for (String name : names) {
                var entry = new ConfigEntry("max.message.bytes", String.valueOf(bytes));
                var resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
                admin.incrementalAlterConfigs(
                                Map.of(resource, List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                        .all()
                        .get();
                // The broker hears of it a moment after the controller.
                while (!admin.describeConfigs(List.of(resource))
                        .all()
                        .get()
                        .get(resource)
                        .get("max.message.bytes")
                        .value()
                        .equals(entry.value())) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** Text that hardly compresses. */
    private static String noise(Random random) {
        var text = new StringBuilder();
        random.ints(300, 0, 64)
                .forEach(
                        i -> text.append("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-".charAt(i)));
        return text.toString();
    }

    private static void send(
            KafkaProducer<String, byte[]> producer, Topics topics, String id, int number, List<RawApp> rows)
            throws Exception {
        String key = Keys.of("acme", id);
        var device = RawDevice.newBuilder()
                .setAccountId("acme")
                .setDeviceId(id)
                .setSweepId("s" + number)
                .setObservedAt(NOW.plusSeconds(number))
                .setBaseline(false)
                .setPlatform("Mac")
                .setUserId("user-of-" + id)
                .setJson("{}")
                .build();
        var raw = new RawDeviceApps("acme", id, "a" + number, NOW.plusSeconds(number), false, NOW, rows, 0, false);
        producer.send(new ProducerRecord<>(topics.rawDevices().name(), key, stack.bytes(topics.rawDevices(), device)))
                .get();
        producer.send(new ProducerRecord<>(topics.rawApps().name(), key, stack.bytes(topics.rawApps(), raw)))
                .get();
    }

    private static List<RawApp> ordinary(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> RawApp.newBuilder()
                        .setName("App " + i)
                        .setBundleId("com.app" + i)
                        .setVersion("1")
                        .build())
                .toList();
    }

    private static List<RawApp> large() {
        var random = new Random(7);
        return IntStream.range(0, 3_000)
                .mapToObj(i -> RawApp.newBuilder()
                        .setName(i + noise(random))
                        .setBundleId("com.large" + i)
                        .setVersion("1")
                        .build())
                .toList();
    }

    private static Set<String> keys(List<ConsumerRecord<String, byte[]>> records, String user) {
        var keys = new HashSet<String>();
        records.stream()
                .map(ConsumerRecord::key)
                .filter(key -> key.contains("/" + user + "/"))
                .forEach(keys::add);
        return keys;
    }

    @Test
    void whenTopicsAreCappedMeanwhileOnlyTheLargeDeviceIsSkippedAndASmallerReadingOfItIsRight() throws Exception {
        var topics = new Topics("capped");
        stack.create(topics);
        var meters = new SimpleMeterRegistry();
        List<String> capped = List.of(
                topics.enricherApplicationId() + "-devices-changelog",
                topics.userContributions(),
                topics.enricherApplicationId() + "-users-changelog",
                topics.usage().name(),
                topics.deadLetters().name());
        try (var producer = stack.producer();
                var enricher = stack.enricher(topics, directory.resolve("capped"), 1, meters)) {
            enricher.start();
            send(producer, topics, "d0", 1, ordinary(3));
            stack.read(topics.usage(), PATIENCE, records -> records.size() >= 3);

            allow(capped, QUARTER);
            for (int i = 1; i <= 10; i++) {
                send(producer, topics, "d" + i, 1, ordinary(3));
                if (i == 5) {
                    send(producer, topics, "big", 1, large());
                }
            }
            var usages = stack.read(topics.usage(), PATIENCE, records -> records.size() >= 33);
            assertThat(usages).hasSize(33);
            var letters = stack.read(topics.deadLetters(), PATIENCE, records -> !records.isEmpty());
            assertThat(letters).hasSize(1);
            assertThat(letters.get(0).key()).isEqualTo("acme/big");
            assertThat(header(letters.get(0), "deadletter.cause")).contains("too large");
            assertThat(Integer.parseInt(header(letters.get(0), "deadletter.cut")))
                    .isGreaterThan(QUARTER);
            assertThat(enricher.failure()).isEmpty();
            assertThat(enricher.notReady()).isEmpty();
            assertThat(meters.counter("enricher.dead.letters", "cause", "size").count())
                    .isEqualTo(1);

            send(producer, topics, "big", 2, ordinary(2));
            usages = stack.read(topics.usage(), PATIENCE, records -> records.size() >= 35);
            assertThat(keys(usages, "user-of-big")).hasSize(2);

            allow(capped, RecordLimits.DEFAULT);
            send(producer, topics, "big", 3, large());
            usages = stack.read(topics.usage(), PATIENCE, records -> records.size() >= 35 + 3_000 + 4);
            assertThat(keys(usages, "user-of-big")).hasSize(3_002);
        }
    }

    @Test
    void aTopicThatAllowsTooLittleKeepsItWaitingWithTheReasonUntilItIsRaised() throws Exception {
        var topics = new Topics("tiny");
        stack.create(topics);
        allow(List.of(topics.usage().name()), 5_000);
        try (var producer = stack.producer();
                var enricher = stack.enricher(topics, directory.resolve("tiny"), 1, new SimpleMeterRegistry())) {
            send(producer, topics, "d0", 1, ordinary(3));
            enricher.start();
            Stack.await(PATIENCE, () -> enricher.notReady().orElse("").startsWith("Topic tiny.usage allows"));
            assertThat(enricher.notReady().orElseThrow())
                    .contains("5000")
                    .contains("kafka.max_record_bytes")
                    .contains("--add-config max.message.bytes=16777216");
            allow(List.of(topics.usage().name()), RecordLimits.DEFAULT);
            assertThat(stack.read(topics.usage(), PATIENCE, records -> records.size() >= 3))
                    .hasSize(3);
            Stack.await(PATIENCE, () -> enricher.notReady().isEmpty());
        }
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
