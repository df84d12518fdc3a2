package dev.kandjistream.posture.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.RowShape;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.Connection;
import dev.kandjistream.posture.domain.Doubt;
import dev.kandjistream.posture.domain.Enrolment;
import java.util.List;
import java.util.Set;
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
                        null,
                        null,
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
                        Rows.LATEST,
                        Doubt.NONE));
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
    void whatTheRowLacksOrDoesNotSayReadablyIsInDoubt() {
        var shape = new RowShape(Set.of("platform"), Set.of("user", "mdm_enabled"), Set.of(), Set.of("tags"));
        Doubt doubt = LiveEnrolment.of("acme", Rows.of(ADA, false, shape)).doubt();
        assertThat(doubt.connection()).isNull();
        for (Attribute attribute : List.of(
                Attribute.PLATFORM,
                Attribute.MDM_ENABLED,
                Attribute.TAGS,
                Attribute.ATTRIBUTED,
                Attribute.USER_EMAIL,
                Attribute.USER_ARCHIVED,
                Attribute.USER_MATCHES)) {
            assertThat(doubt.missing() & attribute.bit()).as(attribute.word()).isNotZero();
        }
    }

    @Test
    void aRowThatDoesNotSayWhetherTheDeviceIsThereIsNotAvailable() {
        for (String field : List.of("is_removed", "serial_number")) {
            var unread = new RowShape(Set.of(), Set.of(field), Set.of(), Set.of());
            assertThat(LiveEnrolment.of("acme", Rows.of(ADA, false, unread))
                            .doubt()
                            .connection())
                    .isEqualTo(Connection.ROW_UNREADABLE);
        }
        assertThat(LiveEnrolment.of("acme", Rows.of(ADA, null)).doubt().connection())
                .isEqualTo(Connection.ROW_UNREADABLE);
    }

    @Test
    void anOlderTenantHasNoSuffixOfVersions() {
        var older = new RowShape(Set.of("supplemental_os_version_extra"), Set.of(), Set.of(), Set.of());
        assertThat(LiveEnrolment.of("acme", Rows.of(ADA, false, older)).doubt().isNone())
                .isTrue();
    }

    @Test
    void theFirstEnrolmentCountsWhereOnlyThatIsTold() {
        assertThat(LiveEnrolment.of("acme", Rows.enrolledOnce()).enrolledAt()).isEqualTo(Rows.FIRST);
    }
}
