package dev.kandjistream.kandji.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** These numbers lie in ledgers out there: a change of them republishes every device of everybody. */
class FingerprintTest {
    @Test
    void theNumbersNeverChange() {
        assertThat(Fingerprint.of("")).isEqualTo(-1166397803181037274L);
        assertThat(Fingerprint.of("kandji")).isEqualTo(-306880336130922295L);
        assertThat(Fingerprint.of(null)).isEqualTo(Fingerprint.NOTHING).isEqualTo(-7046029254386353131L);
        assertThat(Fingerprint.ordered(1, 2)).isEqualTo(-1598414352002259754L);
        assertThat(Fingerprint.mix(1)).isEqualTo(-5451962507482445012L);
    }

    @Test
    void orderCountsWhereItIsMeantTo() {
        assertThat(Fingerprint.ordered(1, 2)).isNotEqualTo(Fingerprint.ordered(2, 1));
    }
}
