package dev.kandjistream.posture.domain;

import static dev.kandjistream.posture.domain.Devices.HOUR;
import static dev.kandjistream.posture.domain.Devices.NOW;
import static dev.kandjistream.posture.domain.Devices.account;
import static dev.kandjistream.posture.domain.Devices.mac;
import static dev.kandjistream.posture.domain.Devices.seen;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTest {
    @ParameterizedTest
    @ValueSource(strings = {"CONNECTED", "RATE_LIMITED", "UNREACHABLE"})
    void whatAnAccountSaidIsGoodUntilItIsTooOldHoweverItsApiIsNow(String connection) {
        Sighting sighting = seen(mac("a"), account(connection));
        assertThat(Connection.of(sighting, NOW)).isEqualTo(Connection.AVAILABLE);
        assertThat(Connection.of(sighting, NOW + HOUR / 2)).isEqualTo(Connection.AVAILABLE);
        assertThat(Connection.of(sighting, NOW + HOUR / 2 + 1)).isEqualTo(Connection.DATA_TOO_OLD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNAUTHORIZED", "FORBIDDEN"})
    void anAccountThatRefusesUsIsNotConnected(String connection) {
        assertThat(Connection.of(seen(mac("a"), account(connection)), NOW)).isEqualTo(Connection.ACCOUNT_REFUSED);
    }

    @Test
    void aSerialNumberNobodyHasIsUnknown() {
        assertThat(Connection.of(Sighting.NONE, NOW)).isEqualTo(Connection.SERIAL_UNKNOWN);
    }

    @Test
    void aRemovedDeviceIsUnavailableInAnAccountThatIsWell() {
        Enrolment removed = mac("acme", "a", NOW, NOW, true);
        assertThat(Connection.of(seen(removed, account("CONNECTED")), NOW)).isEqualTo(Connection.DEVICE_REMOVED);
    }

    @Test
    void withoutACompleteSweepNothingIsAvailable() {
        var never = new AccountState("acme", "CONNECTED", Enrolment.NO_TIME, Duration.ofHours(1), false);
        assertThat(Connection.of(seen(mac("a"), never), NOW)).isEqualTo(Connection.NEVER_COMPLETE);
        assertThat(Connection.of(seen(mac("a"), null), NOW)).isEqualTo(Connection.NEVER_COMPLETE);
    }

    @Test
    void aLiveAnswerIsAvailableHoweverOldTheSweepIs() {
        var chosen = new Enrolments.Chosen(mac("a"), false);
        Sighting live = Sighting.live(chosen, Optional.of(account("CONNECTED")), NOW + 9 * HOUR);
        assertThat(Connection.of(live, NOW + 9 * HOUR)).isEqualTo(Connection.AVAILABLE);
    }

    @Test
    void aLiveAnswerThatSaysRemovedIsRemoved() {
        var chosen = new Enrolments.Chosen(mac("acme", "a", NOW, NOW, true), false);
        assertThat(Connection.of(Sighting.live(chosen, Optional.empty(), NOW), NOW))
                .isEqualTo(Connection.DEVICE_REMOVED);
    }

    @Test
    void aSweepAheadOfOurClockByLittleIsNewAndByMoreTellsNoAge() {
        var little = new AccountState("acme", "CONNECTED", NOW + HOUR / 12, Duration.ofHours(1), false);
        var much = new AccountState("acme", "CONNECTED", NOW + HOUR / 12 + 1, Duration.ofHours(1), false);

        assertThat(Connection.of(seen(mac("a"), little), NOW)).isEqualTo(Connection.AVAILABLE);
        assertThat(little.age(NOW)).isZero();
        assertThat(Connection.of(seen(mac("a"), much), NOW)).isEqualTo(Connection.CLOCKS_DISAGREE);
        assertThat(Connection.CLOCKS_DISAGREE.state()).isEqualTo(Connection.State.STALE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Connection.class,
            names = {"ROW_UNREADABLE", "RECORD_UNDECODABLE", "ABSENT_WITHHELD"})
    void whatIsNotConfirmedIsNotAvailableHoweverFreshItsAccountIs(Connection reason) {
        Enrolment device = mac("a").with(Doubt.because(reason));
        assertThat(Connection.of(seen(device, account("CONNECTED")), NOW)).isEqualTo(reason);
        var live = Sighting.live(new Enrolments.Chosen(device, false), Optional.empty(), NOW);
        assertThat(Connection.of(live, NOW)).isEqualTo(reason);
        assertThat(new LiveLookup(false, true, Duration.ofSeconds(1)).wanted(seen(device, account("CONNECTED")), NOW))
                .isTrue();
        assertThat(new LiveLookup(true, false, Duration.ofSeconds(1)).wanted(seen(device, account("CONNECTED")), NOW))
                .isFalse();
    }

    @Test
    void unavailableOutweighsStale() {
        Enrolment unreadable = mac("a").with(Doubt.because(Connection.ROW_UNREADABLE));
        assertThat(Connection.of(seen(unreadable, account("FORBIDDEN")), NOW)).isEqualTo(Connection.ACCOUNT_REFUSED);
        Enrolment both = unreadable.with(Doubt.because(Connection.ABSENT_WITHHELD));
        assertThat(Connection.of(seen(both, account("CONNECTED")), NOW)).isEqualTo(Connection.ABSENT_WITHHELD);
    }

    @Test
    void aPlaceholderIsToldAsSuchAndNeverLookedUp() {
        assertThat(Connection.of(Sighting.PLACEHOLDER, NOW)).isEqualTo(Connection.SERIAL_PLACEHOLDER);
        assertThat(new LiveLookup(true, true, Duration.ofSeconds(1)).wanted(Sighting.PLACEHOLDER, NOW))
                .isFalse();
    }

    @Test
    void aLookupIsWantedAsThePolicySays() {
        var whenUnknown = new LiveLookup(true, false, Duration.ofSeconds(1));
        var whenStale = new LiveLookup(false, true, Duration.ofSeconds(1));
        Sighting stale = seen(mac("a"), account("UNREACHABLE"));
        assertThat(whenUnknown.wanted(Sighting.NONE, NOW)).isTrue();
        assertThat(whenStale.wanted(Sighting.NONE, NOW)).isFalse();
        assertThat(whenStale.wanted(stale, NOW + HOUR)).isTrue();
        assertThat(whenUnknown.wanted(stale, NOW + HOUR)).isFalse();
        assertThat(whenStale.wanted(stale, NOW)).isFalse();
        assertThat(LiveLookup.NEVER.wanted(Sighting.NONE, NOW)).isFalse();
    }
}
