package dev.kandjistream.posture.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OsVersionTest {
    @ParameterizedTest
    @CsvSource({
        "9.0, 10.0",
        "15.2, 15.10",
        "15, 15.0.1",
        "14.4.1, 15",
        "13.6.9, 13.7",
        "17.4, 26.0",
        "0.9, 1",
        "13.3.1, 13.3.1 (a)",
        "13.3.1 (a), 13.3.1 (b)",
        "13.3.1 (z), 13.3.1 (aa)",
        "13.3.1 (b), 13.3.2",
        "13.3 (z), 13.3.1",
    })
    void theFirstIsBeforeTheSecond(String earlier, String later) {
        assertThat(version(earlier)).isLessThan(version(later));
        assertThat(version(later)).isGreaterThan(version(earlier));
    }

    @ParameterizedTest
    @CsvSource({"15, 15.0", "15.0.0, 15", "13.3.1(a), 13.3.1 (a)", "13.0 (a), 13 (a)", "0, 0.0"})
    void zerosAtTheEndAndASpaceBeforeTheSuffixDoNotCount(String one, String other) {
        assertThat(version(one)).isEqualByComparingTo(version(other)).isEqualTo(version(other));
        assertThat(version(one)).hasSameHashCodeAs(version(other));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Sequoia",
                ".5",
                "v15",
                "-1",
                "15..2",
                "99999999999",
                "15.2beta",
                "15,2",
                "13.3.1 (a",
                "15.",
                " 15"
            })
    void whatIsNotNumbersAndASuffixIsNoVersion(String text) {
        assertThat(OsVersion.parse(text)).isEmpty();
    }

    @Test
    void nothingIsNoVersion() {
        assertThat(OsVersion.parse(null)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "15.2, -, 15.2",
                "' 15.2 ', ' ', 15.2",
                "13.3.1, (a), 13.3.1 (a)",
                "13.3.1 (a), -, 13.3.1 (a)",
                "13.3.1(a), (b), 13.3.1 (a)",
                "10.0.19045.3803, -, 10.0.19045.3803",
                "15.02, -, 15.2",
            })
    void aDevicesVersionTakesItsSuffixFromWhereverItStands(String text, String extra, String version) {
        assertThat(OsVersion.ofDevice(text, extra)).contains(version(version));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "15.2beta, -",
                "'15,2', -",
                "15.2 RC, -",
                "15.2 (24C101), -",
                "15.2, beta 2",
                "15.2, a",
                "Sequoia, -",
                "-, (a)",
                "'', -",
                "15., -",
            })
    void aDevicesVersionWithOtherTextInItIsNone(String text, String extra) {
        assertThat(OsVersion.ofDevice(text, extra)).isEmpty();
    }

    @Property
    void nothingLiesBetweenAVersionAndTheOneJustAbove(
            @ForAll @Size(3) List<@IntRange(max = 3) Integer> numbers, @ForAll @IntRange(max = 30) int steps) {
        OsVersion version = dotted(numbers);
        for (int i = 0; i < steps; i++) {
            version = version.justAbove();
        }
        OsVersion above = version.justAbove();
        assertThat(above).isGreaterThan(version);
        assertThat(OsVersion.parse(above.toString())).contains(above);
        for (OsVersion other :
                List.of(dotted(numbers), dotted(numbers).justAbove(), version(dotted(numbers) + ".0.1"))) {
            assertThat(other.compareTo(version) > 0 && other.compareTo(above) < 0)
                    .isFalse();
        }
    }

    @Property
    void theOrderIsThatOfTheNumbersOneAfterTheOther(
            @ForAll @Size(3) List<@IntRange(max = 30) Integer> one,
            @ForAll @Size(3) List<@IntRange(max = 30) Integer> other) {
        assertThat(Integer.signum(dotted(one).compareTo(dotted(other))))
                .isEqualTo(Long.compare(asOneNumber(one), asOneNumber(other)));
    }

    private static long asOneNumber(List<Integer> numbers) {
        return numbers.get(0) * 10_000L + numbers.get(1) * 100L + numbers.get(2);
    }

    private static OsVersion dotted(List<Integer> numbers) {
        return version(numbers.get(0) + "." + numbers.get(1) + "." + numbers.get(2));
    }

    private static OsVersion version(String text) {
        return OsVersion.parse(text).orElseThrow();
    }
}
