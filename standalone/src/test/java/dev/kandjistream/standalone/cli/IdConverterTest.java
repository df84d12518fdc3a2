package dev.kandjistream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class IdConverterTest {
    private final IdConverter converter = new IdConverter();

    @Test
    void whiteSpaceAroundAnIdIsRemoved() {
        assertThat(converter.convert(" 0a1b-2c \n")).isEqualTo("0a1b-2c");
        assertThat(converter.convert("email:ada@acme.com")).isEqualTo("email:ada@acme.com");
        assertThat(converter.convert(" ")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b", "a,", "a b", "a;b", "a\u00a0", "\u200ba", "a\tb"})
    void severalIdsInOneAreRefused(String text) {
        assertThatThrownBy(() -> converter.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("expected one id");
    }
}
