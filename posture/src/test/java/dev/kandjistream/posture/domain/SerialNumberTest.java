package dev.kandjistream.posture.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SerialNumberTest {
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
