package dev.kandjistream.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.posture.policy.PolicyReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpOptionsTest {
    @Test
    void optionsSayWhatToAsk() {
        assertThat(HttpOptions.parse(List.of("--per-second", "100", "--rules", "200")))
                .isEqualTo(new HttpOptions(100, 30, 20, 32, 10_000, 200));
        assertThatThrownBy(() -> HttpOptions.parse(List.of("--rules", "none")))
                .hasMessage("expected after --rules a whole number of at least 1, found none");
        assertThatThrownBy(() -> HttpOptions.parse(List.of("--what")))
                .hasMessageStartingWith("expected an option, found \"--what\"");
    }

    @Test
    void rulesMakeAPolicyOfAsMany() {
        assertThat(new PolicyReader().read(Rules.text(30), "rules.yml").rules()).hasSize(30);
    }

    @Test
    void ofAHundredTimesTheNinetyNinthIsTheNinetyNinthShare() {
        long[] nanos = new long[100];
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = (100 - i) * 1_000_000L;
        }

        assertThat(new Latencies(nanos))
                .hasToString("p50 50.00 ms, p90 90.00 ms, p99 99.00 ms, p99.9 100.00 ms, longest 100.00 ms");
        assertThat(new Latencies(nanos).bySecond(50)).containsExactly(50.0, 100.0);
    }
}
