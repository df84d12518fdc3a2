package dev.kandjistream.posture.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.schemas.SerialNumbers;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SerialNumberTest {
    @Property
    void itsNormalFormIsThatOfEventsAndTables(@ForAll String text) {
        String normal = SerialNumbers.normal(text);
        boolean isOne = normal != null && normal.length() <= SerialNumber.LONGEST;
        assertThat(SerialNumber.of(text).map(SerialNumber::text))
                .isEqualTo(isOne ? Optional.of(normal) : Optional.empty());
    }

    @Test
    void caseAndSpacesAroundDoNotCount() {
        assertThat(SerialNumber.of(" c02xk1\n")).isEqualTo(SerialNumber.of("C02XK1"));
    }

    @Test
    void aPartOfASerialNumberIsAnotherSerialNumber() {
        assertThat(SerialNumber.of("C02XK")).isNotEqualTo(SerialNumber.of("C02XK1"));
    }

    @Test
    void capitalsDoNotDependOnTheLanguageOfTheMachine() {
        var language = java.util.Locale.getDefault();
        try {
            java.util.Locale.setDefault(java.util.Locale.forLanguageTag("tr"));
            assertThat(SerialNumber.of("vmi1").orElseThrow().text()).isEqualTo("VMI1");
        } finally {
            java.util.Locale.setDefault(language);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"C0\u017F1", "C0\u00DF1", "C0\uFB011", "V\u0131R", "\uFF23\uFF10\uFF11", "C\u200BS1"})
    void lettersThatOnlyTurnIntoThoseOfAnotherSerialNumberAreNone(String lookalike) {
        assertThat(List.of("C0S1", "C0SS1", "C0FI1", "VIR", "C01", "CS1"))
                .noneMatch(text -> SerialNumber.of(text).equals(SerialNumber.of(lookalike)));
    }

    @Test
    void blankTextIsNoSerialNumber() {
        assertThat(SerialNumber.of(null)).isEmpty();
        assertThat(SerialNumber.of("  ")).isEmpty();
        assertThat(SerialNumber.of("X".repeat(101))).isEmpty();
    }

    @Test
    void itCannotBeLoggedByAccident() {
        assertThat(SerialNumber.of("C02XK1").orElseThrow()).asString().doesNotContain("C02XK1");
    }
}
