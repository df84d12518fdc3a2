package dev.kandjistream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Worked by hand: texts met where no serial number was set, and serial numbers of hardware and of virtual machines. */
class SerialNumbersTest {
    private final SerialNumbers serials = SerialNumbers.defaults();

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Invisible characters
                "To Be Filled By O.E.M.\u200b",
                "0\u200b0\u200b0",
                "-\u200b1",
                "None\ufe0f",
                "\u2800None\u2800",
                "\u115f\u3164",
                "\u200b",
                "C02XK1\u200b",
                // Other scripts and forms
                "\uff10\uff10\uff10",
                "\uff2e\uff4f\uff4e\uff45",
                "N\u043ene",
                "\u65e5\u672c",
                "\u00c9\u00c9",
                "C02\u0425K1",
                // Separators
                "00 00",
                "0.0.0.0.0",
                "0000000000-0",
                "XXXXXXXX-XXXX",
                "x x x",
                "--1",
                "...",
                "-",
                " ",
                "to_be_filled_by_oem",
                // Texts
                "SystemSerialNumber",
                "System Serial Number.",
                "system-product-name",
                "QEMU",
                "standard",
                "O.E.M",
                "N.A.",
                "(N/A)",
                "N\\A",
                "#N/A",
                "[none]",
                "None.",
                "<NULL>",
                "TBD",
                "SN",
                "S/N",
                "NaN",
                "Not Defined",
                "Not provided",
                "not  set",
                "default",
                "Default-String",
                "$(DEFAULT_STRING)",
                "123456789012",
                "12345678901234567890",
                "0123456789ABCDEF",
                "01234567-89ab-cdef",
                "0x00000000",
                "1",
                "xxxx",
            })
    void isNoSerialNumber(String text) {
        assertThat(serials.isPlaceholder(text)).isTrue();
        assertThat(serials.real(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C02XK1ZZJGH5",
                "FVFXC2ABCDEF",
                "DMPXK1ABCDEF",
                "PF-2ABCDE",
                "5CD1234ABC",
                "VMware-56 4d 8f 2a 9b 1c 3d 4e-5f 60 71 82 93 a4 b5 c6",
                "Parallels-A1 B2",
                "0000-0001",
                "1234-5678-0000",
                "00001",
                "12",
                "SN1",
                "NONE1",
                "R90XYZ1",
                "/C02XK1/",
            })
    void isOne(String text) {
        assertThat(serials.isPlaceholder(text)).isFalse();
        assertThat(serials.real(" " + text + " ")).isEqualTo(SerialNumbers.normal(text));
    }

    @Test
    void theNormalFormStaysAsItIs() {
        assertThat(SerialNumbers.normal(" pf-2abc.d ")).isEqualTo("PF-2ABC.D");
        assertThat(SerialNumbers.normal("c02\u017f")).isEqualTo("C02\u017f");
        assertThat(SerialNumbers.normal(" ")).isNull();
        assertThat(SerialNumbers.normal(null)).isNull();
        assertThat(serials.real(null)).isNull();
    }

    @Test
    void aConfiguredListReplacesTheDefaultAndIsComparedByLettersAndDigits() {
        var own = new SerialNumbers(List.of("It's  None!", "...", "\u672a\u5b9a", ""));
        assertThat(own.isPlaceholder("ITS-NONE")).isTrue();
        assertThat(own.isPlaceholder("Unknown")).isFalse();
        assertThat(own.isPlaceholder("0000")).isTrue();
        assertThat(own.isPlaceholder("C02XK1")).isFalse();
    }

    @Test
    void noDefaultIsListedTwice() {
        List<String> reduced = SerialNumbers.DEFAULT_PLACEHOLDERS.stream()
                .map(text -> text.replaceAll("[^0-9A-Za-z]", "").toLowerCase(java.util.Locale.ROOT))
                .toList();
        assertThat(reduced).doesNotHaveDuplicates().doesNotContain("");
    }
}
