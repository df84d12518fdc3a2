package dev.kandjistream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterpolationTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("HOST", "db", "EMPTY", "", "PRICE", "$5 \\1");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plain | plain",
                "${HOST} | db",
                "jdbc:postgresql://${HOST}:${PORT:-5432}/x | jdbc:postgresql://db:5432/x",
                "${HOST:-other} | db",
                "${EMPTY:-other} | other",
                "a${NONE:-}b | ab",
                "${PRICE} | $5 \\1",
                "costs $5 | costs $5",
                "$${file:/run/secrets:key} | ${file:/run/secrets:key}"
            })
    void variablesTakeTheirPlaces(String text, String expected) {
        assertThat(Interpolation.resolve(text, ENVIRONMENT)).isEqualTo(expected);
    }

    @Test
    void aVariableThatIsNotSetIsNamedWithTheWayOut() {
        assertThatThrownBy(() -> Interpolation.resolve("${ACME_TOKEN}", ENVIRONMENT))
                .hasMessage("${ACME_TOKEN}, which is not set; set it, or write ${ACME_TOKEN:-default}");
    }

    @Test
    void aBraceWithoutNameIsAFault() {
        assertThatThrownBy(() -> Interpolation.resolve("${ACME TOKEN}", ENVIRONMENT))
                .hasMessageContaining("write ${NAME}, or $${ for a literal ${");
    }

    @Test
    void whatAVariableHoldsIsNotResolvedAgain() {
        assertThat(Interpolation.resolve("${A}", Map.of("A", "${B}", "B", "no")))
                .isEqualTo("${B}");
    }
}
