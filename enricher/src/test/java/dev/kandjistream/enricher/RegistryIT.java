package dev.kandjistream.enricher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.sweeps.SweepReceipt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A registry that lost its schemas, and one that never had them, under the enricher; and single bad records. */
@Tag("recovery")
class RegistryIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Instant NOW = Instant.parse("2025-03-01T00:00:00Z");

    private final Topics topics = new Topics("kandji");
    private SimpleMeterRegistry meters;
    private Path directory;
    private Stack stack;

    @BeforeEach
    void start() throws IOException {
        directory = Files.createTempDirectory(Path.of("target"), "registry-it").toAbsolutePath();
        stack = Stack.start(directory.resolve("kafka"));
        stack.create(topics);
    }

    @AfterEach
    void stop() {
        stack.close();
    }

    @Test
    void aRegistryThatIsEmptiedStopsTheEnricherAndItGoesOnWhenItIsRestored() throws Exception {
        try (var enricher = enricher()) {
            enricher.start();
            send(0, 3);
            assertTold(3);

            // A partition that was not read before asks for the schema.
            stack.registryOn("emptied");
            send(3, 6);
            awaitStopped(enricher, "schema id", "Restore its schemas");

            stack.registryOn("_schemas");
            assertTold(6);
            assertAllWell(enricher);
            stack.registryOn("emptied-again");
        }
        try (var enricher = enricher()) {
            enricher.start();
            send(6, 9);
            awaitStopped(enricher, "schema id", "Restore its schemas");

            stack.registryOn("_schemas");
            assertTold(9);
            assertAllWell(enricher);
            assertThat(stack.end(topics.deadLetters())).as("dead letters").isZero();
        }
    }

    /** Longer than a stream thread waits in place: its transaction is undone, and processing is paused. */
    @Test
    void anotherRegistryAtTheSameUrlStopsTheEnricherHoweverLong() throws Exception {
        try (var enricher = enricher()) {
            enricher.start();
            send(0, 3);
            assertTold(3);
        }
        stack.registryOn("another");
        // It hands out the same small numbers, for other schemas.
        var receipts = AvroSerdes.serializer(topics.sweeps(), stack.client());
        receipts.serialize("some.topic", SweepReceipt.newBuilder(receipt()).build());
        try (var enricher = enricher()) {
            enricher.start();
            send(3, 6);
            awaitStopped(enricher, "schema registry", "schema_registry.url");
            Stack.await(PATIENCE, enricher::isPaused);
            assertThat(stack.end(topics.deadLetters())).as("dead letters").isZero();
            awaitStopped(enricher, "schema registry", "schema_registry.url");

            stack.registryOn("_schemas");

            assertTold(6);
            assertAllWell(enricher);
            assertThat(enricher.isPaused()).isFalse();
            assertThat(stack.end(topics.deadLetters())).as("dead letters").isZero();
        }
    }

    @Test
    void aRegistryThatIsEmptiedBeforeAnythingWasReadIsWaitedForToo() throws Exception {
        try (var enricher = enricher()) {
            enricher.start();
            Stack.await(PATIENCE, () -> enricher.notReady().isEmpty());
            stack.bytes(topics.rawDevices(), device("first"));
            stack.registryOn("emptied");
            send(0, 3);
            awaitStopped(enricher, "unknown to the schema registry", "kandji.raw.devices");

            stack.registryOn("_schemas");

            assertTold(3);
            assertAllWell(enricher);
            assertThat(stack.end(topics.deadLetters())).as("dead letters").isZero();
        }
    }

    /** The very first records too, when nothing has been read yet that could prove the registry. */
    @Test
    void singleBadRecordsAreDeadLettersAndTheRestFlows() throws Exception {
        byte[] good = stack.bytes(topics.rawDevices(), device("d0"));
        byte[] forged = good.clone();
        ByteBuffer.wrap(forged).putInt(1, 424242);
        byte[] cut = Arrays.copyOf(good, good.length / 2);
        byte[] stray = good.clone();
        byte[] receipt = stack.bytes(topics.sweeps(), receipt());
        System.arraycopy(receipt, 0, stray, 0, 5);
        var bad = List.of(forged, cut, "no avro".getBytes(StandardCharsets.UTF_8), stray, forged, forged);
        try (var producer = stack.producer()) {
            for (int i = 0; i < bad.size(); i++) {
                producer.send(new ProducerRecord<>(topics.rawDevices().name(), 0, "acme/bad" + i, bad.get(i)))
                        .get();
            }
        }
        send(0, 3);
        try (var enricher = enricher()) {
            enricher.start();
            assertTold(3);
            var letters = stack.read(topics.deadLetters(), PATIENCE, records -> records.size() >= bad.size());
            assertThat(letters).extracting(ConsumerRecord::value).containsExactlyElementsOf(bad);
            assertAllWell(enricher);
        }
    }

    private EnricherService enricher() {
        meters = new SimpleMeterRegistry();
        return stack.enricher(topics, directory.resolve("state"), 1, meters);
    }

    private void awaitStopped(EnricherService enricher, String... words) throws InterruptedException {
        Stack.await(PATIENCE, () -> enricher.notReady()
                .filter(reason -> Arrays.stream(words).allMatch(reason::contains))
                .isPresent());
        assertThat(meters.get("enricher.stopped").gauge().value()).isEqualTo(1);
    }

    private void assertAllWell(EnricherService enricher) throws InterruptedException {
        Stack.await(PATIENCE, () -> enricher.notReady().isEmpty());
        assertThat(meters.get("enricher.stopped").gauge().value()).isZero();
        assertThat(enricher.failure()).isEmpty();
    }

    /** Exactly one event for each device, no more. */
    private void assertTold(int devices) {
        var told = stack.read(topics.licenses(), PATIENCE, records -> records.size() >= devices);
        var ids = new HashSet<String>();
        told.forEach(record -> ids.add(record.key()));
        assertThat(told).hasSize(devices);
        assertThat(ids).hasSize(devices);
    }

    private void send(int from, int to) throws Exception {
        try (var producer = stack.producer()) {
            for (int i = from; i < to; i++) {
                byte[] value = stack.bytes(topics.rawDevices(), device("d" + i));
                producer.send(new ProducerRecord<>(topics.rawDevices().name(), "acme/d" + i, value))
                        .get();
            }
        }
    }

    private static RawDevice device(String id) {
        return RawDevice.newBuilder()
                .setAccountId("acme")
                .setDeviceId(id)
                .setSweepId("s1")
                .setObservedAt(NOW)
                .setBaseline(false)
                .setPlatform("Mac")
                .setUserId("user of " + id)
                .setJson("{}")
                .build();
    }

    private static SweepReceipt receipt() {
        return SweepReceipt.newBuilder()
                .setAccountId("acme")
                .setKind("devices")
                .setSweepId("s1")
                .setStartedAt(NOW)
                .setFinishedAt(NOW)
                .setVerdict("COMPLETE")
                .setConnection("CONNECTED")
                .setRequests(1)
                .setPages(1)
                .setRows(1)
                .setDevices(1)
                .setPublished(0)
                .setUnchanged(1)
                .setRetracted(0)
                .setWithheld(0)
                .setOversized(0)
                .build();
    }
}
