package dev.kandjistream.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    private static Options parse(String arguments) {
        return Options.parse(Stream.of(("launcher " + arguments).split(" ")).toArray(String[]::new));
    }

    @Test
    void optionsSayWhatToMeasure() {
        Options options = parse("--devices 10000 --heap 512m --requests-per-second 49 --only alone");
        assertThat(options.devices()).isEqualTo(10_000);
        assertThat(options.heap()).isEqualTo("-Xmx512m");
        assertThat(options.alone()).isTrue();
        assertThat(options.together()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--only nothing | expected after --only alone or together, found \"nothing\"",
                "--devices | expected after --devices a whole number, found nothing",
                "--devices 0 | expected after --devices at least 1, found 0",
                "--heap much | expected after --heap a size such as 512m, found \"much\"",
                "--requests-per-second 50 | expected after --requests-per-second at least 1 and at most 49, found 50",
                "--device 5 | expected an option, found \"--device\""
            })
    void whatIsWrongIsSaid(String arguments, String message) {
        assertThatThrownBy(() -> parse(arguments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}
