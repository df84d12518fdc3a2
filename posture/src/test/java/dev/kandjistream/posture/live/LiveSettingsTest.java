package dev.kandjistream.posture.live;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveSettingsTest {
    @ParameterizedTest
    @CsvSource({"0, 5, 32", "-1, 5, 32", "1.01, 5, 32", "NaN, 5, 32", "0.05, 0, 32", "0.05, 51, 32", "0.05, 5, 0"})
    void whatMakesNoSenseIsNeverBuilt(double share, int perSecond, int atOnce) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LiveSettings(share, perSecond, atOnce))
                .withMessageStartingWith("expected");
    }
}
