package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class RowIdentityTest {
    private static long of(String name, String bundleId, String path, String bundleName) {
        return RowIdentity.of(AppFleet.app(name, bundleId, path, bundleName));
    }

    /** Ledgers hold these numbers for years. */
    @Test
    void theNumbersStayWhatTheyAre() {
        assertThat(of(null, null, null, null)).isZero();
        assertThat(of("Figma", "com.figma.Desktop", "/Applications/Figma.app", null))
                .isEqualTo(PINNED);
        assertThat(of("Figma", null, null, null)).isEqualTo(PINNED & (1 << 21) - 1);
        assertThat(of(null, null, "/Applications/Figma.app", null)).isEqualTo(PINNED & (1L << 42) - (1 << 21));
        assertThat(of(null, "com.figma.Desktop", null, null)).isEqualTo(PINNED & -(1L << 42));
    }

    private static final long PINNED = 6236630400658720815L;

    @Property(tries = 300, seed = "4")
    void aRowMayBeOneThatItIsWithoutSomeFieldsAndNotTheOtherWayRound(
            @ForAll @AlphaChars @StringLength(min = 1, max = 8) String name,
            @ForAll @AlphaChars @StringLength(min = 1, max = 8) String bundleId,
            @ForAll @AlphaChars @StringLength(min = 1, max = 8) String path) {
        long whole = of(name, "com." + bundleId, "/" + path, null);
        for (int lost = 1; lost < 8; lost++) {
            long row = of(
                    (lost & 1) == 0 ? name : null,
                    (lost & 2) == 0 ? "com." + bundleId : null,
                    (lost & 4) == 0 ? "/" + path : null,
                    null);
            assertThat(RowIdentity.mayBe(row, whole)).isTrue();
            assertThat(RowIdentity.mayBe(whole, row)).isFalse();
        }
        assertThat(RowIdentity.mayBe(whole, whole)).isFalse();
    }

    @Test
    void aRowThatLacksOneFieldIsNoOtherOfWhichNothingElseAgrees() {
        long known = of("Figma", "com.figma.Desktop", "/Applications/Figma.app", null);
        assertThat(RowIdentity.mayBe(of("Script", null, "/usr/local/script", null), known))
                .isFalse();
        assertThat(RowIdentity.mayBe(of("Script", null, "/Applications/Figma.app", null), known))
                .isTrue();
        assertThat(RowIdentity.mayBe(of("Script", null, null, null), known)).isTrue();
    }

    @Test
    void theNameOfTheBundleStandsForAMissingOne() {
        assertThat(of(null, "com.a", null, "Figma")).isNotEqualTo(of("Figma", "com.a", null, null));
        assertThat(of("\u200b", "com.a", null, "Figma")).isEqualTo(of(null, "com.a", null, "figma "));
        assertThat(RowIdentity.mayBe(of(null, "com.a", null, null), of(null, "com.a", null, "Figma")))
                .isTrue();
    }
}
