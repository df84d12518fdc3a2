package dev.kandjistream.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryClientTest {
    private ScriptedRegistry registry;
    private ScriptedRegistry second;

    @BeforeEach
    void open() throws IOException {
        registry = new ScriptedRegistry();
        second = new ScriptedRegistry();
    }

    @AfterEach
    void close() {
        registry.close();
        second.close();
    }

    @Test
    void errorOfTheRegistryIsTriedAgain() {
        registry.answering(503, "starting").answering(429, "slowly").answering(200, "{\"id\":7}");

        assertThat(client(Map.of()).register("s", "\"string\"")).isEqualTo(7);
        assertThat(registry.requests()).hasSize(3);
    }

    @Test
    void nextUrlAnswersForOneThatIsDown() {
        second.answering(200, "{\"id\":7}");
        String down = registry.url();
        registry.close();

        assertThat(client(Map.of("schema.registry.url", down + "/, " + second.url() + "/"))
                        .register("s", "\"string\""))
                .isEqualTo(7);
    }

    @Test
    void triesEndAndTheErrorNamesUrlsTriesAndCause() {
        for (int i = 0; i < 4; i++) {
            registry.answering(500, "broken");
        }

        assertThatThrownBy(() -> client(Map.of()).byId(1))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining(registry.url())
                .hasMessageContaining("rounds=4")
                .hasMessageContaining("answered 500");
        assertThat(registry.requests()).hasSize(4);
    }

    @Test
    void refusalIsNotTriedAgainAndCarriesTheRegistrysWords() {
        registry.answering(409, "{\"error_code\":409,\"message\":\"incompatible: reader lacks x\"}");

        assertThatThrownBy(() -> client(Map.of()).register("s", "\"string\""))
                .isInstanceOfSatisfying(RegistryException.class, refusal -> {
                    assertThat(refusal.status()).isEqualTo(409);
                    assertThat(refusal).hasMessageContaining("incompatible: reader lacks x");
                });
        assertThat(registry.requests()).hasSize(1);
    }

    @Test
    void refusalThatIsNoJsonIsToldToo() {
        registry.answering(404, "<html>no such page</html>");

        assertThatThrownBy(() -> client(Map.of()).byId(1))
                .isInstanceOfSatisfying(RegistryException.class, refusal -> assertThat(refusal.errorCode())
                        .isEqualTo(404))
                .hasMessageContaining("<html>");
    }

    @Test
    void userInfoGoesIntoTheHeaderAndIntoNoMessage() {
        registry.answering(401, "{\"error_code\":401,\"message\":\"Unauthorized\"}");
        Map<String, Object> settings =
                Map.of("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", new Password("jo:s3cret"));

        assertThatThrownBy(() -> client(settings).byId(1))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("basic.auth.user.info")
                .hasMessageNotContaining("s3cret");
        assertThat(registry.requests().get(0).authorization()).isEqualTo(basic("jo:s3cret"));
    }

    @Test
    void userInfoMayStandInTheUrl() {
        registry.answering(404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");

        assertThatThrownBy(() -> client(
                                Map.of("schema.registry.url", registry.url().replace("//", "//jo:s3cret@")))
                        .byId(1))
                .hasMessageNotContaining("s3cret");
        assertThat(registry.requests().get(0).authorization()).isEqualTo(basic("jo:s3cret"));
    }

    @Test
    void userInfoOfOneUrlGoesToNoOtherHost() {
        registry.answering(500, "broken");
        second.answering(200, "{\"id\":7}");
        String urls = registry.url().replace("//", "//jo:s3cret@") + "," + second.url();

        assertThat(client(Map.of("schema.registry.url", urls)).register("s", "\"string\""))
                .isEqualTo(7);
        assertThat(registry.requests().get(0).authorization()).isEqualTo(basic("jo:s3cret"));
        assertThat(second.requests().get(0).authorization()).isNull();
    }

    @Test
    void aRedirectIsNotFollowed() {
        for (int i = 0; i < 2; i++) {
            registry.redirecting(307, second.url() + "/schemas/ids/1");
        }
        var settings = Map.<String, Object>of(
                "basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "jo:s3cret", "max.retries", 1);

        assertThatThrownBy(() -> client(settings).byId(1))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("answered 307, a redirect, which is not followed");
        assertThat(second.requests()).isEmpty();
    }

    @Test
    void anAnswerThatStallsHalfwayEndsWithTheTimeout() throws IOException {
        try (var half = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var stalling = new Thread(() -> stall(half));
            stalling.setDaemon(true);
            stalling.start();
            var settings = Map.<String, Object>of(
                    "schema.registry.url", "http://127.0.0.1:" + half.getLocalPort(),
                    "http.read.timeout.ms", 300,
                    "max.retries", 1);

            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThatThrownBy(
                            () -> client(settings).byId(1))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("no whole answer within 300 ms"));
        }
    }

    /** Headers and half a body, then nothing until the client hangs up. */
    private static void stall(ServerSocket half) {
        try {
            while (true) {
                Socket client = half.accept();
                client.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"schema\":"
                                .getBytes(StandardCharsets.US_ASCII));
                client.getOutputStream().flush();
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "null", "{\"id\":\"seven\"}", "<html>welcome</html>"})
    void anAnswerWithoutAnIdIsNoId(String answer) {
        registry.answering(200, answer).answering(200, answer);

        assertThatThrownBy(() -> client(Map.of("max.retries", 1)).register("s", "\"string\""))
                .isInstanceOf(RegistryUnavailableException.class);
    }

    @Test
    void subjectIsEncoded() {
        registry.answering(200, "{\"id\":1}");

        client(Map.of()).register("a b/c+ä-value", "\"string\"");

        assertThat(registry.requests().get(0).path()).isEqualTo("/subjects/a%20b%2Fc%2B%C3%A4-value/versions");
    }

    @Test
    void unknownIdIsTheRecordsFaultAndADownRegistryIsNot() {
        registry.answering(404, "{\"error_code\":40403,\"message\":\"Schema 9 not found\"}");
        var deserializer = new KafkaAvroDeserializer();
        deserializer.configure(settings(Map.of()), false);
        byte[] bytes = {0, 0, 0, 0, 9, 0};

        assertThatThrownBy(() -> deserializer.deserialize("t", bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("schemaId=9");
        registry.close();
        assertThatThrownBy(() -> deserializer.deserialize("t", bytes)).isInstanceOf(RegistryUnavailableException.class);
    }

    @Test
    void wrongSettingsAreRefusedBeforeTheFirstRecord() {
        for (var wrong : Map.of(
                        "schema.registry.url", "ftp://jo:s3cret@host",
                        "auto.register.schemas", "perhaps",
                        "basic.auth.credentials.source", "SASL_INHERIT",
                        "max.retries", "many",
                        "value.subject.name.strategy", "io.confluent.kafka.serializers.subject.RecordNameStrategy")
                .entrySet()) {
            assertThatThrownBy(() -> new KafkaAvroSerializer()
                            .configure(settings(Map.of(wrong.getKey(), wrong.getValue())), false))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(wrong.getKey())
                    .hasMessageNotContaining("s3cret");
        }
    }

    @Test
    void addressThatLacksItsSchemeIsRefusedInWords() {
        for (String address : new String[] {"nowhere", "host:8081", "//host:8081", "http:"}) {
            assertThatThrownBy(() -> RegistrySettings.from(Map.of("schema.registry.url", address)))
                    .as(address)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("schema.registry.url: expected URLs such as http://host:8081");
        }
    }

    private RegistryClient client(Map<String, Object> more) {
        return new RegistryClient(RegistrySettings.from(settings(more)));
    }

    private Map<String, Object> settings(Map<String, ?> more) {
        var settings = new HashMap<String, Object>();
        settings.put("schema.registry.url", registry.url());
        settings.put("retries.wait.ms", 1);
        settings.putAll(more);
        return settings;
    }

    private static String basic(String userInfo) {
        return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
    }
}
