package dev.kandjistream.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DidYouMeanTest {

    @Test
    void editsAreCountedAsLevenshteinDid() {
        assertThat(DidYouMean.edits("kitten", "sitting")).isEqualTo(3);
        assertThat(DidYouMean.edits("", "abc")).isEqualTo(3);
        assertThat(DidYouMean.edits("same", "same")).isZero();
    }

    @Test
    void theNearestWordIsNamed() {
        assertThat(DidYouMean.nearest("device_interval", List.of("apps_interval", "devices_interval", "quota_share")))
                .contains("devices_interval");
    }

    @Test
    void aWordThatIsFarFromAllIsNotGuessed() {
        assertThat(DidYouMean.nearest("colour", List.of("apps_interval", "quota_share")))
                .isEmpty();
    }
}
