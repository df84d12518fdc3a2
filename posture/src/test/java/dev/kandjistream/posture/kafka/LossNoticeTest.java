package dev.kandjistream.posture.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LossNoticeTest {
    @Test
    void lossesAreToldAtOnceAndThenOnceAMinute() {
        var notice = new LossNotice();
        assertThat(notice.due(0, seconds(0))).isZero();
        assertThat(notice.due(3, seconds(1))).isEqualTo(3);
        assertThat(notice.due(9, seconds(60))).isZero();
        assertThat(notice.due(10, seconds(61))).isEqualTo(7);
        assertThat(notice.due(10, seconds(1000))).isZero();
        assertThat(notice.due(11, seconds(1001))).isEqualTo(1);
    }

    /** A clock of this kind may stand anywhere, below zero too. */
    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos() - Duration.ofDays(1).toNanos();
    }
}
