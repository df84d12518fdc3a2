package dev.kandjistream.kandji.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kandjistream.kandji.domain.DeviceRow;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SerialLookupTest {
    private final FakeApi api = new FakeApi();

    @AfterEach
    void stop() {
        api.close();
    }

    private List<DeviceRow> find(String serialNumber) throws ApiException, InterruptedException {
        return new SerialLookup(api.client()).find(serialNumber);
    }

    private static String row(String deviceId, String serialNumber) {
        return "{\"device_id\":\"" + deviceId + "\",\"serial_number\":" + serialNumber + "}";
    }

    private static String list(String... rows) {
        return "[" + String.join(",", rows) + "]";
    }

    @Test
    void asksOnceAndForOnePage() throws Exception {
        api.answers(200, list(row("a", "\"C02 X+1\"")));
        assertThat(find("C02 X+1")).extracting(DeviceRow::deviceId).containsExactly("a");
        assertThat(api.asked).hasSize(1);
        assertThat(api.asked.get(0).getRequestURI())
                .isEqualTo(URI.create("/api/v1/devices?serial_number=C02%20X%2B1&limit=300&offset=0"));
    }

    @Test
    void keepsEqualNumbersOnlyForTheApiFindsWhateverContainsOne() throws Exception {
        api.answers(
                200,
                list(
                        row("longer", "\"C02XK1\""),
                        row("other case", "\"c02x\""),
                        row("spaces around", "\" C02X \""),
                        row("front", "\"AC02X\""),
                        row("null", "null"),
                        row("empty", "\"\""),
                        row("blank", "\"  \""),
                        row("same", "\"C02X\"")));
        assertThat(find(" C02x"))
                .extracting(DeviceRow::deviceId)
                .containsExactly("other case", "spaces around", "same");
    }

    @Test
    void aLetterWhoseCapitalIsOneOfAsciiIsNotThatLetter() throws Exception {
        api.answers(
                200, list(row("long s", "\"C0\u017F1\""), row("dotless i", "\"C0S\u0131\""), row("same", "\"c0s1\"")));
        assertThat(find("C0S1")).extracting(DeviceRow::deviceId).containsExactly("same");
    }

    @Test
    void anEmptyListIsNobody() throws Exception {
        api.answers(200, "[]");
        assertThat(find("C02X")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"device_id\":\"a\",\"serial_number\":\"C02X\",\"serial_number\":\"C03\"}",
                "{\"device_id\":\"a\",\"serial_number\":{\"C02X\":\"C02X\"},\"model\":\"Mac\"}",
                "{\"device_id\":\"a\",\"serial\":\"C02X\",\"model\":\"Mac\"}",
                "{\"device_id\":\"a\"}",
                "{\"serial_number\":\"C02X\"}",
                "{\"device_id\":\"\",\"serial_number\":\"C02X\"}",
                "7"
            })
    void aRowThatCannotBeReadIsNoAbsenceEvenBesideOneThatCan(String unreadable) {
        for (String body : List.of(list(unreadable), list(row("b", "\"C02X\""), unreadable))) {
            api.answers(200, body);
            var failure = catchThrowableOfType(ApiException.class, () -> find("C02X"));
            assertThat(failure.connection()).isEqualTo(Connection.CONNECTED);
            assertThat(failure.status()).isEqualTo(OptionalInt.of(200));
            assertThat(failure).hasMessageContaining("found 1 that may be").hasMessageNotContaining("C02X");
        }
        assertThat(api.asked).hasSize(2);
    }

    @Test
    void whatElseCannotBeReadOfARowIsInItsShape() throws Exception {
        api.answers(
                200,
                list(
                        "{\"device_id\":\"a\",\"serial_number\":\"C02X\",\"user\":7,\"mdm_enabled\":false,\"os_version\":{}}"));
        assertThat(find("C02X")).singleElement().satisfies(row -> {
            assertThat(row.mdmEnabled()).isFalse();
            assertThat(row.shape().unread()).containsExactly("os_version", "user");
        });
    }

    @Test
    void rowsAreAsOldAsTheRequest() throws Exception {
        var arrived = new CompletableFuture<Long>();
        api.beforeAnswering = () -> {
            arrived.complete(api.clock.now().toEpochMilli());
            api.clock.advance(Duration.ofSeconds(4));
        };
        api.answers(200, list(row("a", "\"C02X\"")));
        assertThat(find("C02X").get(0).observedAt()).isBetween(arrived.get() - 100, arrived.get());
    }

    @Test
    void aFullPageNeedNotBeAllAndIsNoAnswer() throws Exception {
        String almost = IntStream.range(0, 299)
                .mapToObj(i -> row("d" + i, "\"C02X" + i + "\""))
                .collect(Collectors.joining(","));
        api.answers(200, list(almost)).answers(200, list(almost, row("d299", "\"C02X\"")));
        assertThat(find("C02X")).isEmpty();
        assertThat(catchThrowableOfType(ApiException.class, () -> find("C02X")))
                .hasMessageContaining("a page of 300 rows")
                .extracting(ApiException::connection)
                .isEqualTo(Connection.CONNECTED);
    }

    @ParameterizedTest
    @CsvSource({"200, {}, CONNECTED", "404, [], UNREACHABLE", "401, [], UNAUTHORIZED", "403, [], FORBIDDEN"})
    void whatIsNoListIsNoAbsenceEither(int status, String body, Connection connection) {
        api.answers(status, body);
        assertThat(catchThrowableOfType(ApiException.class, () -> find("C02X")).connection())
                .isEqualTo(connection);
        assertThat(api.asked).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void aBlankNumberIsNotAskedFor(String blank) {
        assertThatIllegalArgumentException().isThrownBy(() -> find(blank));
        assertThat(api.asked).isEmpty();
    }

    @Test
    void anApiThatIsSilentIsGivenUpWhenTheThreadIsInterrupted() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var lookup = new SerialLookup(new KandjiClient(
                    KandjiClient.newHttpClient(Duration.ofSeconds(5)),
                    URI.create("http://127.0.0.1:" + silent.getLocalPort()),
                    () -> new Password("secret-token"),
                    api.governor(),
                    Urgency.DEVICES,
                    new KandjiClient.Settings(1, Duration.ofMinutes(5)),
                    api.clock,
                    status -> {}));
            var end = new CompletableFuture<List<DeviceRow>>();
            var asker = new Thread(() -> {
                try {
                    end.complete(lookup.find("C02X"));
                } catch (ApiException | InterruptedException ended) {
                    end.completeExceptionally(ended);
                }
            });
            asker.start();
            try (var asked = silent.accept()) {
                assertThat(asked.getInputStream().read()).isEqualTo('G');
                asker.interrupt();
                assertThat(end)
                        .failsWithin(Duration.ofSeconds(10))
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOf(InterruptedException.class);
            }
        }
    }
}
