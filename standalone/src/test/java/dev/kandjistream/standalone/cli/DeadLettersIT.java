package dev.kandjistream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.embedded.EmbeddedRegistry;
import dev.kandjistream.enricher.EnricherConfig;
import dev.kandjistream.enricher.EnricherService;
import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.standalone.run.StopSignal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deadletters} beside a running enricher: a schema that the registry gets to know only after the records came. */
@Tag("recovery")
class DeadLettersIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private final Topics topics = new Topics("kandji");
    private final StringWriter err = new StringWriter();
    private String out = "";
    private EmbeddedKafka broker;
    private EmbeddedRegistry registry;
    private Map<String, Object> client;

    @BeforeEach
    void start() {
        broker = EmbeddedKafka.start(directory.resolve("kafka"));
        registry = EmbeddedRegistry.start(0, Map.of("bootstrap.servers", broker.bootstrapServers()), "_schemas");
        client = Map.of("bootstrap.servers", broker.bootstrapServers(), "schema.registry.url", registry.url());
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            TopicAdmin.ensure(admin, topics, (short) 1);
        }
    }

    @AfterEach
    void stop() throws Exception {
        registry.close();
        broker.close();
        OperatorCommandsIT.restoreLogging();
    }

    @Test
    void lettersAreListedShownAndRedrivenOnceInOrder() throws Exception {
        try (var enricher = enricher()) {
            enricher.start();
            send("acme/d0", device("d0", "Zero"), null);
            await(topics.licenses(), 1);
            int unknown = register("{\"type\":\"string\"}") + 1;
            send("acme/d1", later(device("d1", "One"), unknown), "t1");
            send("acme/d2", later(device("d2", "Two"), unknown), null);
            send("acme/d2", device("d2", "Newer"), null);
            send("globex/d3", "no avro".getBytes(StandardCharsets.UTF_8), null);
            await(topics.deadLetters(), 3);
            await(topics.licenses(), 2);

            JsonNode listed = json("deadletters", "list", "--output", "json").path("dead_letters");
            assertThat(listed.findValuesAsText("key")).containsExactlyInAnyOrder("acme/d1", "acme/d2", "globex/d3");
            assertThat(listed.findValuesAsText("by")).containsOnly("enricher");
            List<Long> ids = new ArrayList<>();
            listed.forEach(
                    letter -> ids.add(Long.parseLong(letter.path("id").asText().substring(2))));
            assertThat(ids).as("newest first").isSortedAccordingTo((one, other) -> Long.compare(other, one));
            JsonNode ofAcme = json("deadletters", "list", "--account", "acme", "--limit", "1", "--output", "json");
            assertThat(ofAcme.path("dead_letters").findValuesAsText("account_id"))
                    .containsExactly("acme");
            assertThat(run("deadletters", "list")).isZero();
            assertThat(out).contains("globex/d3", "kandji.raw.devices", "zero byte");

            String first = idOf(listed, "acme/d1");
            assertThat(run("deadletters", "show", first)).isZero();
            assertThat(out).contains("acme/d1", "trace=t1", "schema id " + unknown, "none can be had");
            assertThat(run("deadletters", "redrive", first)).as("still unknown").isEqualTo(ExitCodes.FAILED);
            assertThat(err.toString()).contains("could not be read again: " + first);

            assertThat(register(schemaOfLater())).isEqualTo(unknown);
            JsonNode shown = json("deadletters", "show", first, "--output", "json");
            assertThat(shown.path("schema").asText()).isEqualTo("dev.kandjistream.raw.RawDevice");
            assertThat(JSON.readTree(shown.path("content").asText())
                            .path("device_name")
                            .asText())
                    .isEqualTo("One");
            long before = records(topics.rawDevices()).size();
            assertThat(json("deadletters", "redrive", "--account", "acme", "--dry-run", "--output", "json")
                            .path("dry_run")
                            .asBoolean())
                    .isTrue();
            assertThat(records(topics.rawDevices())).hasSize((int) before);

            JsonNode redriven = json("deadletters", "redrive", "--account", "acme", "--output", "json");

            assertThat(redriven.path("followed").asBoolean()).isTrue();
            List<String> outcomes = new ArrayList<>();
            redriven.path("letters")
                    .forEach(letter -> outcomes.add(letter.path("key").asText() + " "
                            + (letter.path("redriven").asBoolean()
                                    ? "redriven"
                                    : letter.path("skipped").asText())));
            assertThat(outcomes)
                    .containsExactlyInAnyOrder(
                            "acme/d1 it was redriven before",
                            "acme/d2 the topic has a newer record of its key",
                            "acme/d1 redriven");
            await(topics.licenses(), 3);
            assertAsItWas("acme/d1", later(device("d1", "One"), unknown));

            long after = records(topics.rawDevices()).size();
            assertThat(run("deadletters", "redrive", "--account", "acme")).isZero();
            assertThat(out).contains("0 redriven, 3 skipped");
            assertThat(records(topics.rawDevices())).hasSize((int) after);
            assertThat(enricher.failure()).isEmpty();
        }
    }

    @Test
    void whatIsNotThereIsSaid() throws Exception {
        assertThat(run("deadletters", "list")).isZero();
        assertThat(out).contains("There are no dead letters.");
        assertThat(run("deadletters", "show", "0:7")).isEqualTo(ExitCodes.FAILED);
        assertThat(err.toString()).contains("Expected the id of a dead letter, found \"0:7\"");
    }

    /** Key, value, partition and headers, and one header more. */
    private void assertAsItWas(String key, byte[] value) {
        List<ConsumerRecord<String, byte[]>> records = records(topics.rawDevices()).stream()
                .filter(record -> record.key().equals(key))
                .toList();
        assertThat(records).hasSize(3).allSatisfy(record -> {
            assertThat(record.value()).isEqualTo(value);
            assertThat(record.partition()).isEqualTo(records.get(0).partition());
        });
        List<String> names = new ArrayList<>();
        records.get(2).headers().forEach(header -> names.add(header.key()));
        assertThat(names).containsExactly("trace", "deadletter.redriven");
    }

    private static String idOf(JsonNode letters, String key) {
        for (JsonNode letter : letters) {
            if (letter.path("key").asText().equals(key)) {
                return letter.path("id").asText();
            }
        }
        throw new AssertionError("no letter of " + key);
    }

    private EnricherService enricher() {
        return new EnricherService(
                new EnricherConfig(
                        topics,
                        client,
                        new Rules(1, Set.of("helper"), Set.of("Mac")),
                        directory.resolve("state"),
                        1,
                        0,
                        Optional.empty()),
                new SimpleMeterRegistry());
    }

    private byte[] device(String id, String name) {
        var device = RawDevice.newBuilder()
                .setAccountId("acme")
                .setDeviceId(id)
                .setDeviceName(name)
                .setSweepId("s1")
                .setObservedAt(Instant.parse("2025-03-01T00:00:00Z"))
                .setBaseline(false)
                .setPlatform("Mac")
                .setUserId("user of " + id)
                .setJson("{}")
                .build();
        try (var values = AvroSerdes.serializer(topics.rawDevices(), client)) {
            return values.serialize(topics.rawDevices().name(), device);
        }
    }

    /** The same by a later schema, whose last field is null. */
    private static byte[] later(byte[] value, int schemaId) {
        byte[] longer = Arrays.copyOf(value, value.length + 1);
        ByteBuffer.wrap(longer).putInt(1, schemaId);
        return longer;
    }

    private static String schemaOfLater() throws Exception {
        var schema = (ObjectNode) JSON.readTree(RawDevice.SCHEMA$.toString());
        var field = ((ArrayNode) schema.path("fields")).addObject().put("name", "later");
        field.putArray("type").add("null").add("string");
        field.putNull("default");
        return schema.toString();
    }

    private int register(String schema) throws Exception {
        var request = HttpRequest.newBuilder(
                        URI.create(registry.url() + "/subjects/any" + schema.length() + "/versions"))
                .POST(HttpRequest.BodyPublishers.ofString(
                        JSON.createObjectNode().put("schema", schema).toString()))
                .build();
        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(answer.body()).path("id").asInt();
    }

    private void send(String key, byte[] value, String trace) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            var record = new ProducerRecord<>(topics.rawDevices().name(), key, value);
            if (trace != null) {
                record.headers().add("trace", trace.getBytes(StandardCharsets.UTF_8));
            }
            producer.send(record).get();
        }
    }

    private void await(Topic<?> topic, int records) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (records(topic).size() < records) {
            assertThat(System.nanoTime())
                    .as("%s records of %s", records, topic.name())
                    .isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    private List<ConsumerRecord<String, byte[]>> records(Topic<?> topic) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(one -> new TopicPartition(topic.name(), one.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    private JsonNode json(String... arguments) throws Exception {
        assertThat(run(arguments)).as(() -> out + err).isZero();
        return JSON.readTree(out);
    }

    private int run(String... arguments) throws Exception {
        Path file = Files.writeString(
                directory.resolve("kandji-stream.yml"), """
                kafka: { bootstrap_servers: "%s" }
                schema_registry: { url: "%s" }
                """.formatted(broker.bootstrapServers(), registry.url()));
        var printed = new StringWriter();
        var line = KandjiStream.commandLine(StopSignal.none())
                .setOut(new PrintWriter(printed, true))
                .setErr(new PrintWriter(err, true));
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", file.toString()));
        int code = line.execute(all.toArray(String[]::new));
        out = printed.toString();
        return code;
    }
}
