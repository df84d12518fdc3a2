package dev.kandjistream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Paths, bodies and codes as Confluent's "Schema Registry API Reference" tells them, spoken over plain HTTP. */
class EmbeddedRegistryIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String ONE_FIELD = record("{\"name\":\"a\",\"type\":\"string\"}");
    private static final String TWO_FIELDS =
            record("{\"name\":\"a\",\"type\":\"string\"},{\"name\":\"b\",\"type\":\"int\",\"default\":0}");
    private static final String OTHER_TYPE = record("{\"name\":\"a\",\"type\":\"int\"}");

    private static EmbeddedKafka kafka;

    private String topic;
    private EmbeddedRegistry registry;

    @BeforeAll
    static void startKafka(@TempDir Path directory) {
        kafka = EmbeddedKafka.start(directory);
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void start(TestInfo test) {
        topic = "_schemas-" + test.getTestMethod().orElseThrow().getName();
        registry = EmbeddedRegistry.start(0, properties(), topic);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void schemaKeepsItsIdUnderEverySubjectAndHoweverOftenItIsRegistered() throws Exception {
        assertThat(post("/subjects/x-value/versions", schema(ONE_FIELD))).isEqualTo(json("{'id':1}"));
        assertThat(post("/subjects/x-value/versions", schema(ONE_FIELD.replace(",", " , "))))
                .isEqualTo(json("{'id':1}"));
        assertThat(post("/subjects/y-value/versions", schema(ONE_FIELD))).isEqualTo(json("{'id':1}"));
        assertThat(post("/subjects/x-value/versions", schema(TWO_FIELDS))).isEqualTo(json("{'id':2}"));

        assertThat(get("/subjects")).isEqualTo(json("['x-value','y-value']"));
        assertThat(get("/subjects/x-value/versions")).isEqualTo(json("[1,2]"));
        assertThat(get("/subjects/x-value/versions/latest").path("version").asInt())
                .isEqualTo(2);
        assertThat(get("/subjects/x-value/versions/1").path("schema").asText()).isEqualTo(ONE_FIELD);
        assertThat(get("/subjects/x-value/versions/1/schema")).isEqualTo(JSON.readTree(ONE_FIELD));
        assertThat(get("/schemas/ids/2").path("schema").asText()).isEqualTo(TWO_FIELDS);
        assertThat(get("/schemas/ids/1/versions"))
                .isEqualTo(json("[{'subject':'x-value','version':1},{'subject':'y-value','version':1}]"));
        assertThat(post("/subjects/x-value", schema(TWO_FIELDS)).path("version").asInt())
                .isEqualTo(2);
    }

    @Test
    void missingThingsHaveConfluentsErrorCodes() throws Exception {
        post("/subjects/x/versions", schema(ONE_FIELD));

        assertThat(refusal("GET", "/subjects/none/versions", null)).isEqualTo("404 40401");
        assertThat(refusal("GET", "/subjects/x/versions/7", null)).isEqualTo("404 40402");
        assertThat(refusal("GET", "/subjects/x/versions/zero", null)).isEqualTo("422 42202");
        assertThat(refusal("GET", "/schemas/ids/99", null)).isEqualTo("404 40403");
        assertThat(refusal("POST", "/subjects/none", schema(ONE_FIELD))).isEqualTo("404 40401");
        assertThat(refusal("POST", "/subjects/x", schema(TWO_FIELDS))).isEqualTo("404 40403");
        assertThat(refusal("GET", "/config/x", null)).isEqualTo("404 40408");
        assertThat(refusal("POST", "/subjects/x/versions", schema("{\"type\":\"rekord\"}")))
                .isEqualTo("422 42201");
        assertThat(refusal("PUT", "/config/x", "{\"compatibility\":\"SIDEWAYS\"}"))
                .isEqualTo("422 42203");
        assertThat(refusal("POST", "/subjects/x/versions", "{")).isEqualTo("400 400");
        assertThat(refusal("DELETE", "/subjects/x", null)).isEqualTo("405 405");
        assertThat(refusal("GET", "/elsewhere", null)).isEqualTo("404 404");
    }

    @Test
    void incompatibleSchemaIsRefusedWithTheReasonsAndWithoutATrace() throws Exception {
        post("/subjects/x/versions", schema(ONE_FIELD));

        var response = send("POST", "/subjects/x/versions", schema(OTHER_TYPE));

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(JSON.readTree(response.body()).path("error_code").asInt()).isEqualTo(409);
        assertThat(response.body()).contains("TYPE_MISMATCH", "/fields/0/type", "BACKWARD");
        assertThat(response.headers().firstValue("content-type")).contains("application/vnd.schemaregistry.v1+json");
        assertThat(get("/subjects/x/versions")).isEqualTo(json("[1]"));
        assertThat(post("/compatibility/subjects/x/versions/latest", schema(OTHER_TYPE))
                        .path("is_compatible")
                        .asBoolean())
                .isFalse();
        assertThat(post("/compatibility/subjects/x/versions/latest", schema(TWO_FIELDS)))
                .isEqualTo(json("{'is_compatible':true,'messages':[]}"));
    }

    @Test
    void levelsAreTheSubjectsOwnBeforeTheRegistrys() throws Exception {
        assertThat(get("/config")).isEqualTo(json("{'compatibilityLevel':'BACKWARD'}"));
        assertThat(put("/config", "{\"compatibility\":\"NONE\"}")).isEqualTo(json("{'compatibility':'NONE'}"));
        put("/config/strict", "{\"compatibility\":\"FULL_TRANSITIVE\"}");

        assertThat(get("/config/strict")).isEqualTo(json("{'compatibilityLevel':'FULL_TRANSITIVE'}"));
        assertThat(get("/config/free?defaultToGlobal=true")).isEqualTo(json("{'compatibilityLevel':'NONE'}"));
        for (var subject : List.of("strict", "free")) {
            post("/subjects/" + subject + "/versions", schema(ONE_FIELD));
        }
        assertThat(refusal("POST", "/subjects/strict/versions", schema(OTHER_TYPE)))
                .isEqualTo("409 409");
        assertThat(post("/subjects/free/versions", schema(OTHER_TYPE))).isEqualTo(json("{'id':2}"));
    }

    @Test
    void transitiveLevelsLookAtEveryVersion() throws Exception {
        // The third could read the second, whose b it drops, but not the first, which has no c.
        String second = record("{\"name\":\"c\",\"type\":\"string\",\"default\":\"\"}");
        String third = record("{\"name\":\"c\",\"type\":\"string\"}");
        for (var level : List.of("BACKWARD", "BACKWARD_TRANSITIVE")) {
            put("/config/" + level, "{\"compatibility\":\"" + level + "\"}");
            post("/subjects/" + level + "/versions", schema(ONE_FIELD));
            post("/subjects/" + level + "/versions", schema(second));
        }

        assertThat(send("POST", "/subjects/BACKWARD/versions", schema(third)).statusCode())
                .isEqualTo(200);
        assertThat(refusal("POST", "/subjects/BACKWARD_TRANSITIVE/versions", schema(third)))
                .isEqualTo("409 409");
    }

    @Test
    void restartedRegistryKnowsTheSame() throws Exception {
        post("/subjects/x/versions", schema(ONE_FIELD));
        post("/subjects/y/versions", schema(OTHER_TYPE));
        put("/config/x", "{\"compatibility\":\"FULL\"}");
        registry.close();

        registry = EmbeddedRegistry.start(0, properties(), topic);

        assertThat(get("/schemas/ids/2").path("schema").asText()).isEqualTo(OTHER_TYPE);
        assertThat(get("/config/x")).isEqualTo(json("{'compatibilityLevel':'FULL'}"));
        assertThat(post("/subjects/x/versions", schema(TWO_FIELDS))).isEqualTo(json("{'id':3}"));
    }

    @Test
    void twoRegistriesOnOneTopicNeverGiveOneIdTwice() throws Exception {
        try (var other = EmbeddedRegistry.start(0, properties(), topic)) {
            var tasks = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < 8; i++) {
                String url = (i % 2 == 0 ? registry : other).url();
                String schema = record("{\"name\":\"f" + i + "\",\"type\":\"string\"}");
                String subject = "s" + i % 3;
                tasks.add(() -> {
                    var response = HTTP.send(
                            HttpRequest.newBuilder(URI.create(
                                            url + "/subjects/" + subject + "-" + schema.hashCode() + "/versions"))
                                    .POST(HttpRequest.BodyPublishers.ofString(schema(schema)))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
                    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
                    return JSON.readTree(response.body()).path("id").asInt();
                });
            }
            var threads = Executors.newFixedThreadPool(4);
            var ids = new HashSet<Integer>();
            for (var id : threads.invokeAll(tasks)) {
                assertThat(ids.add(id.get())).isTrue();
            }
            threads.shutdown();
            assertThat(ids).hasSize(8);
        }
    }

    /** Keys and values as Confluent's Schema Registry writes them, attribute by attribute. */
    @Test
    void topicHoldsTheRealRegistrysRecords() throws Exception {
        post("/subjects/x/versions", schema("\"string\""));
        put("/config/x", "{\"compatibility\":\"FULL\"}");
        put("/config", "{\"compatibility\":\"NONE\"}");

        assertThat(records())
                .containsExactly(
                        "{\"keytype\":\"SCHEMA\",\"subject\":\"x\",\"version\":1,\"magic\":1}"
                                + " -> {\"subject\":\"x\",\"version\":1,\"id\":1,\"schema\":\"\\\"string\\\"\","
                                + "\"deleted\":false}",
                        "{\"keytype\":\"CONFIG\",\"subject\":\"x\",\"magic\":0} -> {\"compatibilityLevel\":\"FULL\"}",
                        "{\"keytype\":\"CONFIG\",\"subject\":null,\"magic\":0} -> {\"compatibilityLevel\":\"NONE\"}");
    }

    @Test
    void whatARealRegistryWroteIsUnderstood() throws Exception {
        write("{\"keytype\":\"NOOP\",\"magic\":0}", null);
        write(
                "{\"keytype\":\"SCHEMA\",\"subject\":\"x\",\"version\":1,\"magic\":1}",
                "{\"subject\":\"x\",\"version\":1,\"id\":41,\"guid\":\"g\",\"schema\":\"\\\"string\\\"\","
                        + "\"deleted\":false,\"ts\":1}");
        write(
                "{\"keytype\":\"SCHEMA\",\"subject\":\"y\",\"version\":1,\"magic\":1}",
                "{\"subject\":\"y\",\"version\":1,\"id\":42,\"schema\":\"\\\"int\\\"\",\"deleted\":false}");
        write("{\"keytype\":\"DELETE_SUBJECT\",\"subject\":\"y\",\"magic\":0}", "{\"subject\":\"y\",\"version\":1}");
        write("no json", "either");

        assertThat(get("/subjects")).isEqualTo(json("['x']"));
        assertThat(get("/schemas/ids/42").path("schema").asText()).isEqualTo("\"int\"");
        assertThat(post("/subjects/x/versions", schema("\"string\""))).isEqualTo(json("{'id':41}"));
        assertThat(post("/subjects/z/versions", schema("\"long\""))).isEqualTo(json("{'id':43}"));
    }

    @Test
    void topicThatWouldForgetSchemasIsRefused() throws Exception {
        try (var admin = Admin.create(properties())) {
            admin.createTopics(List.of(new NewTopic("forgets", Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }

        assertThatThrownBy(() -> EmbeddedRegistry.start(0, properties(), "forgets"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("expected cleanup.policy=compact, found delete")
                .hasMessageContaining("topic=forgets");
    }

    private static Map<String, Object> properties() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    private static String record(String fields) {
        return "{\"type\":\"record\",\"name\":\"R\",\"namespace\":\"n\",\"fields\":[" + fields + "]}";
    }

    private static String schema(String schema) {
        return JSON.createObjectNode().put("schema", schema).toString();
    }

    private static JsonNode json(String text) throws IOException {
        return JSON.readTree(text.replace('\'', '"'));
    }

    private JsonNode get(String path) throws Exception {
        return successful(send("GET", path, null));
    }

    private JsonNode post(String path, String body) throws Exception {
        return successful(send("POST", path, body));
    }

    private JsonNode put(String path, String body) throws Exception {
        return successful(send("PUT", path, body));
    }

    private static JsonNode successful(HttpResponse<String> response) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private String refusal(String method, String path, String body) throws Exception {
        var response = send(method, path, body);
        JsonNode answer = JSON.readTree(response.body());
        assertThat(answer.path("message").asText()).isNotBlank();
        return response.statusCode() + " " + answer.path("error_code").asInt();
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        var publisher = body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(registry.url() + path))
                        .method(method, publisher)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void write(String key, String value) throws Exception {
        try (var producer = new KafkaProducer<>(properties(), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, 0, key, value)).get();
        }
    }

    private List<String> records() {
        var partition = new TopicPartition(topic, 0);
        try (var consumer = new KafkaConsumer<>(properties(), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            var found = new ArrayList<String>();
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (consumer.position(partition) < end && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> found.add(record.key() + " -> " + record.value()));
            }
            return found;
        }
    }
}
