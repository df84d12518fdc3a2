package dev.kandjistream.posture.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.posture.domain.Enrolment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** By hand, as a record of the raw topic is read. */
class LiveEnrolmentTest {
    private static final AssignedUser ADA = new AssignedUser("7", "ada@acme.com", "Ada", true);

    @Test
    void everythingIsInItsPlace() {
        assertThat(LiveEnrolment.of("acme", Rows.of(ADA, false)))
                .isEqualTo(new Enrolment(
                        "acme",
                        "d1",
                        "Mac",
                        "MacBook Air (M1, 2020)",
                        "15.6",
                        true,
                        false,
                        null,
                        false,
                        "enabled",
                        Enrolment.NO_TIME,
                        true,
                        "ada@acme.com",
                        true,
                        "Everybody",
                        List.of("exec"),
                        Rows.LATEST));
    }

    @Test
    void aRemovedDeviceIsNobodysWhoeverHadIt() {
        Enrolment device = LiveEnrolment.of("acme", Rows.of(ADA, true));
        assertThat(device.removed()).isTrue();
        assertThat(device.attributed()).isFalse();
        assertThat(device.userEmail()).isNull();
        assertThat(device.userArchived()).isNull();
    }

    @Test
    void aNameAloneDoesNotSayWhoTheUserIs() {
        Enrolment device = LiveEnrolment.of("acme", Rows.of(new AssignedUser(null, null, "Ada", false), null));
        assertThat(device.attributed()).isFalse();
        assertThat(device.userArchived()).isNull();
    }

    @Test
    void anIdAloneDoes() {
        Enrolment device = LiveEnrolment.of("acme", Rows.of(new AssignedUser("7", null, null, null), null));
        assertThat(device.attributed()).isTrue();
        assertThat(device.userEmail()).isNull();
    }

    @Test
    void theFirstEnrolmentCountsWhereOnlyThatIsTold() {
        assertThat(LiveEnrolment.of("acme", Rows.enrolledOnce()).enrolledAt()).isEqualTo(Rows.FIRST);
    }
}
