package dev.kandjistream.enricher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Kafka Streams keeps on the broker and on the disk, and for how long it may be used. */
@Tag("recovery")
class RetentionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final Topics TOPICS = new Topics("kept");
    private static final String THIRTY_DAYS = "2592000000";
    private static final List<String> INTERNAL = List.of(
            "kept-enricher-devices-changelog",
            "kept-enricher-users-changelog",
            "kept-enricher-user-contributions-repartition");

    @Test
    void tombstonesStayAsLongAsInThePublicTopicsAndOlderStateIsDiscarded() throws Exception {
        Path directory =
                Files.createTempDirectory(Path.of("target"), "retention-it").toAbsolutePath();
        Path state = directory.resolve("state");
        try (var stack = Stack.start(directory.resolve("kafka"));
                var admin = Admin.create(stack.client())) {
            stack.create(TOPICS);
            publish(stack, state, 1);
            assertTombstonesStayForThirtyDays(admin);

            // As the first version created them, and used a week ago.
            for (String topic : INTERNAL) {
                alter(admin, topic, "86400000");
            }
            List<Path> old = age(state, Duration.ofDays(7));
            assertThat(old).isNotEmpty();
            publish(stack, state, 2);
            assertTombstonesStayForThirtyDays(admin);
            assertThat(old).allSatisfy(marker -> assertThat(marker).doesNotExist());

            List<Path> young = age(state, Duration.ofDays(7));
            assertThat(young).isNotEmpty();
            publish(stack, state, 3);
            assertThat(young).allSatisfy(marker -> assertThat(marker).exists());
        }
    }

    /** Runs the service until it has published this change of the device. */
    private static void publish(Stack stack, Path state, int change) throws Exception {
        try (var producer = stack.producer();
                var enricher = stack.enricher(TOPICS, state, 1, new SimpleMeterRegistry())) {
            enricher.start();
            var device = RawDevice.newBuilder()
                    .setAccountId("acme")
                    .setDeviceId("d1")
                    .setSweepId("s" + change)
                    .setObservedAt(Instant.parse("2025-03-01T00:00:00Z").plusSeconds(change))
                    .setBaseline(false)
                    .setDeviceName("name " + change)
                    .setPlatform("Mac")
                    .setUserId("7")
                    .setJson("{}")
                    .build();
            byte[] value = stack.bytes(TOPICS.rawDevices(), device);
            producer.send(new ProducerRecord<>(TOPICS.rawDevices().name(), Keys.of("acme", "d1"), value))
                    .get();
            assertThat(stack.read(TOPICS.devices(), PATIENCE, records -> records.size() >= change)
                            .size())
                    .isEqualTo(change);
        }
    }

    /** Makes all stores look unused for this long, and adds a file to each task that goes only with its directory. */
    private static List<Path> age(Path state, Duration age) throws IOException {
        FileTime time = FileTime.from(Instant.now().minus(age));
        try (var files = Files.walk(state.resolve("kept-enricher"))) {
            List<Path> all = files.toList();
            List<Path> markers = all.stream()
                    .filter(path -> path.getFileName().toString().matches("\\d_\\d+"))
                    .map(task -> task.resolve("marker"))
                    .toList();
            for (Path marker : markers) {
                Files.writeString(marker, "x");
                Files.setLastModifiedTime(marker, time);
            }
            for (Path file : all) {
                if (Files.isRegularFile(file)) {
                    Files.setLastModifiedTime(file, time);
                }
            }
            return markers;
        }
    }

    private static void assertTombstonesStayForThirtyDays(Admin admin) {
        for (String topic : INTERNAL) {
            assertThat(tombstonesStay(admin, topic)).as(topic).isEqualTo(THIRTY_DAYS);
        }
    }

    private static void alter(Admin admin, String topic, String value) throws Exception {
        var entry = new ConfigEntry("delete.retention.ms", value);
        admin.incrementalAlterConfigs(
                        Map.of(resource(topic), List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                .all()
                .get();
        Stack.await(PATIENCE, () -> tombstonesStay(admin, topic).equals(value));
    }

    private static String tombstonesStay(Admin admin, String topic) {
        try {
            return admin.describeConfigs(List.of(resource(topic)))
                    .all()
                    .get()
                    .get(resource(topic))
                    .get("delete.retention.ms")
                    .value();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }
}
