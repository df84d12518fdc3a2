package dev.kandjistream.posture.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.domain.Sighting;
import dev.kandjistream.schemas.SerialNumbers;
import dev.kandjistream.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that need no broker. */
class PostureViewTest {
    @ParameterizedTest
    @ValueSource(strings = {"To Be Filled By O.E.M.", "-1", "none", "AAAA", "--", "Default string", "0"})
    void aPlaceholderIsNeverLookedFor(String text) {
        assertThat(sighting(SerialNumbers.defaults(), text)).isSameAs(Sighting.PLACEHOLDER);
    }

    @Test
    void whichTextsArePlaceholdersIsConfigured() {
        var own = new SerialNumbers(List.of("vm-template"));
        assertThat(sighting(own, "VM-Template")).isSameAs(Sighting.PLACEHOLDER);
        assertThat(sighting(own, "To Be Filled By O.E.M.")).isSameAs(Sighting.NONE);
        assertThat(sighting(own, "C02XK1")).isSameAs(Sighting.NONE);
    }

    private static Sighting sighting(SerialNumbers serialNumbers, String text) {
        Map<String, Object> nobody =
                Map.of("bootstrap.servers", "127.0.0.1:1", "schema.registry.url", "http://127.0.0.1:1");
        var view = new PostureView(
                new Topics("t"), nobody, id -> Duration.ofHours(1), serialNumbers, new SimpleMeterRegistry());
        return view.sighting(SerialNumber.of(text).orElseThrow());
    }
}
