package dev.kandjistream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "250ms, PT0.25S",
        "30s, PT30S",
        "5m, PT5M",
        "6h, PT6H",
        "2d, PT48H",
        "1h30m, PT1H30M",
        "1h 30m, PT1H30M",
        "0s, PT0S",
        "PT5M, PT5M",
        "pt1h, PT1H",
        "P1D, PT24H",
        "90s, PT1M30S"
    })
    void bothFormsAreRead(String text, Duration expected) {
        assertThat(Durations.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "m", "5 minutes", "-5m", "5m-", "1.5h", "PT", "5x", "h5", "99999999999s"})
    void whatIsNeitherIsRefused(String text) {
        assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void theShortFormIsReadBackAsTheSame(@ForAll @LongRange(min = 0, max = 40_000_000_000L) long millis) {
        Duration duration = Duration.ofMillis(millis);
        assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
    }
}
