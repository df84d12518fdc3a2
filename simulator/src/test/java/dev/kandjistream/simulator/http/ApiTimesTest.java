package dev.kandjistream.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.simulator.fleet.Micros;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ApiTimesTest {
    private static final DateTimeFormatter JDK =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

    /** From the year 1600 to 2500, leap centuries and years included. */
    @Property
    void agreesWithTheJdk(
            @ForAll @LongRange(min = -11_676_096_000_000_000L, max = 16_725_225_600_000_000L) long micros) {
        assertThat(ApiTimes.prism(micros)).isEqualTo(JDK.format(Micros.toInstant(micros)));
    }

    @Test
    void eachColumnHasItsOwnFormat() {
        long time = Micros.of(java.time.Instant.parse("2024-02-29T09:31:07.450012Z"));

        assertThat(ApiTimes.prism(time)).isEqualTo("2024-02-29T09:31:07.450012+00:00");
        assertThat(ApiTimes.checkIn(time)).isEqualTo("2024-02-29T09:31:07.450012Z");
        assertThat(ApiTimes.enrolment(time)).isEqualTo("2024-02-29 09:31:07.450012+00:00");
        assertThat(ApiTimes.enrolment(time - 450_012)).isEqualTo("2024-02-29 09:31:07+00:00");
        assertThat(ApiTimes.checkIn(Micros.NEVER)).isEmpty();
    }
}
