package dev.kandjistream.enricher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.raw.RawApp;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.raw.RawDeviceApps;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An enricher that is away until compaction has taken the tombstones of what ended meanwhile, with the offsets of its group and
 * without them.
 */
@Tag("recovery")
class LongAbsenceIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int DEVICES = 60;
    private static final String TOMBSTONES_GO_AT_ONCE = "1";

    private static Stack stack;
    private static Path directory;

    private Instant now = Instant.parse("2025-03-01T00:00:00Z");
    private KafkaProducer<String, byte[]> producer;

    @BeforeAll
    static void start() throws Exception {
        directory = Files.createTempDirectory(Path.of("target"), "absence-it").toAbsolutePath();
        stack = Stack.start(directory.resolve("kafka"));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatEndedMeanwhileEndsOnceItIsBack(boolean offsetsStay) throws Exception {
        var topics = new Topics(offsetsStay ? "away" : "expired");
        stack.create(topics);
        Path state = directory.resolve(topics.prefix());
        try (var own = stack.producer()) {
            producer = own;
            IntStream.range(0, DEVICES).forEach(number -> enrolled(topics, number));
            try (var enricher = stack.enricher(topics, state, 2, new SimpleMeterRegistry())) {
                enricher.start();
                Stack.await(PATIENCE, () -> standing(topics, topics.licenses()).size() == DEVICES);
                Stack.await(PATIENCE, () -> isRemembered(topics));
            }

            tombstonesGoAtOnce(topics);
            IntStream.range(0, DEVICES).filter(number -> number % 5 == 0).forEach(number -> gone(topics, number));
            enrolled(topics, DEVICES);
            enrolled(topics, 0);
            compacted(topics);
            if (!offsetsStay) {
                stack.deleteGroup(topics, PATIENCE);
            }

            Set<String> truth = IntStream.rangeClosed(0, DEVICES)
                    .filter(number -> number == 0 || number == DEVICES || number % 5 != 0)
                    .mapToObj(number -> Keys.of("acme", "device-" + number))
                    .collect(Collectors.toCollection(TreeSet::new));
            try (var enricher = stack.enricher(topics, state, 2, new SimpleMeterRegistry())) {
                enricher.start();
                Stack.await(PATIENCE, () -> standing(topics, topics.licenses()).equals(truth));
                Stack.await(PATIENCE, () -> standing(topics, topics.usage()).size() == truth.size());
                assertThat(enricher.failure()).isEmpty();
            }
            assertThat(standing(topics, topics.licenses())).isEqualTo(truth);
            assertThat(standing(topics, topics.users())).hasSize(truth.size());
            long revoked = stack.all(topics.licenses()).stream()
                    .filter(record -> record.value() == null)
                    .count();
            assertThat(revoked).as("each seat is revoked once").isEqualTo(DEVICES / 5 - 1);
        }
    }

    /** Pollers fill a raw topic that was created again with what the API shows; what is withheld is not in it. */
    @Test
    void whatANewRawTopicNeverHeldStands() throws Exception {
        var topics = new Topics("refilled");
        stack.create(topics);
        Path state = directory.resolve(topics.prefix());
        try (var own = stack.producer()) {
            producer = own;
            IntStream.range(0, 10).forEach(number -> enrolled(topics, number));
            var meters = new SimpleMeterRegistry();
            try (var enricher = stack.enricher(topics, state, 2, meters)) {
                enricher.start();
                Stack.await(PATIENCE, () -> standing(topics, topics.licenses()).size() == 10);
                Stack.await(PATIENCE, () -> isRemembered(topics));
                createAgain(topics, enricher, meters);
                IntStream.range(0, 5).forEach(number -> enrolled(topics, number));
                enrolled(topics, 10);
                Stack.await(PATIENCE, () -> standing(topics, topics.licenses()).size() == 11);
            }
            tombstonesGoAtOnce(topics);
            try (var enricher = stack.enricher(topics, state, 2, new SimpleMeterRegistry())) {
                enricher.start();
                enrolled(topics, 11);
                Stack.await(PATIENCE, () -> standing(topics, topics.licenses()).contains("acme/device-11"));
                assertThat(enricher.failure()).isEmpty();
            }
            assertThat(standing(topics, topics.licenses())).hasSize(12);
        }
    }

    private static void createAgain(Topics topics, EnricherService enricher, SimpleMeterRegistry meters)
            throws Exception {
        try (var admin = Admin.create(stack.client())) {
            admin.deleteTopics(
                            List.of(topics.rawDevices().name(), topics.rawApps().name()))
                    .all()
                    .get();
        }
        // A running enricher creates them, and reads them from their beginning.
        Stack.await(
                PATIENCE,
                () -> meters.find("enricher.topics.replaced").counters().size() == 2
                        && enricher.notReady().isEmpty());
    }

    private static boolean isRemembered(Topics topics) {
        return new SourceRecords(topics, stack.client())
                .read().keySet().stream().anyMatch(key -> key.equals("read until"));
    }

    /** Keys whose latest record is no tombstone. */
    private static Set<String> standing(Topics topics, Topic<?> topic) {
        var standing = new TreeSet<String>();
        stack.all(topic).forEach(record -> {
            if (record.value() == null) {
                standing.remove(record.key());
            } else {
                standing.add(record.key());
            }
        });
        standing.removeIf(key -> key.contains("marker"));
        return standing;
    }

    private void enrolled(Topics topics, int number) {
        String id = "device-" + number;
        var device = RawDevice.newBuilder()
                .setAccountId("acme")
                .setDeviceId(id)
                .setSweepId(sweepId())
                .setObservedAt(now)
                .setBaseline(false)
                .setPlatform("Mac")
                .setUserId("user-" + number)
                .setJson("{}")
                .build();
        send(topics.rawDevices(), id, stack.bytes(topics.rawDevices(), device));
        var row = RawApp.newBuilder()
                .setName("App")
                .setBundleId("com.app" + number)
                .setVersion("1")
                .build();
        var apps = new RawDeviceApps("acme", id, sweepId(), now, false, now, List.of(row), 0, false);
        send(topics.rawApps(), id, stack.bytes(topics.rawApps(), apps));
    }

    private void gone(Topics topics, int number) {
        send(topics.rawDevices(), "device-" + number, null);
        send(topics.rawApps(), "device-" + number, null);
    }

    private void send(Topic<?> topic, String id, byte[] value) {
        producer.send(new ProducerRecord<>(topic.name(), Keys.of("acme", id), value));
    }

    /** As the poller makes them, each later than the one before. */
    private String sweepId() {
        now = now.plusSeconds(1);
        return new UUID(now.toEpochMilli() << 16 | 0x7000, 0x8000_0000_0000_0001L).toString();
    }

    private static void tombstonesGoAtOnce(Topics topics) throws Exception {
        Map<String, String> settings = Map.of(
                "delete.retention.ms",
                TOMBSTONES_GO_AT_ONCE,
                "segment.ms",
                "500",
                "min.cleanable.dirty.ratio",
                "0.001",
                "max.compaction.lag.ms",
                "500");
        List<AlterConfigOp> changes = settings.entrySet().stream()
                .map(setting -> new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        try (var admin = Admin.create(stack.client())) {
            for (Topic<?> topic : List.of(topics.rawDevices(), topics.rawApps())) {
                var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
                admin.incrementalAlterConfigs(Map.of(resource, changes)).all().get();
            }
            var broker = new ConfigResource(ConfigResource.Type.BROKER, "");
            var backoff = new AlterConfigOp(new ConfigEntry("log.cleaner.backoff.ms", "200"), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(broker, List.of(backoff)))
                    .all()
                    .get();
        }
    }

    /** Only closed segments are compacted, and a segment is closed by a record that comes later. */
    private void compacted(Topics topics) throws InterruptedException {
        Stack.await(PATIENCE, () -> {
            for (int partition = 0; partition < topics.rawDevices().partitions(); partition++) {
                for (Topic<?> topic : List.of(topics.rawDevices(), topics.rawApps())) {
                    producer.send(new ProducerRecord<>(topic.name(), partition, Keys.of("acme", "filler"), null));
                }
            }
            producer.flush();
            return Stream.of(topics.rawDevices(), topics.rawApps()).allMatch(topic -> stack.all(topic).stream()
                    .noneMatch(record -> record.value() == null && record.key().contains("device-")));
        });
    }
}
