package dev.kandjistream.enricher.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.enricher.domain.Attribution;
import dev.kandjistream.enricher.domain.Cause;
import dev.kandjistream.enricher.domain.DeviceState;
import dev.kandjistream.enricher.domain.ReadingOrder;
import dev.kandjistream.enricher.domain.Rules;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Values that 0.1.0 stored, byte by byte: an upgraded service must read them. */
class FormerFormsTest {
    private static final Instant TIME = Instant.parse("2025-03-01T00:00:00Z");

    @Test
    void rulesWithoutPlaceholdersHadTheDefaultOnes() {
        byte[] stored = new BytesWriter()
                .octet(1)
                .number(3)
                .texts(Set.of("helper"))
                .texts(Set.of("Mac"))
                .text("acme/d7")
                .flag(false)
                .take();

        StoredRules read = new RulesCodec().read(stored);

        assertThat(read).isEqualTo(new StoredRules(new Rules(3, Set.of("helper"), Set.of("Mac")), "acme/d7", false));
        assertThat(read.rules().placeholderBundleIds()).contains("no value");
    }

    @Test
    void rulesComeBackAsTheyWereStored() {
        var stored = new StoredRules(new Rules(4, Set.of(), Set.of("Mac"), Set.of("TBD", "n/a")), null, true);

        assertThat(new RulesCodec().read(new RulesCodec().write(stored))).isEqualTo(stored);
    }

    @Test
    void aDeviceThatDoesNotSayWasNotReEnrolledAndKeepsItsSerialNumberAsPublished() {
        byte[] stored = new BytesWriter()
                .octet(1)
                .number(1)
                .flag(true)
                .flag(true) // the sighting
                .text("s1")
                .time(TIME)
                .flag(false)
                .time(TIME)
                .text(" c02xk1zzjgh5 ")
                .text("Mac of Ann")
                .text("Mac")
                .text(null)
                .text(null)
                .flagOrNull(true)
                .flagOrNull(null)
                .text(null)
                .flagOrNull(null)
                .text(null)
                .text(null)
                .text(null)
                .text(null)
                .texts(Set.of())
                .text("7")
                .text("ann@example.com")
                .text("Ann")
                .flagOrNull(false)
                .time(TIME)
                .time(null)
                .time(null)
                .flag(true) // the tenure
                .flag(true)
                .time(TIME)
                .time(TIME)
                .time(TIME)
                .text("Mac")
                .flag(false) // no apps
                .take();

        DeviceState read = new DeviceCodec().read(stored);

        assertThat(read.sighting().reEnrolled()).isFalse();
        assertThat(read.sighting().device().serialNumber()).isEqualTo(" c02xk1zzjgh5 ");
        assertThat(read.sighting().device().user()).isEqualTo(new Attribution("7", "ann@example.com", "Ann", false));
        assertThat(read.tenure().assignedAt()).isEqualTo(TIME);
        assertThat(read.licenseType()).isEqualTo("Mac");
        assertThat(new DeviceCodec().read(new DeviceCodec().write(read))).isEqualTo(read);
    }

    @Test
    void appsOfFormTwoDoNotSayWhenTheyWereReadAndNoHalfSaysWhereItEnded() {
        byte[] stored = new BytesWriter()
                .octet(2)
                .number(1)
                .flag(true)
                .flag(false) // no sighting: the device is gone
                .flag(false)
                .text(null)
                .flag(true) // the apps
                .text("a1")
                .time(TIME)
                .take();

        DeviceState read = new DeviceCodec().read(stored);

        assertThat(read.known()).isTrue();
        assertThat(read.apps()).isEqualTo(new DeviceState.Apps("a1", null, TIME));
        assertThat(read.ends()).isEqualTo(DeviceState.Ends.NONE);
        assertThat(new DeviceCodec().read(new DeviceCodec().write(read))).isEqualTo(read);
    }

    @Test
    void whereAHalfEndedComesBackAsItWasStored() {
        var ends = new DeviceState.Ends(new ReadingOrder("s2", TIME), new ReadingOrder("a2", null));
        var state = new DeviceState(1, true, null, null, null, null, ends);

        assertThat(new DeviceCodec().read(new DeviceCodec().write(state))).isEqualTo(state);
    }

    @Test
    void aFormOfALaterVersionIsRefused() {
        assertThatThrownBy(() -> new DeviceCodec().read(new byte[] {4, 0}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("form 4, this version knows forms 1 to 3");
    }

    /** A change on its way to its user says its cause by number, and the other version may read it. */
    @Test
    void causesKeepTheNumbersThatTheyHad() {
        assertThat(Cause.values())
                .startsWith(
                        Cause.BASELINE,
                        Cause.DEVICE_ENROLLED,
                        Cause.DEVICE_REMOVED,
                        Cause.USER_ASSIGNED,
                        Cause.USER_UNASSIGNED,
                        Cause.USER_CHANGED,
                        Cause.USER_ARCHIVED,
                        Cause.USER_UNARCHIVED,
                        Cause.DEVICE_CHANGED,
                        Cause.APP_INSTALLED,
                        Cause.APP_UPDATED,
                        Cause.APP_REMOVED,
                        Cause.RULES_CHANGED,
                        Cause.ACCOUNT_REMOVED);
    }

    @Test
    void aCauseOfANewerVersionIsRefusedByName() {
        byte[] newer = new BytesWriter()
                .octet(1)
                .text("u1")
                .text("acme")
                .text("d1")
                .text("s1")
                .text("s1")
                .number(1)
                .text("s1")
                .time(TIME)
                .time(TIME)
                .flag(true) // the user
                .octet(99)
                .take();

        assertThatThrownBy(() -> new UserChangeCodec().read(newer))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Cause number 99")
                .hasMessageContaining("newer version");
    }
}
