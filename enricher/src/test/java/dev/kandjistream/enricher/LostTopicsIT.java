package dev.kandjistream.enricher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics that are deleted, created again or given partitions beside an enricher that runs, and while it does not. */
@Tag("recovery")
class LostTopicsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int DEVICES = 30;

    private static Path directory;
    private static Stack stack;
    private static Admin admin;

    private Instant now = Instant.parse("2025-03-01T00:00:00Z");

    @BeforeAll
    static void start() throws Exception {
        directory = Files.createTempDirectory(Path.of("target"), "topics-it").toAbsolutePath();
        stack = Stack.start(directory.resolve("kafka"));
        admin = Admin.create(Map.of("bootstrap.servers", stack.client().get("bootstrap.servers")));
    }

    @AfterAll
    static void stop() {
        admin.close();
        stack.close();
    }

    /** The new log is as long as the old one was: a position in the old one would lie at its end. */
    @Test
    void aRawTopicThatWasCreatedAgainIsReadFromItsBeginning() throws Exception {
        var topics = new Topics("reread");
        stack.create(topics);
        var meters = new SimpleMeterRegistry();
        try (var enricher = stack.enricher(topics, directory.resolve("reread"), 1, meters)) {
            enricher.start();
            publish(topics, "before");
            awaitNames(topics, "before");
            admin.deleteTopics(List.of(topics.rawDevices().name())).all().get();
            recreate(topics);
            publish(topics, "after");
            awaitNames(topics, "after");
            Stack.await(PATIENCE, () -> enricher.notReady().isEmpty());
            assertThat(stack.all(topics.devices())).hasSize(2 * DEVICES);
            assertThat(meters.get("enricher.topics.replaced")
                            .tag("topic", topics.rawDevices().name())
                            .counter()
                            .count())
                    .isEqualTo(1);
        }
    }

    /**
     * Three work, one of them is killed while the others end their work, and a fourth comes. The broker counts the killed one as
     * a member for 45 seconds more.
     */
    @ParameterizedTest
    @ValueSource(longs = {0, 1_500, 4_000})
    void severalEnrichersReadItAgainThoughOneIsKilledAndOneIsStarted(long killedAfterMillis) throws Exception {
        var topics = new Topics("several" + killedAfterMillis);
        stack.create(topics);
        Path state = directory.resolve(topics.prefix());
        try (var one = enricher(topics, state, "one");
                var two = enricher(topics, state, "two");
                var four = enricher(topics, state, "four")) {
            one.start();
            two.start();
            Process three = stack.enricherProcess(
                    topics, state.resolve("three"), "three", directory.resolve(topics.prefix() + ".log"));
            try {
                Stack.await(PATIENCE, () -> members(topics) == 3);
                publish(topics, "before");
                awaitNames(topics, "before");
                admin.deleteTopics(List.of(topics.rawDevices().name())).all().get();
                recreate(topics);
                publish(topics, "after");
                assertThat(three.waitFor(killedAfterMillis, TimeUnit.MILLISECONDS))
                        .isFalse();
            } finally {
                three.destroyForcibly().waitFor();
            }
            four.start();

            awaitNames(topics, "after");
            for (var enricher : List.of(one, two, four)) {
                Stack.await(PATIENCE, () -> enricher.notReady().isEmpty());
            }
            publish(topics, "later");
            awaitNames(topics, "later");
            assertThat(stack.all(topics.devices())).hasSize(3 * DEVICES);
            assertThat(stack.all(topics.licenses())).hasSize(3 * DEVICES);
            assertThat(stack.all(topics.deadLetters())).isEmpty();
        }
    }

    private static EnricherService enricher(Topics topics, Path state, String instanceId) {
        return stack.enricher(topics, state.resolve(instanceId), 1, instanceId, new SimpleMeterRegistry());
    }

    private static int members(Topics topics) {
        String group = topics.enricherApplicationId();
        try {
            return admin.describeConsumerGroups(List.of(group))
                    .all()
                    .get()
                    .get(group)
                    .members()
                    .size();
        } catch (InterruptedException | ExecutionException notYet) {
            return 0;
        }
    }

    /**
     * The broker forgets offsets with the topic, and takes what a thread in its last moments commits for the next one: positions in the
     * topic that is gone. The enricher that would have noticed does not survive.
     */
    @Test
    void norIsOneMissedThatWasCreatedAgainWhileNobodyLooked() throws Exception {
        var topics = new Topics("unwatched");
        stack.create(topics);
        var raw = topics.rawDevices().name();
        String group = topics.enricherApplicationId();
        try (var enricher = stack.enricher(topics, directory.resolve("unwatched"), 1, new SimpleMeterRegistry())) {
            enricher.start();
            publish(topics, "before");
            awaitNames(topics, "before");
        }
        Map<TopicPartition, OffsetAndMetadata> before = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        before.keySet().removeIf(partition -> !partition.topic().equals(raw));
        assertThat(before.values()).anyMatch(position -> position.offset() > 0);
        admin.deleteTopics(List.of(raw)).all().get();
        recreate(topics);
        publish(topics, "after");
        admin.alterConsumerGroupOffsets(group, before).all().get();

        for (int start = 0; start < 2; start++) {
            var meters = new SimpleMeterRegistry();
            try (var enricher = stack.enricher(topics, directory.resolve("unwatched"), 1, meters)) {
                enricher.start();
                awaitNames(topics, "after");
                Stack.await(PATIENCE, () -> enricher.notReady().isEmpty());
                assertThat(meters.find("enricher.topics.replaced").tag("topic", raw).counters().stream()
                                .mapToDouble(Counter::count)
                                .sum())
                        .isEqualTo(start == 0 ? 1 : 0);
            }
        }
        assertThat(stack.all(topics.devices())).hasSize(2 * DEVICES);
    }

    @Test
    void addedPartitionsStopTheEnricherUntilTheTopicIsDeleted() throws Exception {
        var topics = new Topics("altered");
        stack.create(topics);
        var meters = new SimpleMeterRegistry();
        try (var enricher = stack.enricher(topics, directory.resolve("altered"), 1, meters)) {
            enricher.start();
            publish(topics, "before");
            awaitNames(topics, "before");
            admin.createPartitions(Map.of(topics.devices().name(), NewPartitions.increaseTo(24)))
                    .all()
                    .get();
            Stack.await(
                    PATIENCE,
                    () -> enricher.notReady().orElse("").contains("altered.devices has 24 partitions now, but had 12"));
            assertThat(enricher.notReady().orElseThrow()).contains("kandji-stream replay --entity devices");
            assertThat(enricher.isPaused()).isTrue();
            assertThat(meters.get("enricher.stopped").gauge().value()).isEqualTo(1);

            admin.deleteTopics(List.of(topics.devices().name())).all().get();
            Stack.await(PATIENCE, () -> enricher.notReady().isEmpty());
            publish(topics, "after");
            awaitNames(topics, "after");
        }
    }

    @Test
    void withoutItsInternalTopicsTheEnricherStopsAndDoesNotStart() throws Exception {
        var topics = new Topics("internal");
        stack.create(topics);
        String changelog = topics.enricherApplicationId() + "-devices-changelog";
        try (var enricher = stack.enricher(topics, directory.resolve("internal"), 1, new SimpleMeterRegistry())) {
            enricher.start();
            publish(topics, "before");
            awaitNames(topics, "before");
            admin.deleteTopics(List.of(changelog)).all().get();
            Stack.await(PATIENCE, () -> enricher.failure().isPresent());
            assertThat(enricher.notReady().orElseThrow())
                    .contains("Topic " + changelog + " was deleted")
                    .contains("Begin anew");
        }
        try (var enricher = stack.enricher(topics, directory.resolve("internal"), 1, new SimpleMeterRegistry())) {
            enricher.start();
            Stack.await(PATIENCE, () -> enricher.failure().isPresent());
            assertThat(enricher.notReady().orElseThrow()).contains("Topic " + changelog + " was deleted");
        }
        assertThat(stack.all(topics.devices())).hasSize(DEVICES);
    }

    /** A cluster may go on for a moment as if the topic were there. */
    private static void recreate(Topics topics) throws Exception {
        String name = topics.rawDevices().name();
        Stack.await(PATIENCE, () -> {
            try {
                return !admin.listTopics().names().get().contains(name);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        TopicAdmin.ensure(admin, topics, (short) 1);
    }

    private void publish(Topics topics, String name) throws Exception {
        try (var producer = stack.producer()) {
            for (int i = 0; i < DEVICES; i++) {
                now = now.plusSeconds(1);
                var device = RawDevice.newBuilder()
                        .setAccountId("acme")
                        .setDeviceId("device-" + i)
                        .setSweepId(new UUID(now.toEpochMilli() << 16 | 0x7000, 0x8000_0000_0000_0001L).toString())
                        .setObservedAt(now)
                        .setBaseline(false)
                        .setPlatform("Mac")
                        .setDeviceName(name)
                        .setUserId("user-" + i)
                        .setJson("{}")
                        .build();
                producer.send(new ProducerRecord<>(
                                topics.rawDevices().name(),
                                Keys.of("acme", "device-" + i),
                                stack.bytes(topics.rawDevices(), device)))
                        .get();
            }
        }
    }

    private static void awaitNames(Topics topics, String name) {
        var records = stack.read(
                topics.devices(),
                PATIENCE,
                all -> all.stream()
                                .filter(record -> record.value() != null)
                                .filter(record -> name.equals(String.valueOf(
                                        ((GenericRecord) ((GenericRecord) stack.value(topics.devices(), record.value()))
                                                        .get("after"))
                                                .get("device_name"))))
                                .count()
                        == DEVICES);
        assertThat(records).isNotEmpty();
    }
}
