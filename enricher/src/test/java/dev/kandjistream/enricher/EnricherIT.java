package dev.kandjistream.enricher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.raw.RawApp;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.raw.RawDeviceApps;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.usage.Envelope;
import dev.kandjistream.usage.Usage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The service against a real broker and registry. */
class EnricherIT {
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final Instant NOW = Instant.parse("2025-03-01T00:00:00Z");

    private static final List<Future<RecordMetadata>> SENT = new ArrayList<>();

    private static Path directory;
    private static Stack stack;

    @BeforeAll
    static void start() throws IOException {
        // Not under the temporary directory: Kafka Streams warns of that, and rightly.
        directory = Files.createTempDirectory(Path.of("target"), "enricher-it").toAbsolutePath();
        stack = Stack.start(directory.resolve("kafka"));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void anUnreadableRecordGoesToTheDeadLettersAndTheRestFlows() throws Exception {
        var topics = new Topics("unreadable");
        stack.create(topics);
        byte[] broken = "no avro".getBytes(StandardCharsets.UTF_8);
        try (var producer = stack.producer()) {
            producer.send(new ProducerRecord<>(topics.rawDevices().name(), 0, "acme/d1", broken))
                    .get();
            send(producer, topics, "d1", 1, 3);
            arrived();
        }
        try (var enricher = stack.enricher(topics, directory.resolve("unreadable"), 1, new SimpleMeterRegistry())) {
            enricher.start();
            var letters = stack.read(topics.deadLetters(), PATIENCE, records -> !records.isEmpty());
            var usages = stack.read(topics.usage(), PATIENCE, records -> records.size() >= 3);

            assertThat(letters.size()).isEqualTo(1);
            assertThat(letters.get(0).key()).isEqualTo("acme/d1");
            assertThat(letters.get(0).value()).isEqualTo(broken);
            assertThat(header(letters.get(0), "deadletter.topic")).isEqualTo("unreadable.raw.devices");
            assertThat(header(letters.get(0), "deadletter.partition")).isEqualTo("0");
            assertThat(header(letters.get(0), "deadletter.offset")).isEqualTo("0");
            assertThat(header(letters.get(0), "deadletter.cause")).isNotBlank();
            assertThat(usages.size()).isEqualTo(3);
            assertThat(enricher.failure()).isEmpty();
        }
    }

    /** Killed as processes are killed: no goodbye, no commit. The commit of the moment is lost, nothing else. */
    @Test
    void aKilledEnricherGoesOnWhereItsLastCommitWas() throws Exception {
        var topics = new Topics("killed");
        stack.create(topics);
        int devices = 100;
        int apps = 20;
        Path state = directory.resolve("killed");
        try (var producer = stack.producer()) {
            Process first = process(topics, state);
            try {
                for (int i = 0; i < devices; i++) {
                    send(producer, topics, "d" + i, 1, apps);
                }
                arrived();
                stack.read(topics.usage(), PATIENCE, records -> records.size() > 20);
            } finally {
                // Also when the test fails: nobody else would end it.
                first.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
            }
            for (int i = 0; i < devices; i++) {
                send(producer, topics, "d" + i, 2, apps - 1);
            }
            arrived();
        }
        try (var enricher = stack.enricher(topics, state, 1, new SimpleMeterRegistry())) {
            enricher.start();
            // Each app begins; then one ends, which takes two records, and the others change.
            int all = devices * (apps + apps - 1 + 2);
            var records = stack.read(topics.usage(), PATIENCE, seen -> seen.size() >= all);

            assertThat(records.size()).isEqualTo(all);
            assertThat(fold(records)).hasSize(devices * (apps - 1));
            assertThat(fold(records).values())
                    .allSatisfy(usage -> assertThat(usage.getVersions()).containsExactly("2"));
            assertUnbroken(records);
        }
    }

    @Test
    void closingAndStartingAgainLosesAndRepeatsNothing() throws Exception {
        var topics = new Topics("restarted");
        stack.create(topics);
        Path state = directory.resolve("restarted");
        try (var producer = stack.producer()) {
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 30; i++) {
                    send(producer, topics, "d" + (round * 30 + i), 1, 10);
                }
                arrived();
                try (var enricher = stack.enricher(topics, state, 2, new SimpleMeterRegistry())) {
                    enricher.start();
                    int soFar = round * 300 + 1;
                    stack.read(topics.usage(), PATIENCE, records -> records.size() >= soFar);
                }
            }
        }
        try (var enricher = stack.enricher(topics, state, 2, new SimpleMeterRegistry())) {
            enricher.start();
            var records = stack.read(topics.usage(), PATIENCE, seen -> seen.size() >= 900);

            assertThat(records.size()).isEqualTo(900);
            assertUnbroken(records);
        }
    }

    private static Map<String, Usage> fold(List<ConsumerRecord<String, byte[]>> records) {
        var state = new HashMap<String, Usage>();
        for (var record : records) {
            Usage after = record.value() == null ? null : envelope(record).getAfter();
            if (after == null) {
                state.remove(record.key());
            } else {
                state.put(record.key(), after);
            }
        }
        return state;
    }

    private static void assertUnbroken(List<ConsumerRecord<String, byte[]>> records) {
        var ids = new HashSet<String>();
        var last = new HashMap<String, Usage>();
        for (var record : records) {
            if (record.value() == null) {
                assertThat(last).doesNotContainKey(record.key());
            } else {
                Envelope event = envelope(record);
                assertThat(ids.add(event.getEventId())).isTrue();
                assertThat(event.getBefore()).isEqualTo(last.get(record.key()));
                if (event.getAfter() == null) {
                    last.remove(record.key());
                } else {
                    last.put(record.key(), event.getAfter());
                }
            }
        }
    }

    private static Envelope envelope(ConsumerRecord<String, byte[]> record) {
        return stack.value(new Topics("any").usage(), record.value());
    }

    private static Process process(Topics topics, Path state) throws IOException {
        return stack.enricherProcess(topics, state, "only", directory.resolve("process.log"));
    }

    private static void send(KafkaProducer<String, byte[]> producer, Topics topics, String id, int version, int apps) {
        String key = Keys.of("acme", id);
        var device = RawDevice.newBuilder()
                .setAccountId("acme")
                .setDeviceId(id)
                .setSweepId("s" + version)
                .setObservedAt(NOW.plusSeconds(version))
                .setBaseline(false)
                .setPlatform("Mac")
                .setUserId("user of " + id)
                .setJson("{}")
                .build();
        List<RawApp> rows = IntStream.range(0, apps)
                .mapToObj(i -> RawApp.newBuilder()
                        .setName("App " + i)
                        .setBundleId("com.app" + i)
                        .setVersion(String.valueOf(version))
                        .build())
                .toList();
        var raw = new RawDeviceApps("acme", id, "a" + version, NOW.plusSeconds(version), false, NOW, rows, 0, false);
        SENT.add(producer.send(
                new ProducerRecord<>(topics.rawDevices().name(), key, stack.bytes(topics.rawDevices(), device))));
        SENT.add(producer.send(new ProducerRecord<>(topics.rawApps().name(), key, stack.bytes(topics.rawApps(), raw))));
    }

    /** What did not reach the broker cannot be asked back from it. */
    private static void arrived() throws Exception {
        for (var sent : SENT) {
            sent.get();
        }
        SENT.clear();
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
