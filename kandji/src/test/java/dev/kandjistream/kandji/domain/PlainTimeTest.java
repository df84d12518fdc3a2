package dev.kandjistream.kandji.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainTimeTest {
    @ParameterizedTest
    @CsvSource({
        "PT168H, 7 days",
        "PT24H, 24 hours",
        "PT48H, 2 days",
        "PT25H1S, 25 hours",
        "PT75H30M, 3 days 3 hours",
        "PT1H30M, 1 hour 30 minutes",
        "PT30S, 30 seconds",
        "PT1M1S, 1 minute 1 second",
        "PT0.25S, 250 milliseconds",
        "PT1.9S, 1 second",
        "PT0S, 0 seconds",
        "PT-90S, -1 minute 30 seconds"
    })
    void spansAreToldAsPeopleSayThem(Duration time, String words) {
        assertThat(PlainTime.of(time)).isEqualTo(words);
    }
}
