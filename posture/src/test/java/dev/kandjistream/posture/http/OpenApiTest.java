package dev.kandjistream.posture.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.Connection;
import dev.kandjistream.posture.domain.Platform;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.http.OpenApi.Operation;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The document says what the server does, and the server does what the document says. */
class OpenApiTest {
    private static final Settings SETTINGS = new Settings(
            "127.0.0.1", 0, Optional.empty(), 100_000, 1_000_000, 1_000_000, 1_000, Served.SETTINGS.patience());
    private static final Served SERVED = new Served(SETTINGS);
    private static final OpenApi OPEN_API =
            OpenApi.read(SERVED.get("/v1/openapi.yaml").body());

    /** Of a body that stops arriving: nobody waits thirty seconds for a test of it. */
    private static final int TOO_SLOW = 408;

    @AfterAll
    static void close() {
        SERVED.close();
    }

    static List<Operation> operations() {
        return OPEN_API.operations();
    }

    @Test
    void routesAndDocumentAgree() {
        List<String> routes = new Api(null, null, null, null)
                .routes().stream()
                        .map(route -> route.method() + " " + route.path())
                        .toList();

        assertThat(operations()).extracting(Operation::toString).containsExactlyInAnyOrderElementsOf(routes);
        assertThat(OPEN_API.document.path("openapi").asText()).startsWith("3.1.");
    }

    @ParameterizedTest
    @MethodSource("operations")
    void examplesOfRequestsAreAccepted(Operation operation) {
        JsonNode body = operation.content().at("/requestBody/content/application~1json");

        for (JsonNode example : body.path("examples")) {
            assertThat(OPEN_API.faults(body.path("schema"), example.path("value")))
                    .isEmpty();
            HttpResponse<String> answer = ask(operation, example.path("value").toString(), Served.BOTH);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertDocumented(operation, answer);
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void examplesOfResponsesAreAsTheirSchemasSay(Operation operation) {
        operation.content().path("responses").fieldNames().forEachRemaining(status -> OPEN_API.response(
                        operation, Integer.parseInt(status))
                .path("content")
                .forEach(content -> content.path("examples")
                        .forEach(example -> assertThat(OPEN_API.faults(content.path("schema"), example.path("value")))
                                .isEmpty())));
    }

    /** Every way to ask that there is; what comes of it must be all that is documented, and nothing else. */
    @ParameterizedTest
    @MethodSource("operations")
    void answersAreThoseThatAreDocumented(Operation operation) {
        Set<Integer> seen = new TreeSet<>();
        for (HttpResponse<String> answer : everyAnswer(operation)) {
            assertDocumented(operation, answer);
            seen.add(answer.statusCode());
        }

        Set<Integer> documented = new TreeSet<>();
        operation.content().path("responses").fieldNames().forEachRemaining(s -> documented.add(Integer.parseInt(s)));
        documented.remove(TOO_SLOW);
        assertThat(seen).isEqualTo(documented);
    }

    private static List<HttpResponse<String>> everyAnswer(Operation operation) {
        if (operation.content().path("security").isMissingNode()) {
            return List.of(SERVED.get(operation.path()));
        }
        Stream<HttpResponse<String>> answers = Stream.of(
                ask(operation, question(operation, StubSource.KNOWN), Served.BOTH),
                ask(operation, question(operation, "BROKEN"), Served.BOTH),
                ask(operation, question(operation, "unknown"), Served.BOTH),
                ask(operation, question(operation, StubSource.KNOWN), "another"),
                ask(operation, question(operation, StubSource.KNOWN), withoutScope(operation)),
                notReady(operation),
                limited(operation));
        return (operation.method().equals("POST") ? Stream.concat(answers, badBodies(operation)) : answers).toList();
    }

    private static Stream<HttpResponse<String>> badBodies(Operation operation) {
        HttpRequest good = request(operation, question(operation, "a"), Served.BOTH, SERVED);
        return Stream.of(
                ask(operation, "{\"a\":1}", Served.BOTH),
                ask(operation, "{", Served.BOTH),
                ask(operation, " ".repeat(100_001), Served.BOTH),
                SERVED.send(HttpRequest.newBuilder(good, (name, value) -> true)
                        .setHeader("Content-Type", "text/plain")
                        .build()));
    }

    private static HttpResponse<String> notReady(Operation operation) {
        SERVED.source.notReady = Optional.of("not yet");
        try {
            return ask(operation, question(operation, StubSource.KNOWN), Served.BOTH);
        } finally {
            SERVED.source.notReady = Optional.empty();
        }
    }

    private static HttpResponse<String> limited(Operation operation) {
        try (var served = new Served(
                new Settings("127.0.0.1", 0, Optional.empty(), 1_000, 1, 1, 1, Served.SETTINGS.patience()))) {
            HttpRequest request = request(operation, question(operation, StubSource.KNOWN), Served.BOTH, served);
            served.send(request);
            return served.send(request);
        }
    }

    private static String withoutScope(Operation operation) {
        return scope(operation).equals("read") ? Served.DECIDES : Served.READS;
    }

    private static String scope(Operation operation) {
        return operation.content().at("/security/0/token/0").asText();
    }

    @Test
    void scopesAreDocumented() {
        assertThat(operations().stream().filter(operation -> !scope(operation).isEmpty()))
                .hasSize(3)
                .allSatisfy(operation -> assertThat(ask(operation, question(operation, "a"), withoutScope(operation))
                                .headers()
                                .firstValue("WWW-Authenticate")
                                .orElse(""))
                        .endsWith("scope=\"" + scope(operation) + "\""));
    }

    /** What the schema refuses, the server refuses; what it lets pass, the server takes. */
    @ParameterizedTest
    @MethodSource("bodies")
    void bodiesAreJudgedAsTheirSchemaJudgesThem(String body) throws JsonProcessingException {
        Operation decide = operations().stream()
                .filter(operation -> operation.path().equals("/v1/decisions"))
                .findFirst()
                .orElseThrow();
        JsonNode schema = decide.content().at("/requestBody/content/application~1json/schema");
        boolean sound =
                OPEN_API.faults(schema, new ObjectMapper().readTree(body)).isEmpty();

        assertThat(ask(decide, body, Served.BOTH).statusCode()).isEqualTo(sound ? 200 : 400);
    }

    static List<String> bodies() {
        return List.of(
                "{}",
                "[]",
                "{\"serial_number\":1}",
                "{\"serial_number\":null}",
                "{\"serial_number\":\"\"}",
                "{\"serial_number\":\"" + "a".repeat(100) + "\"}",
                "{\"serial_number\":\"" + "a".repeat(101) + "\"}",
                "{\"serial_number\":\"a\",\"x\":1}",
                "{\"serial_number\":\"a\",\"platform\":null,\"user_email\":null,\"context\":null}",
                "{\"serial_number\":\"a\",\"platform\":1}",
                "{\"serial_number\":\"a\",\"platform\":\"" + "a".repeat(101) + "\"}",
                "{\"serial_number\":\"a\",\"user_email\":\"" + "a".repeat(320) + "\"}",
                "{\"serial_number\":\"a\",\"user_email\":\"" + "a".repeat(321) + "\"}",
                "{\"serial_number\":\"a\",\"context\":{}}",
                "{\"serial_number\":\"a\",\"context\":{\"a\":1}}",
                "{\"serial_number\":\"a\",\"context\":{\"a\":\"" + "a".repeat(1_001) + "\"}}",
                "{\"serial_number\":\"a\",\"context\":{\"" + "a".repeat(101) + "\":\"\"}}",
                "{\"serial_number\":\"a\",\"context\":{" + entries(50) + "}}",
                "{\"serial_number\":\"a\",\"context\":{" + entries(51) + "}}");
    }

    private static String entries(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"k" + i + "\":\"\"").collect(Collectors.joining(","));
    }

    @Test
    void wordsAndLimitsAreThoseOfTheCode() {
        JsonNode schemas = OPEN_API.document.at("/components/schemas");

        assertThat(texts(schemas.at("/Problem/properties/type/enum")))
                .containsExactly(Arrays.stream(Problem.Kind.values())
                        .map(kind -> Problem.TYPES + kind.word())
                        .toArray(String[]::new));
        assertThat(texts(schemas.at("/AttributeName/enum"))).containsExactly(words());
        assertThat(schemas.at("/Attributes/properties").fieldNames())
                .toIterable()
                .containsExactly(words());
        assertThat(texts(schemas.at("/Attributes/properties/connection_reason/properties/value/enum")))
                .containsExactlyInAnyOrder(Arrays.stream(Connection.values())
                        .map(Connection::reason)
                        .toArray(String[]::new));
        assertThat(texts(schemas.at("/Attributes/properties/platform/properties/value/enum")))
                .containsExactlyElementsOf(Platform.WORDS);
        assertThat(schemas.at("/Question/properties/serial_number/maxLength").asInt())
                .isEqualTo(SerialNumber.LONGEST);
        assertThat(schemas.at("/Questions/properties/questions/maxItems").asInt())
                .isEqualTo(Settings.DEFAULT.maxBatch());
        assertThat(OPEN_API.document.at("/servers/0/url").asText()).endsWith(":" + Settings.DEFAULT.port());
    }

    @Test
    void attributesAreDocumentedWithTheirKinds() {
        JsonNode attributes = OPEN_API.document.at("/components/schemas/Attributes/properties");

        for (Attribute attribute : Attribute.values()) {
            String reference = attributes.path(attribute.word()).path("$ref").asText();
            String expected =
                    switch (attribute.kind()) {
                        case TEXT -> attribute.vocabulary().isEmpty() ? "Text" : "Origin";
                        case VERSION -> "Text";
                        case TRUTH -> "Truth";
                        case SPAN -> "Span";
                        case TEXTS -> "Texts";
                    };
            assertThat(reference).as(attribute.word()).endsWith("/" + expected);
        }
    }

    private static String[] words() {
        return Arrays.stream(Attribute.values()).map(Attribute::word).toArray(String[]::new);
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static void assertDocumented(Operation operation, HttpResponse<String> answer) {
        JsonNode response = OPEN_API.response(operation, answer.statusCode());
        assertThat(response.isMissingNode())
                .as(operation + " answers " + answer.statusCode())
                .isFalse();
        String type = answer.headers().firstValue("Content-Type").orElse("");
        JsonNode content = response.path("content").path(type);
        assertThat(content.isMissingNode())
                .as(operation + " answers with " + type)
                .isFalse();
        if (type.contains("json")) {
            assertThat(OPEN_API.faults(content.path("schema"), Served.json(answer)))
                    .isEmpty();
        }
        response.path("headers")
                .fieldNames()
                .forEachRemaining(name ->
                        assertThat(answer.headers().firstValue(name)).as(name).isPresent());
    }

    private static HttpResponse<String> ask(Operation operation, String question, String token) {
        return SERVED.send(request(operation, question, token, SERVED));
    }

    /** @param question a body; of GET the last part of the path */
    private static HttpRequest request(Operation operation, String question, String token, Served served) {
        HttpRequest.Builder builder = operation.method().equals("POST")
                ? served.request(operation.path())
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(question))
                : served.request(operation.path().replace("{serial}", question));
        return builder.setHeader("Authorization", "Bearer " + token).build();
    }

    private static String question(Operation operation, String serialNumber) {
        String question = "{\"serial_number\":\"" + serialNumber + "\"}";
        return switch (operation.path()) {
            case "/v1/decisions" -> question;
            case "/v1/decisions/batch" -> "{\"questions\":[" + question + "," + question + "]}";
            default -> serialNumber;
        };
    }
}
