package dev.kandjistream.posture.domain;

import static dev.kandjistream.posture.domain.Devices.HOUR;
import static dev.kandjistream.posture.domain.Devices.NOW;
import static dev.kandjistream.posture.domain.Devices.account;
import static dev.kandjistream.posture.domain.Devices.mac;
import static dev.kandjistream.posture.domain.Devices.ofPlatform;
import static dev.kandjistream.posture.domain.Devices.question;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class EnrolmentsTest {
    private static final Enrolment EARLIER = mac("acme", "a", NOW - 5 * HOUR, NOW - 9 * HOUR, false);
    private static final Enrolment LATER = mac("acme", "b", NOW - 2 * HOUR, NOW - 3 * HOUR, false);
    private static final Enrolment REMOVED = mac("globex", "c", NOW - HOUR, NOW - HOUR, true);

    @Test
    void theOneThatEnrolledAfterTheOtherWasLastUsedSpeaks() {
        assertThat(Enrolments.choose(List.of(EARLIER, LATER)).orElseThrow())
                .returns(LATER, Enrolments.Chosen::enrolment)
                .returns(true, Enrolments.Chosen::ambiguous);
    }

    @Test
    void aRemovedOneSpeaksOnlyForWantOfAnother() {
        assertThat(Enrolments.choose(List.of(REMOVED, EARLIER)).orElseThrow())
                .returns(EARLIER, Enrolments.Chosen::enrolment)
                .returns(false, Enrolments.Chosen::ambiguous)
                .returns(false, chosen -> chosen.isUnordered(NOW));
        assertThat(Enrolments.choose(List.of(REMOVED))).contains(new Enrolments.Chosen(REMOVED, false));
    }

    @Test
    void twoRemovedOnesAreNotTwoDevicesThatLive() {
        Enrolment removedToo = mac("acme", "d", NOW - 2 * HOUR, NOW, true);
        assertThat(Enrolments.choose(List.of(REMOVED, removedToo)).orElseThrow().ambiguous())
                .isFalse();
    }

    @Test
    void whereNeitherEverCheckedInTheLaterEnrolmentSpeaks() {
        Enrolment first = mac("acme", "a", Enrolment.NO_TIME, NOW - HOUR, false);
        Enrolment second = mac("acme", "b", Enrolment.NO_TIME, NOW, false);
        assertThat(Enrolments.choose(List.of(second, first)).orElseThrow().enrolment())
                .isEqualTo(second);
    }

    @Test
    void oneDeviceIdInTwoAccountsIsTwoDevices() {
        Enrolment here = mac("acme", "a", NOW, NOW, false);
        Enrolment there = mac("globex", "a", NOW, NOW, false);
        assertThat(Enrolments.choose(List.of(here, there)).orElseThrow().ambiguous())
                .isTrue();
    }

    @Test
    void anOrderThatRestsOnAnUnknownOrFutureTimeIsNoOrder() {
        Enrolment now = mac("acme", "now", NOW, NOW - 9 * HOUR, false);
        long far = NOW + 999_999 * HOUR;
        for (Enrolment other : List.of(
                mac("acme", "b", far, NOW - HOUR, false),
                mac("acme", "b", NOW + HOUR + 1, NOW - HOUR, false),
                mac("acme", "b", Enrolment.NO_TIME, NOW - HOUR, false),
                mac("globex", "b", NOW, far, false),
                mac("globex", "b", NOW, Enrolment.NO_TIME, false),
                mac("acme", "b", NOW - 3 * HOUR, NOW - HOUR, false)
                        .with(new Doubt(null, Attribute.CHECKED_IN_AGO.bit())))) {
            assertThat(Enrolments.choose(List.of(now, other)).orElseThrow().isUnordered(NOW))
                    .as("%s", other.lastCheckIn())
                    .isTrue();
            assertThat(connection(List.of(other, now))).isEqualTo(Connection.SERIAL_AMBIGUOUS);
        }
    }

    @Test
    void aFutureTimeBecomesAPastOne() {
        Enrolment ahead = mac("acme", "b", NOW + 2 * HOUR, NOW - 3 * HOUR, false);
        Enrolments.Chosen chosen = Enrolments.choose(List.of(EARLIER, ahead)).orElseThrow();
        assertThat(chosen.isUnordered(NOW)).isTrue();
        assertThat(chosen.isUnordered(NOW + HOUR)).isFalse();
    }

    @Test
    void whereTimesDoNotDecideTheyNeedNotBeKnown() {
        Enrolment unknown = mac("acme", "u", Enrolment.NO_TIME, Enrolment.NO_TIME, false);
        Enrolment removed = mac("acme", "r", NOW, NOW, true);
        for (List<Enrolment> known : List.of(List.of(unknown), List.of(unknown, removed), List.of(EARLIER, LATER))) {
            assertThat(Enrolments.choose(known).orElseThrow().isUnordered(NOW)).isFalse();
        }
    }

    @Test
    void whatUnorderedDevicesDifferInIsMissing() {
        Enrolment with = mac("acme", "a", NOW, NOW, false);
        Enrolment without = ofPlatform("iPad");
        List<Enrolment> both = List.of(
                with,
                new Enrolment(
                        "acme",
                        "z",
                        "Mac",
                        with.model(),
                        with.osVersion(),
                        null,
                        null,
                        false,
                        true,
                        false,
                        false,
                        null,
                        Enrolment.NO_TIME,
                        true,
                        with.userEmail(),
                        false,
                        with.blueprint(),
                        with.tags(),
                        NOW,
                        Doubt.NONE));
        Posture posture = posture(both);
        assertThat(posture.has(Attribute.MDM_ENABLED))
                .as("true of one, false of the other")
                .isFalse();
        assertThat(posture.has(Attribute.CHECKED_IN_AGO)).isFalse();
        assertThat(posture.value(Attribute.PLATFORM)).isEqualTo("Mac");
        assertThat(posture.value(Attribute.USER_EMAIL)).isEqualTo("ada@acme.com");
        assertThat(posture.value(Attribute.SERIAL_AMBIGUOUS)).isEqualTo(true);

        Posture unlike = posture(List.of(mac("acme", "a", Enrolment.NO_TIME, NOW, false), without));
        for (Attribute attribute : List.of(
                Attribute.PLATFORM,
                Attribute.MODEL,
                Attribute.OS_VERSION,
                Attribute.ATTRIBUTED,
                Attribute.USER_EMAIL,
                Attribute.USER_MATCHES,
                Attribute.TAGS,
                Attribute.BLUEPRINT)) {
            assertThat(unlike.has(attribute)).as(attribute.word()).isFalse();
        }
    }

    // ---- what a newer enrolment forbids

    /** Enrolled and last in use long before {@link #newer}: the hardware was enrolled anew since. */
    private static Enrolment older(boolean mdmEnabled) {
        return mac("old", NOW - 1000 * HOUR, NOW - 5000 * HOUR, mdmEnabled);
    }

    private static Enrolment newer(boolean mdmEnabled) {
        return mac("new", NOW - HOUR, NOW - 900 * HOUR, mdmEnabled);
    }

    /** Whatever a sweep that is not believed may say of a whole device. */
    enum Loss {
        NOTHING(Doubt.NONE),
        ABSENT(Doubt.because(Connection.ABSENT_WITHHELD)),
        REMOVED(Doubt.because(Connection.DEVICE_REMOVED)),
        UNREADABLE(Doubt.because(Connection.ROW_UNREADABLE)),
        UNDECODABLE(Doubt.because(Connection.RECORD_UNDECODABLE));

        private final Doubt doubt;

        Loss(Doubt doubt) {
            this.doubt = doubt;
        }
    }

    @Property
    void noUnbelievedLossOfTheNewerOneOpensTheOlder(@ForAll Loss ofNewer, @ForAll Loss ofOlder) {
        Posture posture =
                posture(List.of(older(true).with(ofOlder.doubt), newer(false).with(ofNewer.doubt)));
        assertThat(posture.value(Attribute.MDM_ENABLED)).isEqualTo(false);
        assertThat(posture.value(Attribute.SERIAL_AMBIGUOUS)).isEqualTo(true);
        assertThat(posture.value(Attribute.CONNECTION_REASON))
                .isEqualTo(
                        ofNewer == Loss.NOTHING
                                ? ""
                                : ofNewer.doubt.connection().reason());
    }

    @Property
    void noTimeOfTheNewerOneThatIsLostOrGoesBackOpensTheOlder(
            @ForAll @LongRange(min = 0, max = 10_000) long hoursBack,
            @ForAll boolean lost,
            @ForAll boolean doubtful,
            @ForAll boolean checkIn,
            @ForAll Loss ofNewer) {
        Enrolment was = newer(false);
        long before = checkIn ? was.lastCheckIn() : was.enrolledAt();
        long after = lost ? Enrolment.NO_TIME : before - hoursBack * HOUR;
        Attribute attribute = checkIn ? Attribute.CHECKED_IN_AGO : Attribute.ENROLLED_AGO;
        Enrolment now = mac("new", checkIn ? after : was.lastCheckIn(), checkIn ? was.enrolledAt() : after, false)
                .with(ofNewer.doubt)
                .with(doubtful ? new Doubt(null, attribute.bit()) : Doubt.NONE);
        Posture posture = posture(List.of(older(true), now));
        assertThat(posture.value(Attribute.MDM_ENABLED)).isNotEqualTo(true);
    }

    @Property
    void whatTheOlderOneForbidsLocksNobodyOutOnceItsHardwareIsEnrolledAnew(
            @ForAll Loss ofOlder, @ForAll boolean removed) {
        Enrolment left = removed ? mac("acme", "old", NOW - 1000 * HOUR, NOW - 5000 * HOUR, true) : older(false);
        Posture posture = posture(List.of(left.with(ofOlder.doubt), newer(true)));
        assertThat(posture.value(Attribute.MDM_ENABLED)).isEqualTo(true);
        assertThat(posture.value(Attribute.CONNECTION)).isEqualTo("available");
    }

    @Test
    void anEnrolmentThatChecksInAfterTheNextOneBeganIsNotOver() {
        Enrolment inUse = mac("old", NOW - 2 * HOUR, NOW - 5000 * HOUR, false);
        for (Enrolment other : List.of(newer(true), mac("new", NOW - 3 * HOUR, NOW - 900 * HOUR, true))) {
            assertThat(connection(List.of(inUse, other))).isEqualTo(Connection.SERIAL_AMBIGUOUS);
            assertThat(posture(List.of(inUse, other)).has(Attribute.MDM_ENABLED))
                    .isFalse();
        }
    }

    @Test
    void timesThatDoNotAgreeProveNoOrder() {
        Enrolment checkedInBefore = mac("new", NOW - 2000 * HOUR, NOW - 900 * HOUR, true);
        Enrolment enrolledAtOnce = mac("new", NOW - 4999 * HOUR, NOW - 5000 * HOUR, true);
        Enrolment neverUsed = mac("old", NOW - 5000 * HOUR, NOW - 5000 * HOUR, false);
        for (List<Enrolment> both :
                List.of(List.of(older(false), checkedInBefore), List.of(neverUsed, enrolledAtOnce))) {
            assertThat(connection(both)).isEqualTo(Connection.SERIAL_AMBIGUOUS);
            assertThat(posture(both).has(Attribute.MDM_ENABLED)).isFalse();
        }
    }

    @Test
    void anUnbelievedRemovalLeavesTheSerialNumberShared() {
        Enrolment removed = older(true).with(Doubt.because(Connection.DEVICE_REMOVED));
        assertThat(Enrolments.choose(List.of(removed, newer(true))).orElseThrow())
                .returns("new", chosen -> chosen.enrolment().deviceId())
                .returns(true, Enrolments.Chosen::ambiguous);
    }

    @Test
    void twoRowsOfOneDeviceThatDifferAreBothInDoubt() {
        Enrolment with = mac("d", NOW - HOUR, NOW - 900 * HOUR, true);
        Enrolment without = mac("d", NOW - HOUR, NOW - 900 * HOUR, false);
        assertThat(posture(List.of(with, without)).has(Attribute.MDM_ENABLED)).isFalse();
        assertThat(connection(List.of(with, without))).isEqualTo(Connection.SERIAL_AMBIGUOUS);
    }

    private static Connection connection(List<Enrolment> enrolments) {
        return Connection.of(
                Sighting.ofView(Enrolments.choose(enrolments).orElseThrow(), Optional.of(account("CONNECTED"))), NOW);
    }

    private static Posture posture(List<Enrolment> enrolments) {
        var asked =
                new Question(question().serialNumber(), Optional.of("macOS"), Optional.of("ada@acme.com"), Map.of());
        return Posture.of(
                asked,
                Sighting.ofView(Enrolments.choose(enrolments).orElseThrow(), Optional.of(account("CONNECTED"))),
                NOW);
    }

    @Test
    void ofNoneNoneSpeaks() {
        assertThat(Enrolments.choose(List.of())).isEmpty();
    }

    @Property
    void inWhateverOrderTheyCameTheSameOneSpeaks(
            @ForAll List<@net.jqwik.api.constraints.IntRange(max = 3) Integer> ages, @ForAll long seed) {
        var enrolments = new ArrayList<Enrolment>();
        for (int i = 0; i < ages.size(); i++) {
            enrolments.add(mac("acme", "device-" + i, NOW - ages.get(i) * HOUR, NOW, i % 3 == 0));
        }
        var shuffled = new ArrayList<>(enrolments);
        Collections.shuffle(shuffled, new Random(seed));
        assertThat(Enrolments.choose(shuffled)).isEqualTo(Enrolments.choose(enrolments));
    }
}
