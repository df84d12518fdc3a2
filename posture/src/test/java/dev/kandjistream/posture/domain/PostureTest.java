package dev.kandjistream.posture.domain;

import static dev.kandjistream.posture.domain.Devices.HOUR;
import static dev.kandjistream.posture.domain.Devices.NOW;
import static dev.kandjistream.posture.domain.Devices.account;
import static dev.kandjistream.posture.domain.Devices.blank;
import static dev.kandjistream.posture.domain.Devices.mac;
import static dev.kandjistream.posture.domain.Devices.ofNobody;
import static dev.kandjistream.posture.domain.Devices.ofPlatform;
import static dev.kandjistream.posture.domain.Devices.ofSomebody;
import static dev.kandjistream.posture.domain.Devices.ofSomebodyWithoutEmail;
import static dev.kandjistream.posture.domain.Devices.question;
import static dev.kandjistream.posture.domain.Devices.seen;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostureTest {
    @Test
    void allThatAnAccountSaysIsThere() {
        Posture posture = Posture.of(question(), seen(mac("a"), account("CONNECTED")), NOW);

        assertThat(posture.value(Attribute.CONNECTION)).isEqualTo("available");
        assertThat(posture.value(Attribute.CONNECTION_REASON)).isEqualTo("");
        assertThat(posture.value(Attribute.MDM_ENABLED)).isEqualTo(true);
        assertThat(posture.value(Attribute.AGENT_INSTALLED)).isEqualTo(true);
        assertThat(posture.value(Attribute.PLATFORM)).isEqualTo("Mac");
        assertThat(posture.value(Attribute.OS_VERSION)).hasToString("15.6");
        assertThat(posture.value(Attribute.IS_MISSING)).isEqualTo(false);
        assertThat(posture.value(Attribute.CHECKED_IN_AGO)).isEqualTo(Duration.ofHours(1));
        assertThat(posture.value(Attribute.ATTRIBUTED)).isEqualTo(true);
        assertThat(posture.value(Attribute.USER_EMAIL)).isEqualTo("ada@acme.com");
        assertThat(posture.value(Attribute.TAGS)).isEqualTo(List.of("exec"));
        assertThat(posture.value(Attribute.ACCOUNT)).isEqualTo("acme");
        assertThat(posture.value(Attribute.ENROLLED_AGO)).isEqualTo(Duration.ofHours(100));
        assertThat(posture.value(Attribute.DATA_AGE)).isEqualTo(Duration.ofMinutes(30));
        assertThat(posture.age(Attribute.MDM_ENABLED)).isEqualTo(Duration.ofMinutes(30));
        assertThat(posture.source(Attribute.MDM_ENABLED)).isEqualTo(Source.VIEW);
    }

    @Test
    void whatAnAccountDoesNotSayIsMissing() {
        Posture posture = Posture.of(question(), seen(blank("a"), account("CONNECTED")), NOW);

        assertThat(Arrays.stream(Attribute.values()).filter(posture::has))
                .containsExactly(
                        Attribute.CONNECTION,
                        Attribute.CONNECTION_REASON,
                        Attribute.ATTRIBUTED,
                        Attribute.SERIAL_AMBIGUOUS,
                        Attribute.TAGS,
                        Attribute.ACCOUNT,
                        Attribute.DATA_AGE);
    }

    @Test
    void ofAnUnknownSerialNumberOnlyThatIsKnown() {
        Posture posture = Posture.of(question(), Sighting.NONE, NOW);

        assertThat(Arrays.stream(Attribute.values()).filter(posture::has))
                .containsExactly(Attribute.CONNECTION, Attribute.CONNECTION_REASON);
        assertThat(posture.value(Attribute.CONNECTION_REASON)).isEqualTo("serial_unknown");
        assertThat(posture.age()).isNull();
    }

    @Test
    void theAskersPlatformCountsOnlyWhereTheRecordSaysNone() {
        var asked = new Question(question().serialNumber(), Optional.of("iPadOS"), Optional.empty(), Map.of());
        Posture known = Posture.of(asked, seen(mac("a"), account("CONNECTED")), NOW);
        Posture blank = Posture.of(asked, seen(blank("a"), account("CONNECTED")), NOW);

        assertThat(known.value(Attribute.PLATFORM)).isEqualTo("Mac");
        assertThat(blank.value(Attribute.PLATFORM)).isEqualTo("iPad");
        assertThat(blank.source(Attribute.PLATFORM)).isEqualTo(Source.REQUEST);
        assertThat(blank.age(Attribute.PLATFORM)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"macOS", "MAC", "MAC ", "mac", "M\u0430c", "Linux"})
    void aPlatformInAnotherWordIsMissingWhoeverSaysIt(String word) {
        var asked = new Question(question().serialNumber(), Optional.of("Windows"), Optional.empty(), Map.of());
        Posture known = Posture.of(asked, seen(ofPlatform(word), account("CONNECTED")), NOW);
        assertThat(known.has(Attribute.PLATFORM)).as("not the asker's either").isFalse();
        var live = new Enrolments.Chosen(ofPlatform(word), false);
        assertThat(Posture.of(asked, Sighting.live(live, Optional.empty(), NOW), NOW)
                        .has(Attribute.PLATFORM))
                .isFalse();
    }

    @Test
    void anAskersPlatformInAnotherWordIsMissing() {
        for (String word : List.of("Linux", "M\u0430c", "Mac OS X", "none")) {
            var asked = new Question(question().serialNumber(), Optional.of(word), Optional.empty(), Map.of());
            assertThat(Posture.of(asked, seen(blank("a"), account("CONNECTED")), NOW)
                            .has(Attribute.PLATFORM))
                    .as(word)
                    .isFalse();
        }
        for (String word : List.of("visionos", "APPLEVISION", "Vision", "appletv", "tvOS")) {
            var asked = new Question(question().serialNumber(), Optional.of(word), Optional.empty(), Map.of());
            assertThat(Posture.of(asked, seen(blank("a"), account("CONNECTED")), NOW)
                            .has(Attribute.PLATFORM))
                    .as(word)
                    .isTrue();
        }
    }

    @Test
    void theAskerIsComparedWithTheAssignedUserInAnyCase() {
        assertThat(matches(mac("a"), " Ada@ACME.com ")).isEqualTo(true);
        assertThat(matches(mac("a"), "bob@acme.com")).isEqualTo(false);
        assertThat(matches(ofNobody("a"), "ada@acme.com")).isEqualTo(false);
    }

    @Test
    void anEmailThatOnlyLooksLikeTheAssignedUsersIsAnothers() {
        Enrolment kims = ofSomebody("a", "kim@acme.com");
        assertThat(matches(kims, "KIM@acme.com")).isEqualTo(true);
        assertThat(matches(ofSomebody("a", "\u212Aim@acme.com"), "kim@acme.com"))
                .isEqualTo(false);
        assertThat(matches(ofSomebody("a", "k\u00e9@acme.com"), "K\u00c9@acme.com"))
                .isEqualTo(true);
        assertThat(matches(kims, "\u212Aim@acme.com"))
                .as("Kelvin sign, small: k")
                .isEqualTo(false);
        assertThat(matches(kims, "k\u0130m@acme.com")).as("Turkish capital i").isEqualTo(false);
        assertThat(matches(kims, "k\u0131m@acme.com")).as("Turkish i").isEqualTo(false);
        assertThat(matches(kims, "\uFF2Bim@acme.com")).as("wide K").isEqualTo(false);
        assertThat(matches(kims, "kim\u200B@acme.com"))
                .as("a space of no width")
                .isEqualTo(false);
    }

    @Test
    void whoTheAskerIsCannotBeToldWithoutBothEmails() {
        assertThat(matches(ofSomebodyWithoutEmail("a"), "ada@acme.com")).isNull();
        assertThat(Posture.of(question(), seen(mac("a"), account("CONNECTED")), NOW)
                        .value(Attribute.USER_MATCHES))
                .isNull();
    }

    @Test
    void aLiveAnswerHasItsOwnAge() {
        var chosen = new Enrolments.Chosen(mac("a"), false);
        Posture posture = Posture.of(question(), Sighting.live(chosen, Optional.empty(), NOW - 3_000), NOW);

        assertThat(posture.age(Attribute.MDM_ENABLED)).isEqualTo(Duration.ofSeconds(3));
        assertThat(posture.value(Attribute.DATA_AGE)).isEqualTo(Duration.ofSeconds(3));
        assertThat(posture.source(Attribute.MDM_ENABLED)).isEqualTo(Source.LIVE);
    }

    @Test
    void aClockALittleBehindMakesNoNegativeTimes() {
        Posture posture = Posture.of(question(), seen(mac("a"), account("CONNECTED")), NOW - HOUR - 60_000);

        assertThat(posture.value(Attribute.CHECKED_IN_AGO)).isEqualTo(Duration.ZERO);
    }

    @Test
    void timesFarInTheFutureAreMissingForTheyMayBeAnyAge() {
        Posture posture = Posture.of(question(), seen(mac("a"), account("CONNECTED")), NOW - 1_000 * HOUR);

        assertThat(posture.value(Attribute.CHECKED_IN_AGO)).isNull();
        assertThat(posture.value(Attribute.ENROLLED_AGO)).isNull();
        assertThat(posture.value(Attribute.DATA_AGE)).isNull();
        assertThat(posture.age(Attribute.MDM_ENABLED)).isNull();
        assertThat(posture.value(Attribute.CONNECTION_REASON)).isEqualTo("clocks_disagree");
    }

    private static Object matches(Enrolment device, String email) {
        var asked = new Question(question().serialNumber(), Optional.empty(), Optional.of(email), Map.of());
        return Posture.of(asked, seen(device, account("CONNECTED")), NOW).value(Attribute.USER_MATCHES);
    }
}
