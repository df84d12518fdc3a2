package dev.kandjistream.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bytes by hand from PostgreSQL's documentation of COPY's binary format. */
class CopyBufferTest {
    private static final int HEADER = 19;
    private final CopyBuffer buffer = new CopyBuffer();

    @BeforeEach
    void oneRow() {
        buffer.beginRow(1);
    }

    @Test
    void fileBeginsWithTheSignatureFlagsAndNoExtensionAndARowWithItsNumberOfColumns() {
        assertThat(buffer.written())
                .isEqualTo(HexFormat.of().parseHex("5047434f50590aff0d0a00" + "00000000" + "00000000" + "0001"));
        assertThat(buffer.rows()).isEqualTo(1);
    }

    @Test
    void textIsItsUtf8() {
        buffer.text("aé😀");

        assertColumn("00000007" + "61" + "c3a9" + "f09f9880");
    }

    @Test
    void nullIsALengthOfMinusOneInEveryType() {
        buffer.text(null);
        buffer.integer(null);
        buffer.bool(null);
        buffer.time(null);
        buffer.texts(null);
        buffer.jsonb(null, null);
        buffer.jsonb(null);
        buffer.bigint(null);

        assertColumn("ffffffff".repeat(8));
    }

    @Test
    void numbersBooleansAndIdsAreBigEndian() {
        buffer.integer(258);
        buffer.bigint(-2L);
        buffer.bool(true);
        buffer.bool(false);
        buffer.uuid(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));

        assertColumn("00000004" + "00000102" + "00000008" + "fffffffffffffffe" + "00000001" + "01" + "00000001" + "00"
                + "00000010" + "00112233445566778899aabbccddeeff");
    }

    @Test
    void timeIsInMicrosecondsSince2000() {
        buffer.time(Instant.parse("2000-01-01T00:00:01.000002Z"));
        buffer.time(Instant.parse("1999-12-31T23:59:59.999999Z"));

        assertColumn("00000008" + "00000000000f4242" + "00000008" + "ffffffffffffffff");
    }

    @Test
    void timeBeyondWhatFitsIsRefused() {
        assertThatThrownBy(() -> buffer.time(Instant.ofEpochMilli(Long.MAX_VALUE)))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void arrayHasOneDimensionFromOneAndAnEmptyOneHasNone() {
        buffer.texts(List.of("a", "bc"));
        buffer.texts(List.of());

        assertColumn("0000001f" + "00000001" + "00000000" + "00000019" + "00000002" + "00000001" + "00000001" + "61"
                + "00000002" + "6263" + "0000000c" + "00000000" + "00000000" + "00000019");
    }

    @Test
    void charactersOfCodeZeroAreLeftOutAndCountedUntilCleared() {
        buffer.text("a\0b\0");

        assertColumn("00000002" + "6162");
        assertThat(buffer.strippedCharacters()).isEqualTo(2);
        buffer.clear();
        assertThat(buffer.strippedCharacters()).isZero();
        assertThat(buffer.written()).hasSize(HEADER);
    }

    @Test
    void objectOfTextsIsJsonBehindItsVersion() {
        buffer.jsonb(new TreeMap<>(Map.of("a\"", "1\0", "b", "")));
        buffer.jsonb(Map.of());

        assertColumn("00000013" + "01" + HexFormat.of().formatHex("{\"a\\\"\":\"1\",\"b\":\"\"}".getBytes())
                + "00000003" + "01" + "7b7d");
        assertThat(buffer.strippedCharacters()).isEqualTo(1);
    }

    private void assertColumn(String hex) {
        byte[] written = buffer.written();
        assertThat(HexFormat.of().formatHex(Arrays.copyOfRange(written, HEADER + 2, written.length)))
                .isEqualTo(hex);
    }
}
