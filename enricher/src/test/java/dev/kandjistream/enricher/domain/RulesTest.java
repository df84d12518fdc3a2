package dev.kandjistream.enricher.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class RulesTest {
    @Test
    void wordsAreFoundInAnyCase() {
        var rules = new Rules(1, Set.of("HELPER"), Set.of("Mac"));

        assertThat(rules.wordIn("Slack helper")).isEqualTo("helper");
        assertThat(rules.wordIn("Help")).isNull();
        assertThat(rules.wordIn(null)).isNull();
    }

    @Test
    void aSeatsTypeIsThePlatformWhereItIsOne() {
        var rules = new Rules(1, Set.of(), Set.of("Mac"));

        assertThat(rules.licenseType("Mac")).isEqualTo("Mac");
        assertThat(rules.licenseType("mac")).isNull();
        assertThat(rules.licenseType(null)).isNull();
    }

    @Test
    void contentIsComparedWithoutCaseOfWordsAndWithoutVersion() {
        assertThat(new Rules(1, Set.of("A", "b"), Set.of("Mac"))
                        .hasSameContentAs(new Rules(2, Set.of("a", "B"), Set.of("Mac"))))
                .isTrue();
        assertThat(new Rules(1, Set.of("a"), Set.of("Mac")).hasSameContentAs(new Rules(1, Set.of("a"), Set.of("iPad"))))
                .isFalse();
    }

    @Test
    void aBlankWordIsRefusedForItWouldSuppressEverything() {
        assertThatThrownBy(() -> new Rules(1, Set.of(" "), Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("blank");
        assertThatThrownBy(() -> new Rules(0, Set.of(), Set.of())).hasMessageContaining("rules.version");
    }

    @Test
    void placeholdersAreFoldedComparedAndNeverBlank() {
        var rules = new Rules(1, Set.of(), Set.of("Mac"), Set.of(" To be\u00a0 DONE "));

        assertThat(rules.placeholderBundleIds()).containsExactly("to be done");
        assertThat(rules.bundleId("TO BE DONE")).isNull();
        assertThat(rules.bundleId("no value")).isEqualTo("no value");
        assertThat(rules.bundleId("--")).isNull();
        assertThat(rules.hasSameContentAs(new Rules(2, Set.of(), Set.of("Mac"), Set.of("to be done"))))
                .isTrue();
        assertThat(rules.hasSameContentAs(new Rules(1, Set.of(), Set.of("Mac"))))
                .isFalse();
        assertThatThrownBy(() -> new Rules(1, Set.of(), Set.of(), Set.of("\u00a0")))
                .hasMessageContaining("rules.placeholder_bundle_ids");
    }
}
