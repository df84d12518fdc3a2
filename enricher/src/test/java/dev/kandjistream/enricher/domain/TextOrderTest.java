package dev.kandjistream.enricher.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;

class TextOrderTest {
    @Property
    void itIsTheOrderOfUtf8Bytes(
            @ForAll @CharRange(from = 'a', to = '\ud7ff') String a,
            @ForAll @CharRange(from = 'a', to = '\ud7ff') String b) {
        assertThat(Integer.signum(TextOrder.compare(a, b))).isEqualTo(byBytes(a, b));
    }

    @Test
    void charactersBeyondTheBasicPlaneSortLast() {
        assertThat(TextOrder.compare("\ud83d\ude00", "\uffee"))
                .isPositive()
                .satisfies(order -> assertThat(Integer.signum(order)).isEqualTo(byBytes("\ud83d\ude00", "\uffee")));
    }

    private static int byBytes(String a, String b) {
        return Integer.signum(
                Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));
    }
}
