package dev.kandjistream.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of RFC 4180, section 2, by its own examples where it has some. */
class CsvTest {
    @Test
    void plainFieldsStandBetweenCommas() {
        assertThat(Csv.line(List.of("aaa", "bbb", "ccc"))).isEqualTo("aaa,bbb,ccc");
    }

    @Test
    void aFieldWithALineBreakIsQuoted() {
        assertThat(Csv.line(List.of("aaa", "b\r\nbb", "ccc"))).isEqualTo("aaa,\"b\r\nbb\",ccc");
        assertThat(Csv.field("a\nb")).isEqualTo("\"a\nb\"");
    }

    @Test
    void aFieldWithACommaIsQuoted() {
        assertThat(Csv.field("Vale, Robin")).isEqualTo("\"Vale, Robin\"");
    }

    @Test
    void aQuoteInsideAFieldIsDoubled() {
        assertThat(Csv.line(List.of("aaa", "b\"bb", "ccc"))).isEqualTo("aaa,\"b\"\"bb\",ccc");
    }

    @Test
    void nothingAndTheEmptyTextAreEmptyFields() {
        assertThat(Csv.line(Arrays.asList("", null, "x"))).isEqualTo(",,x");
    }

    @Test
    void spacesAreKeptAsTheyAre() {
        assertThat(Csv.field(" Dana’s Büro ")).isEqualTo(" Dana’s Büro ");
    }
}
