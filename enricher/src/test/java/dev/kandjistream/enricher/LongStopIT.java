package dev.kandjistream.enricher;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the enricher and Kafka Streams log while records wait: a few errors when it begins, and none as time goes by. */
@Tag("recovery")
class LongStopIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** Beyond the time in which a thread waits in place, and all that begins with the stop. */
    private static final Duration BEGINNING = Duration.ofSeconds(30);

    private static final Duration LATER = Duration.ofSeconds(15);
    private static final int THREADS = 2;
    private static final List<String> HEARD =
            List.of("org.apache.kafka.streams", "org.apache.kafka.clients", "dev.kandjistream.enricher");

    /** As in a service, which leaves these out: of topics that were created a moment ago. */
    private static final String EACH_TRY = "org.apache.kafka.clients.admin.internals.PartitionLeaderStrategy";

    private static Path directory;
    private static Stack stack;

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Map<Logger, Level> levels = new HashMap<>();
    private final AppenderBase<ILoggingEvent> ear = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLoggerName().startsWith(EACH_TRY)) {
                return;
            }
            lines.add(event.getLevel() + " " + event.getLoggerName() + " " + event.getFormattedMessage() + " "
                    + event.getKeyValuePairs());
        }
    };

    @BeforeAll
    static void start() throws Exception {
        directory = Files.createTempDirectory(Path.of("target"), "long-stop-it").toAbsolutePath();
        stack = Stack.start(directory.resolve("kafka"));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    /** As a service logs: libraries from WARN. */
    @BeforeEach
    void hear() {
        ear.start();
        for (String name : HEARD) {
            var logger = (Logger) LoggerFactory.getLogger(name);
            levels.put(logger, logger.getLevel());
            logger.setLevel(Level.WARN);
            logger.setAdditive(false);
            logger.addAppender(ear);
        }
    }

    @AfterEach
    void hearNoMore() {
        levels.forEach((logger, level) -> {
            logger.detachAppender(ear);
            logger.setAdditive(true);
            logger.setLevel(level);
        });
    }

    @Test
    void aWrongRegistry() throws Exception {
        var topics = new Topics("registry");
        stack.create(topics);
        Path state = directory.resolve("registry");
        try (var enricher = stack.enricher(topics, state, THREADS, new SimpleMeterRegistry())) {
            enricher.start();
            send(topics, 30);
            Stack.await(PATIENCE, () -> stack.all(topics.devices()).size() == 30);
        }
        stack.registryOn("another");
        send(topics, 30, stack.bytes(topics.rawDevices(), device(0)));
        try (var enricher = stack.enricher(topics, state, THREADS, new SimpleMeterRegistry())) {
            enricher.start();

            assertQuiet(enricher, "schema registry");

            stack.registryOn("_schemas");
            Stack.await(PATIENCE, () -> enricher.notReady().isEmpty());
        } finally {
            stack.registryOn("_schemas");
        }
    }

    @Test
    void unreadableRecordsInARow() throws Exception {
        var topics = new Topics("unreadable");
        stack.create(topics);
        var config = new EnricherConfig(
                topics,
                stack.client(),
                Stack.RULES,
                directory.resolve("unreadable"),
                THREADS,
                0,
                Optional.of("only"),
                (short) 1,
                EnricherConfig.DEFAULT_COMMIT_INTERVAL,
                5);
        try (var enricher = new EnricherService(config, new SimpleMeterRegistry())) {
            enricher.start();
            send(topics, 30, "no avro".getBytes(StandardCharsets.UTF_8));

            assertQuiet(enricher, "in a row cannot be read");
        }
    }

    @Test
    void partitionsAddedToARawTopic() throws Exception {
        var topics = new Topics("partitions");
        stack.create(topics);
        try (var enricher =
                        stack.enricher(topics, directory.resolve("partitions"), THREADS, new SimpleMeterRegistry());
                var admin = Admin.create(stack.client())) {
            enricher.start();
            send(topics, 30);
            Stack.await(PATIENCE, () -> stack.all(topics.devices()).size() == 30);
            admin.createPartitions(Map.of(topics.rawDevices().name(), NewPartitions.increaseTo(24)))
                    .all()
                    .get();

            assertQuiet(enricher, "has 24 partitions now");
        }
    }

    /** As where the enricher may not create topics: the topic is missing until a poller creates it. */
    @Test
    void aRawTopicThatIsMissing() throws Exception {
        var topics = new Topics("missing");
        stack.create(topics);
        Path state = directory.resolve("missing");
        try (var enricher = stack.enricher(topics, state, THREADS, new SimpleMeterRegistry())) {
            enricher.start();
            send(topics, 30);
            Stack.await(PATIENCE, () -> stack.all(topics.devices()).size() == 30);
        }
        var config = new EnricherConfig(
                topics,
                stack.client(),
                Stack.RULES,
                state,
                THREADS,
                0,
                Optional.of("only"),
                (short) 3,
                EnricherConfig.DEFAULT_COMMIT_INTERVAL,
                100);
        try (var enricher = new EnricherService(config, new SimpleMeterRegistry());
                var admin = Admin.create(stack.client())) {
            enricher.start();
            Stack.await(PATIENCE, () -> enricher.notReady().isEmpty());
            admin.deleteTopics(List.of(topics.rawDevices().name())).all().get();

            assertQuiet(enricher, "does not exist");

            stack.create(topics);
            Stack.await(Duration.ofMinutes(4), () -> enricher.notReady().isEmpty());
        }
    }

    private void assertQuiet(EnricherService enricher, String reason) throws Exception {
        Stack.await(
                PATIENCE,
                () -> enricher.notReady().filter(why -> why.contains(reason)).isPresent());
        // What is shown is what time alone brings, so time has to pass.
        TimeUnit.MILLISECONDS.sleep(BEGINNING.toMillis());
        List<String> beginning = new ArrayList<>(lines);
        TimeUnit.MILLISECONDS.sleep(LATER.toMillis());
        List<String> later = new ArrayList<>(lines).subList(beginning.size(), lines.size());
        assertThat(enricher.notReady())
                .hasValueSatisfying(why -> assertThat(why).contains(reason));
        assertThat(beginning)
                .as("lines of the enricher when the stop begins")
                .filteredOn(line -> line.contains("dev.kandjistream.") && line.contains("Records wait"))
                .hasSize(1);
        assertThat(beginning)
                .as("errors when the stop begins")
                .filteredOn(line -> line.startsWith("ERROR"))
                .hasSizeLessThanOrEqualTo(6 * THREADS);
        // Clients warn of a missing topic each time they look for it.
        assertThat(later)
                .as("errors and lines of the enricher in the %s after that", LATER)
                .filteredOn(line -> line.startsWith("ERROR") || line.contains("dev.kandjistream."))
                .isEmpty();
    }

    private static void send(Topics topics, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            send(topics, i, i + 1, stack.bytes(topics.rawDevices(), device(i)));
        }
    }

    private static void send(Topics topics, int count, byte[] value) throws Exception {
        send(topics, 0, count, value);
    }

    private static void send(Topics topics, int from, int to, byte[] value) throws Exception {
        try (var producer = stack.producer()) {
            for (int i = from; i < to; i++) {
                producer.send(new ProducerRecord<>(topics.rawDevices().name(), Keys.of("acme", "device-" + i), value))
                        .get();
            }
        }
    }

    private static RawDevice device(int number) {
        return RawDevice.newBuilder()
                .setAccountId("acme")
                .setDeviceId("device-" + number)
                .setSweepId(UUID.randomUUID().toString())
                .setObservedAt(Instant.parse("2025-03-01T00:00:00Z"))
                .setBaseline(false)
                .setPlatform("Mac")
                .setUserId("user-" + number)
                .setJson("{}")
                .build();
    }
}
