package dev.kandjistream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.schemas.DeadLetterHeaders;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.standalone.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deadletters redrive --all} in a small heap, with more letters than fit into it, by number and by size. */
@Tag("recovery")
class RedriveMemoryIT {
    private static final int HEAP_MEGABYTES = 64;
    private static final int SMALL = 200_000;
    private static final int LARGE = 300;
    private static final int MEGABYTE = 1 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    private static Path directory;

    private static EmbeddedKafka broker;
    private static Map<String, Object> client;

    @BeforeAll
    static void start() {
        broker = EmbeddedKafka.start(directory.resolve("kafka"));
        client = Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void manyLettersNeedNoMoreMemoryThanFew() throws Exception {
        var topics = create("many");
        try (var producer = producer()) {
            for (int i = 0; i < SMALL; i++) {
                String key = "acme/device-" + i;
                producer.send(letter(topics, key, "value".getBytes(StandardCharsets.UTF_8), i % 12, i / 12));
            }
        }

        Path out = redriven(topics, "--all", "--dry-run");

        try (var lines = Files.lines(out)) {
            assertThat(lines.reduce((one, next) -> next).orElseThrow()).isEqualTo("0 to redrive, 200,000 skipped");
        }
    }

    /** Each record comes once more, and no more than that, whenever the command is killed. */
    @Test
    void largeLettersAreRedrivenOnceThoughTheCommandIsKilled() throws Exception {
        var topics = create("large");
        List<String> keys =
                IntStream.range(0, LARGE).mapToObj(i -> "acme/device-" + i).toList();
        try (var producer = producer()) {
            for (String key : keys) {
                var written = producer.send(
                                new ProducerRecord<>(topics.rawDevices().name(), key, value(key)))
                        .get();
                producer.send(letter(topics, key, value(key), written.partition(), written.offset()));
            }
        }
        enricherHasReadAll(topics);

        Process killed = start(topics, directory.resolve("killed.txt"), "--all");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (copies(topics).values().stream().mapToInt(copies -> copies).sum() < LARGE + 20) {
            assertThat(killed.isAlive() && System.nanoTime() < deadline)
                    .as(() -> text(directory.resolve("killed.txt")))
                    .isTrue();
            TimeUnit.MILLISECONDS.sleep(50);
        }
        killed.destroyForcibly().waitFor();

        redriven(topics, "--all");
        Map<String, Integer> copies = copies(topics);
        assertThat(copies.keySet()).containsExactlyInAnyOrderElementsOf(keys);
        assertThat(copies.values()).containsOnly(2);
        assertThat(text(redriven(topics, "--all", "--output", "json")))
                .contains("\"followed\" : true")
                .doesNotContain("\"redriven\" : true");
    }

    private static Topics create(String prefix) {
        var topics = new Topics(prefix);
        try (var admin = Admin.create(client)) {
            TopicAdmin.ensure(admin, topics, (short) 1);
        }
        return topics;
    }

    private static KafkaProducer<String, byte[]> producer() {
        var properties = new HashMap<>(client);
        properties.put("compression.type", "zstd");
        properties.put("max.request.size", 2 * MEGABYTE);
        properties.put("linger.ms", 20);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    private static ProducerRecord<String, byte[]> letter(
            Topics topics, String key, byte[] value, int partition, long offset) {
        var letter = new ProducerRecord<>(topics.deadLetters().name(), key, value);
        Map.of(
                        DeadLetterHeaders.TOPIC,
                        topics.rawDevices().name(),
                        DeadLetterHeaders.PARTITION,
                        String.valueOf(partition),
                        DeadLetterHeaders.OFFSET,
                        String.valueOf(offset),
                        DeadLetterHeaders.BY,
                        "enricher",
                        DeadLetterHeaders.CAUSE,
                        "unknown schema id 7")
                .forEach((name, text) -> letter.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        return letter;
    }

    private static byte[] value(String key) {
        byte[] value = new byte[MEGABYTE];
        Arrays.fill(value, (byte) key.hashCode());
        return value;
    }

    /** As if it ran, so that the command does not wait for it. */
    private static void enricherHasReadAll(Topics topics) throws Exception {
        try (var admin = Admin.create(client)) {
            int partitions = topics.rawDevices().partitions();
            admin.alterConsumerGroupOffsets(
                            topics.enricherApplicationId(),
                            IntStream.range(0, partitions)
                                    .boxed()
                                    .collect(Collectors.toMap(
                                            number -> new TopicPartition(
                                                    topics.rawDevices().name(), number),
                                            number -> new OffsetAndMetadata(1_000_000))))
                    .all()
                    .get();
        }
    }

    /** How many records of each key stand committed; all of them as they were. */
    private static Map<String, Integer> copies(Topics topics) {
        var properties = new HashMap<>(client);
        properties.put("isolation.level", "read_committed");
        properties.put("max.poll.records", 10);
        Map<String, Integer> copies = new HashMap<>();
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            String topic = topics.rawDevices().name();
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    assertThat(Arrays.equals(record.value(), value(record.key())))
                            .isTrue();
                    copies.merge(record.key(), 1, Integer::sum);
                });
            }
        }
        return copies;
    }

    /** @return what the command printed */
    private static Path redriven(Topics topics, String... options) throws Exception {
        Path out = Files.createTempFile(directory, "redrive", ".txt");
        Process process = start(topics, out, options);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(() -> text(out)).isZero();
        return out;
    }

    private static Process start(Topics topics, Path out, String... options) throws Exception {
        Path config = Files.writeString(
                directory.resolve(topics.prefix() + ".yml"), """
                kafka: { bootstrap_servers: "%s", topic_prefix: %s }
                schema_registry: { url: "http://127.0.0.1:1" }
                """.formatted(broker.bootstrapServers(), topics.prefix()));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xmx" + HEAP_MEGABYTES + "m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "deadletters",
                "redrive",
                "--config",
                config.toString()));
        command.addAll(List.of(options));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("KANDJI_STREAM_"));
        return builder.start();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
