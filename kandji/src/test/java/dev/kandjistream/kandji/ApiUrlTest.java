package dev.kandjistream.kandji;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiUrlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "acme.api.kandji.io",
                "https://acme.api.kandji.io",
                " https://ACME.api.kandji.io/ ",
                "https://acme.api.kandji.io//",
                "https://acme.api.kandji.io/api",
                "https://acme.api.kandji.io/api/",
                "https://acme.api.kandji.io/api/v1",
                "https://acme.api.kandji.io/api/v1/",
                "HTTPS://acme.api.kandji.io:443/api/v1?limit=1#top",
                "acme.api.kandji.io/v1"
            })
    void everyPastedFormIsOneUrl(String pasted) {
        assertThat(ApiUrl.parse(pasted, false)).hasToString("https://acme.api.kandji.io");
    }

    @ParameterizedTest
    @CsvSource({
        "acme.api.kandji.io, acme/us",
        "acme.api.iru.com, acme/us",
        "acme.clients.us-1.kandji.io, acme/us",
        "acme.api.eu.kandji.io, acme/eu",
        "acme.api.eu.iru.com, acme/eu",
        "acme.clients.eu.kandji.io, acme/eu",
        "globex.api.kandji.io, globex/us",
        "kandji.example.com, https://kandji.example.com"
    })
    void theHostTellsTheTenant(String host, String tenant) {
        assertThat(ApiUrl.parse(host, false).tenant()).isEqualTo(tenant);
    }

    @Test
    void httpIsForLoopbackOrWhoeverAsksForIt() {
        assertThat(ApiUrl.parse("http://localhost:8080/api/v1", false)).hasToString("http://localhost:8080");
        assertThat(ApiUrl.parse("http://127.0.0.1:1", false)).hasToString("http://127.0.0.1:1");
        assertThat(ApiUrl.parse("http://simulator:8080", true)).hasToString("http://simulator:8080");
        assertThatThrownBy(() -> ApiUrl.parse("http://acme.api.kandji.io", false))
                .hasMessageContaining("expected https, found http")
                .hasMessageContaining("allow_http");
    }

    @ParameterizedTest
    @CsvSource({
        "acme.kandji.io, https://acme.api.kandji.io",
        "https://acme.eu.kandji.io/devices, https://acme.api.eu.kandji.io"
    })
    void theWebAppIsNotTheApi(String pasted, String suggestion) {
        assertThatThrownBy(() -> ApiUrl.parse(pasted, false))
                .hasMessageContaining("web app")
                .hasMessageContaining(suggestion);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "ftp://acme.api.kandji.io",
                "https://",
                "https://a b",
                "https://acme.api.kandji.io/devices",
                "x:y:z"
            })
    void whatIsNoUrlOfAnApiIsRefused(String pasted) {
        assertThatThrownBy(() -> ApiUrl.parse(pasted, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    @Test
    void aPasswordInTheUrlIsRefusedAndNotRepeated() {
        assertThatThrownBy(() -> ApiUrl.parse("https://user:hunter2@acme.api.kandji.io", false))
                .hasMessageNotContaining("hunter2");
    }
}
