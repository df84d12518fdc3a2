package dev.kandjistream.kandji.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MomentTest {
    private static final DateTimeFormatter WITH_SPACE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSxxx");

    @Property(seed = "4")
    void readsWhatJavaTimeWrites(
            @ForAll @LongRange(min = 0, max = 4_000_000_000_000L) long millis,
            @ForAll @IntRange(min = -1080, max = 1080) int offsetMinutes) {
        OffsetDateTime time = Instant.ofEpochMilli(millis).atOffset(ZoneOffset.ofTotalSeconds(offsetMinutes * 60));
        assertThat(Moment.parse(time.format(WITH_SPACE))).isEqualTo(millis);
        assertThat(Moment.parse(Instant.ofEpochMilli(millis).toString())).isEqualTo(millis);
    }

    @Test
    void readsTheSpellingsOfTheApi() {
        long expected = LocalDateTime.of(2025, 2, 11, 9, 30, 5).toEpochSecond(ZoneOffset.UTC) * 1000;
        assertThat(Moment.parse("2025-02-11T09:30:05.120034Z")).isEqualTo(expected + 120);
        assertThat(Moment.parse("2025-02-11 09:30:05.120034+00:00")).isEqualTo(expected + 120);
        assertThat(Moment.parse("2025-02-11 09:30:05+00:00")).isEqualTo(expected);
        assertThat(Moment.parse("2025-02-11T10:30:05+0100")).isEqualTo(expected);
        assertThat(Moment.parse("2025-02-11T10:30:05+01")).isEqualTo(expected);
        assertThat(Moment.parse("2025-02-11T09:30:05")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "2025-02-11",
                "2025-13-11T09:30:05Z",
                "2025-02-30T09:30:05Z",
                "2025-02-11T24:30:05Z",
                "2025-02-11T09:30:05+",
                "2025-02-11T09:30:05 UTC",
                "2025-02-11T09:30:05+1:00",
                "x025-02-11T09:30:05Z",
                "0000-00-00T00:00:00Z"
            })
    void whatIsNoTimeIsUnknown(String text) {
        assertThat(Moment.parse(text)).isEqualTo(Moment.UNKNOWN);
        assertThat(Moment.parse(null)).isEqualTo(Moment.UNKNOWN);
    }

    @Property(seed = "4")
    void neverThrows(@ForAll String text) {
        Moment.parse(text);
        Moment.parse("2025-02-11T09:30:05" + text);
    }
}
