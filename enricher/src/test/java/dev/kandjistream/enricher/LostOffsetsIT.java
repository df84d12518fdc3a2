package dev.kandjistream.enricher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.raw.RawApp;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.raw.RawDeviceApps;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.TombstoneHeaders;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The consumer group is deleted, or its offsets have expired, and the stores are still there: history is read again. */
@Tag("recovery")
class LostOffsetsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final Topics TOPICS = new Topics("offsets");
    private static final int DEVICES = 40;

    private static Path directory;
    private static Stack stack;

    private final List<Future<?>> sent = new ArrayList<>();
    private Instant now = Instant.parse("2025-03-01T00:00:00Z");
    private int rawRecords;
    private int round;
    private KafkaProducer<String, byte[]> producer;

    @BeforeAll
    static void start() throws IOException {
        directory = Files.createTempDirectory(Path.of("target"), "offsets-it").toAbsolutePath();
        stack = Stack.start(directory.resolve("kafka"));
        stack.create(TOPICS);
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void historyReadAgainIsPublishedNeitherWithTheStateKeptNorWithTheStateRestored() throws Exception {
        Path state = directory.resolve("state");
        try (var own = stack.producer()) {
            producer = own;
            try (var enricher = stack.enricher(TOPICS, state, 2, new SimpleMeterRegistry())) {
                enricher.start();
                live();
                settle();
            }
            List<String> before = everything();
            assertThat(before.size()).isGreaterThan(DEVICES * 10);

            stack.deleteGroup(TOPICS, PATIENCE);
            readAgain(state);
            List<String> kept = everything();
            assertThat(withoutMarkers(kept)).isEqualTo(withoutMarkers(before));

            stack.deleteGroup(TOPICS, PATIENCE);
            delete(state);
            readAgain(state);
            assertThat(withoutMarkers(everything())).isEqualTo(withoutMarkers(before));
            assertIdsAreUnique();
        }
    }

    /** Devices enrol, get apps, change hands, lose apps, go, and some come back. */
    private void live() throws Exception {
        for (int i = 0; i < DEVICES; i++) {
            device(i, "ann", "d1");
            apps(i, "a", "b", "c");
        }
        settle();
        for (int i = 0; i < DEVICES; i++) {
            device(i, i % 2 == 0 ? "ann" : "bob" + i, "d2");
            apps(i, "b", "d");
        }
        settle();
        for (int i = 0; i < DEVICES; i++) {
            if (i % 3 == 0) {
                gone(TOPICS.rawDevices(), i);
                gone(TOPICS.rawApps(), i);
            }
        }
        settle();
        for (int i = 0; i < DEVICES; i++) {
            if (i % 9 == 0) {
                device(i, "cleo", "d3");
                apps(i, "a");
            }
        }
    }

    private void readAgain(Path state) throws Exception {
        var meters = new SimpleMeterRegistry();
        try (var enricher = stack.enricher(TOPICS, state, 2, meters)) {
            enricher.start();
            Stack.await(PATIENCE, () -> read(meters) >= rawRecords);
            settle();
            assertThat(enricher.failure()).isEmpty();
        }
    }

    private static double read(SimpleMeterRegistry meters) {
        return meters.find("enricher.records").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    /** Waits until the users of every partition have everything that was sent so far: each partition has a marker. */
    private void settle() throws Exception {
        round++;
        var users = new ArrayList<String>();
        for (int partition = 0; partition < TOPICS.users().partitions(); partition++) {
            String user = userOf(partition);
            users.add(user);
            device("marker-" + partition, user, "round " + round);
            apps("marker-" + partition, "marker" + round);
        }
        for (var record : sent) {
            record.get();
        }
        sent.clear();
        var waiting = new HashSet<String>();
        users.forEach(user -> waiting.add(Keys.of("acme", user, "com.marker" + round)));
        stack.read(TOPICS.usage(), PATIENCE, records -> {
            records.forEach(record -> waiting.remove(record.key()));
            return waiting.isEmpty();
        });
        assertThat(waiting).isEmpty();
    }

    private static String userOf(int partition) {
        for (int i = 0; ; i++) {
            String user = "marker" + i;
            byte[] key = Keys.of("acme", user).getBytes(StandardCharsets.UTF_8);
            if (BuiltInPartitioner.partitionForKey(key, TOPICS.users().partitions()) == partition) {
                return user;
            }
        }
    }

    private void device(int number, String user, String name) {
        device("device-" + number, user, name);
    }

    private void device(String id, String user, String name) {
        var device = RawDevice.newBuilder()
                .setAccountId("acme")
                .setDeviceId(id)
                .setSweepId(sweepId())
                .setObservedAt(now)
                .setBaseline(false)
                .setPlatform("Mac")
                .setDeviceName(name)
                .setUserId(user)
                .setJson("{}")
                .build();
        send(TOPICS.rawDevices(), id, stack.bytes(TOPICS.rawDevices(), device));
    }

    private void apps(int number, String... names) {
        apps("device-" + number, names);
    }

    private void apps(String id, String... names) {
        var rows = new ArrayList<RawApp>();
        for (String name : names) {
            rows.add(RawApp.newBuilder()
                    .setName(name)
                    .setBundleId("com." + name)
                    .setVersion("1")
                    .build());
        }
        var apps = new RawDeviceApps("acme", id, sweepId(), now, false, now, rows, 0, false);
        send(TOPICS.rawApps(), id, stack.bytes(TOPICS.rawApps(), apps));
    }

    private void gone(Topic<?> topic, int number) {
        var tombstone = new ProducerRecord<String, byte[]>(topic.name(), Keys.of("acme", "device-" + number), null);
        tombstone.headers().add(TombstoneHeaders.SWEEP_ID, sweepId().getBytes(StandardCharsets.UTF_8));
        byte[] time = String.valueOf(now.toEpochMilli()).getBytes(StandardCharsets.UTF_8);
        tombstone.headers().add(TombstoneHeaders.OBSERVED_AT, time);
        send(tombstone);
    }

    private void send(Topic<?> topic, String id, byte[] value) {
        send(new ProducerRecord<>(topic.name(), Keys.of("acme", id), value));
    }

    private void send(ProducerRecord<String, byte[]> record) {
        sent.add(producer.send(record));
        rawRecords++;
    }

    /** As the poller makes them, each later than the one before. */
    private String sweepId() {
        now = now.plusSeconds(1);
        return new UUID(now.toEpochMilli() << 16 | 0x7000, 0x8000_0000_0000_0001L).toString();
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void assertIdsAreUnique() {
        var ids = new ArrayList<String>();
        for (Topic<?> topic : events()) {
            for (var record : stack.all(topic)) {
                if (record.value() != null) {
                    ids.add(String.valueOf(((GenericRecord) stack.value(topic, record.value())).get("event_id")));
                }
            }
        }
        assertThat(ids).doesNotHaveDuplicates();
    }

    private static List<Topic<?>> events() {
        return List.of(TOPICS.devices(), TOPICS.licenses(), TOPICS.users(), TOPICS.usage());
    }

    /** All that readers see, topic by topic and in each partition in order. */
    private static List<String> everything() {
        var all = new ArrayList<String>();
        for (Topic<?> topic : events()) {
            stack.all(topic).stream().map(LostOffsetsIT::text).forEach(all::add);
        }
        stack.all(TOPICS.unattributed()).stream().map(LostOffsetsIT::text).forEach(all::add);
        assertThat(stack.all(TOPICS.deadLetters())).isEmpty();
        return all;
    }

    private static String text(ConsumerRecord<String, byte[]> record) {
        var id = record.headers().lastHeader("ce_id");
        return record.topic() + " " + record.key() + " "
                + (id == null ? "null" : new String(id.value(), StandardCharsets.UTF_8));
    }

    private static List<String> withoutMarkers(List<String> all) {
        return all.stream().filter(record -> !record.contains("marker")).toList();
    }
}
