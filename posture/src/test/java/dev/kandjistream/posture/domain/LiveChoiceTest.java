package dev.kandjistream.posture.domain;

import static dev.kandjistream.posture.domain.Devices.HOUR;
import static dev.kandjistream.posture.domain.Devices.NOW;
import static dev.kandjistream.posture.domain.Devices.account;
import static dev.kandjistream.posture.domain.Devices.mac;
import static dev.kandjistream.posture.domain.Devices.question;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.posture.domain.Enrolments.Chosen;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What a live answer may change of what the view knows, whatever rows it has. */
class LiveChoiceTest {
    private static final List<Doubt> LOSSES = List.of(
            Doubt.NONE,
            Doubt.because(Connection.ABSENT_WITHHELD),
            Doubt.because(Connection.DEVICE_REMOVED),
            Doubt.because(Connection.ROW_UNREADABLE),
            RowFields.doubt(List.of("serial_number")),
            RowFields.doubt(List.of("mdm_enabled")),
            RowFields.doubt(List.of("last_check_in")));

    @Property(tries = 2_000)
    void whatTheChosenDeviceForbidsOnlyANewerRowOfItsOwnAllows(@ForAll long seed) {
        var random = new Random(seed);
        Chosen known = Enrolments.choose(devices(random, 3, "a", "b", "c")).orElseThrow();
        List<Enrolment> rows = devices(random, 4, "a", "b", "c", "d", "e");
        Sighting after = after(known, rows);

        Enrolment chosen = known.enrolment();
        boolean hasOwnRow = rows.stream()
                .anyMatch(row -> row.deviceId().equals(chosen.deviceId())
                        && row.lastCheckIn() >= chosen.lastCheckIn()
                        && row.enrolledAt() >= chosen.enrolledAt());
        boolean isSerialUnconfirmed =
                !chosen.removed() && chosen.doubt().equals(RowFields.doubt(List.of("serial_number")));
        assertThat(after.device().orElseThrow().enrolment().deviceId()).isEqualTo(chosen.deviceId());
        boolean saysRemoved = rows.stream().anyMatch(row -> row.deviceId().equals(chosen.deviceId()) && row.removed());
        if (saysRemoved) {
            assertThat(posture(after).value(Attribute.CONNECTION_REASON)).isEqualTo("device_removed");
        } else if (!hasOwnRow || isSerialUnconfirmed) {
            assertThat(after.source()).isEqualTo(Source.VIEW);
            assertNoLess(posture(Sighting.ofView(known, Optional.of(account("CONNECTED")))), posture(after));
        }
    }

    @Property(tries = 2_000)
    void whatIsUnorderedOrSharedInTheViewStaysSo(@ForAll long seed) {
        var random = new Random(seed);
        Chosen known = Enrolments.choose(devices(random, 3, "a", "b", "c")).orElseThrow();
        Chosen after =
                after(known, devices(random, 4, "a", "b", "c", "d")).device().orElseThrow();
        assertThat(after.isUnordered(NOW) || !known.isUnordered(NOW)).isTrue();
        assertThat(after.ambiguous() || !known.ambiguous()).isTrue();
        assertThat(after.differing() & known.differing()).isEqualTo(known.differing());
    }

    @Property(tries = 1_000)
    void whatARowOfAnUnknownDeviceForbidsIsNotAllowed(@ForAll long seed, @ForAll boolean mdmEnabled) {
        Chosen known = Enrolments.choose(devices(new Random(seed), 3, "a", "b")).orElseThrow();
        Enrolment unknown = mac("d", NOW, NOW - HOUR, mdmEnabled);
        Sighting after = after(known, List.of(unknown));
        Object told = posture(after).value(Attribute.MDM_ENABLED);
        assertThat(told == null || told.equals(mdmEnabled)).isTrue();
        assertThat(posture(after).value(Attribute.SERIAL_AMBIGUOUS)).isNotEqualTo(false);
        assertThat(posture(after).value(Attribute.CONNECTION)).isNotEqualTo("available");
    }

    @Test
    void aRemovedRowOfAnUnknownDeviceChangesNothing() {
        Chosen known = new Chosen(mac("a"), false);
        Enrolment removed = mac("acme", "d", NOW, NOW - HOUR, true);
        assertThat(LiveChoice.of(Optional.of(known), List.of(removed))).isEmpty();
    }

    @Test
    void aRowThatSaysThatTheChosenDeviceIsRemovedOpensNoOther() {
        Enrolment older = mac("old", NOW - 1000 * HOUR, NOW - 5000 * HOUR, true);
        Chosen known = Enrolments.choose(List.of(older, mac("new", NOW - HOUR, NOW - 900 * HOUR, false)))
                .orElseThrow();
        Enrolment removed = mac("acme", "new", NOW, NOW - 900 * HOUR, true);
        Posture posture = posture(after(known, List.of(removed)));
        assertThat(posture.value(Attribute.CONNECTION_REASON)).isEqualTo("device_removed");
    }

    @Test
    void aLaterRowOfAnotherKnownEnrolmentOpensNothing() {
        Enrolment newer = mac("new", NOW - HOUR, NOW - 900 * HOUR, false);
        Chosen known = Enrolments.choose(List.of(mac("old", NOW - 1000 * HOUR, NOW - 5000 * HOUR, true), newer))
                .orElseThrow();
        Enrolment again = mac("old", NOW, NOW - HOUR / 2, true);
        Posture posture = posture(after(known, List.of(again)));
        assertThat(posture.has(Attribute.MDM_ENABLED)).isFalse();
        assertThat(posture.value(Attribute.CONNECTION_REASON)).isEqualTo("serial_ambiguous");
    }

    @Test
    void twoRowsOfTheKnownDeviceOpenNothing() {
        Chosen known = new Chosen(mac("a", NOW - HOUR, NOW - 900 * HOUR, false), false);
        List<Enrolment> rows = List.of(mac("a", NOW, NOW - 900 * HOUR, true), mac("a", NOW, NOW - 900 * HOUR, false));
        assertThat(posture(after(known, rows)).value(Attribute.MDM_ENABLED)).isNotEqualTo(true);
    }

    /** Without a time that is known, older than published, twice, or while the serial number is not confirmed. */
    @Test
    void aRemovalInARowOfTheKnownDeviceCountsWhateverItsTimes() {
        long enrolled = NOW - 900 * HOUR;
        Enrolment device = mac("a", NOW - HOUR, enrolled, true);
        Enrolment unconfirmed = device.with(RowFields.doubt(List.of("serial_number")));
        var removed = mac("acme", "a", NOW, enrolled, true);
        List<List<Enrolment>> answers = List.of(
                List.of(mac("acme", "a", Enrolment.NO_TIME, enrolled, true)),
                List.of(mac("acme", "a", NOW, Enrolment.NO_TIME, true)),
                List.of(mac("acme", "a", NOW - 2 * HOUR, enrolled, true)),
                List.of(removed, mac("acme", "a", NOW - 1, enrolled, true)),
                List.of(removed, device));
        for (List<Enrolment> rows : answers) {
            assertThat(posture(after(new Chosen(device, false), rows)).value(Attribute.CONNECTION_REASON))
                    .isEqualTo("device_removed");
        }
        assertThat(posture(after(new Chosen(unconfirmed, false), List.of(removed)))
                        .value(Attribute.CONNECTION_REASON))
                .isEqualTo("device_removed");
    }

    // ---- rows that say what is known already

    @Property(tries = 2_000)
    void aRowEqualToWhatIsKnownCountsLikeOneWithALaterCheckIn(@ForAll long seed) {
        Chosen known =
                Enrolments.choose(devices(new Random(seed), 3, "a", "b", "c")).orElseThrow();
        Enrolment chosen = known.enrolment();
        if (chosen.removed() || chosen.lastCheckIn() == Enrolment.NO_TIME) {
            return;
        }
        Enrolment later = checkedIn(chosen, chosen.lastCheckIn() + 1_000);
        Sighting confirmed = after(known, List.of(copy(chosen)));
        Sighting checkedIn = after(known, List.of(later));
        assertThat(confirmed.source()).isEqualTo(checkedIn.source());
        for (Attribute attribute :
                List.of(Attribute.CONNECTION, Attribute.CONNECTION_REASON, Attribute.MDM_ENABLED, Attribute.DATA_AGE)) {
            assertThat(posture(confirmed).value(attribute))
                    .as(attribute.word())
                    .isEqualTo(posture(checkedIn).value(attribute));
        }
    }

    @Test
    void anUnchangedRowConfirmsTheDevice() {
        Enrolment known = mac("a");
        for (List<Enrolment> rows : List.of(List.of(copy(known)), List.of(copy(known), copy(known)))) {
            Sighting after = after(new Chosen(known, false), rows);
            assertThat(after.source()).isEqualTo(Source.LIVE);
            assertThat(after.seenAt()).isEqualTo(NOW);
            assertThat(posture(after).value(Attribute.CONNECTION)).isEqualTo("available");
            assertThat(posture(after).value(Attribute.SERIAL_AMBIGUOUS)).isEqualTo(false);
        }
    }

    @Test
    void anUnchangedRowConfirmsTheChosenEnrolmentOfSeveral() {
        Enrolment older = mac("old", NOW - 1000 * HOUR, NOW - 5000 * HOUR, true);
        Enrolment newer = mac("new", NOW - HOUR, NOW - 900 * HOUR, false);
        Chosen known = Enrolments.choose(List.of(older, newer)).orElseThrow();
        LiveChoice both = LiveChoice.of(Optional.of(known), List.of(copy(newer), copy(older)))
                .orElseThrow();
        assertThat(both.live()).isTrue();
        assertThat(both.chosen().enrolment().deviceId()).isEqualTo("new");
        assertThat(both.chosen().isUnordered(NOW)).isFalse();

        LiveChoice another =
                LiveChoice.of(Optional.of(known), List.of(copy(older))).orElseThrow();
        assertThat(another.live()).as("a row of another enrolment").isFalse();
        assertThat(another.used()).isTrue();
        assertThat(another.chosen().isUnordered(NOW)).isFalse();
    }

    @Test
    void anUnchangedRowBesideADifferentOneOfTheSameDeviceConfirmsNothing() {
        Enrolment known = mac("a", NOW - HOUR, NOW - 900 * HOUR, true);
        Enrolment unmanaged = mac("a", NOW - HOUR, NOW - 900 * HOUR, false);
        LiveChoice choice = LiveChoice.of(Optional.of(new Chosen(known, false)), List.of(copy(known), unmanaged))
                .orElseThrow();
        assertThat(choice.live()).isFalse();
        assertThat(choice.used()).isFalse();
        assertThat(choice.chosen().isUnordered(NOW)).isTrue();
        assertThat(posture(after(new Chosen(known, false), List.of(copy(known), unmanaged)))
                        .has(Attribute.MDM_ENABLED))
                .isFalse();
    }

    @Test
    void anUnchangedRowConfirmsNothingWhileTheSerialNumberIsUnconfirmed() {
        Enrolment known = mac("a").with(RowFields.doubt(List.of("serial_number")));
        Sighting after = after(new Chosen(known, false), List.of(copy(known), copy(mac("a"))));
        assertThat(after.source()).isEqualTo(Source.VIEW);
        assertThat(posture(after).value(Attribute.CONNECTION_REASON)).isEqualTo("row_unreadable");
    }

    /** The chosen device is not counted as another device beside itself. */
    @Test
    void aRemovalInAnOlderRowLeavesTheOrderAsItIs() {
        Enrolment known = mac("a", NOW - HOUR, NOW - 900 * HOUR, true);
        LiveChoice choice = LiveChoice.of(
                        Optional.of(new Chosen(known, false)),
                        List.of(mac("acme", "a", NOW - 2 * HOUR, NOW - 900 * HOUR, true)))
                .orElseThrow();
        assertThat(choice.used()).isTrue();
        assertThat(choice.chosen().all()).hasSize(1);
        assertThat(choice.chosen().isUnordered(NOW)).isFalse();
        assertThat(choice.chosen().differing()).isZero();
    }

    /** Equal, and another object: what a live answer is made of. */
    private static Enrolment copy(Enrolment device) {
        return checkedIn(device, device.lastCheckIn());
    }

    private static Enrolment checkedIn(Enrolment device, long at) {
        return new Enrolment(
                device.accountId(),
                device.deviceId(),
                device.platform(),
                device.model(),
                device.osVersion(),
                device.osVersionExtra(),
                device.osBuild(),
                device.mdmEnabled(),
                device.agentInstalled(),
                device.isMissing(),
                device.removed(),
                device.lostMode(),
                at,
                device.attributed(),
                device.userEmail(),
                device.userArchived(),
                device.blueprint(),
                device.tags(),
                device.enrolledAt(),
                device.doubt());
    }

    /** Each attribute has the former value or none, and no reason is gone. */
    private static void assertNoLess(Posture before, Posture after) {
        for (Attribute attribute : Attribute.values()) {
            if (attribute != Attribute.SERIAL_AMBIGUOUS
                    && attribute != Attribute.CONNECTION
                    && attribute != Attribute.CONNECTION_REASON) {
                Object told = after.value(attribute);
                assertThat(told == null || told.equals(before.value(attribute)))
                        .as(attribute.word())
                        .isTrue();
            }
        }
        Object reason = before.value(Attribute.CONNECTION_REASON);
        assertThat(after.value(Attribute.CONNECTION_REASON))
                .isIn(reason.equals("") ? List.of("", "serial_ambiguous") : List.of(reason));
        assertThat(after.value(Attribute.SERIAL_AMBIGUOUS)).isIn(before.value(Attribute.SERIAL_AMBIGUOUS), true);
    }

    /** Devices of different ids and every kind of times. */
    private static List<Enrolment> devices(Random random, int most, String... ids) {
        Map<String, Enrolment> devices = new LinkedHashMap<>();
        for (int i = random.nextInt(most); i >= 0; i--) {
            String id = ids[random.nextInt(ids.length)];
            Enrolment device = random.nextInt(6) == 0
                    ? mac("acme", id, time(random), time(random), true)
                    : mac(id, time(random), time(random), random.nextBoolean());
            devices.put(id, device.with(LOSSES.get(random.nextInt(LOSSES.size()))));
        }
        return new ArrayList<>(devices.values());
    }

    private static long time(Random random) {
        return random.nextInt(8) == 0 ? Enrolment.NO_TIME : NOW - random.nextInt(6) * 100 * HOUR;
    }

    private static Sighting after(Chosen known, List<Enrolment> rows) {
        Optional<AccountState> account = Optional.of(account("CONNECTED"));
        return LiveChoice.of(Optional.of(known), rows)
                .map(choice -> choice.live()
                        ? Sighting.live(choice.chosen(), account, NOW)
                        : Sighting.ofView(choice.chosen(), account))
                .orElse(Sighting.ofView(known, account));
    }

    private static Posture posture(Sighting sighting) {
        return Posture.of(question(), sighting, NOW);
    }
}
