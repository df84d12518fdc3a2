package dev.kandjistream.posture.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.Doubt;
import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.posture.domain.OsVersion;
import dev.kandjistream.posture.domain.Posture;
import dev.kandjistream.posture.domain.Question;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.schemas.SerialNumbers;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.unconfirmed.Unconfirmed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntakeTest {
    private static final Topics TOPICS = new Topics("t");

    private final Intake intake =
            new Intake(TOPICS, Map.of("value.deserializer", Plain.class.getName()), SerialNumbers.defaults());
    private final Picture picture = empty();

    @Test
    void aDeviceIsFoundInAnyCase() {
        take("acme/d1", Records.device("acme", "d1", " c02xk1 ").build());

        assertThat(seen("C02XK1").orElseThrow().deviceId()).isEqualTo("d1");
        assertThat(seen("C02XK")).isEmpty();
    }

    @Test
    void anEnrolmentSaysWhatTheRecordSays() {
        take(
                "acme/d1",
                Records.device("acme", "d1", "A1")
                        .setModel("MacBook Air")
                        .setOsVersion("15.2")
                        .setMdmEnabled(true)
                        .setAgentInstalled(false)
                        .setIsMissing(true)
                        .setLostModeStatus("ENABLED")
                        .setLastCheckIn(Records.NOW)
                        .setUserEmail("Ada@Acme.com")
                        .setUserArchived(true)
                        .setBlueprintName("Staff")
                        .setTags(List.of("b", "a"))
                        .setFirstEnrollment(Records.NOW.minusSeconds(2))
                        .setLastEnrollment(Records.NOW.minusSeconds(1))
                        .build());

        long now = Records.NOW.toEpochMilli();
        assertThat(seen("A1"))
                .hasValue(new Enrolment(
                        "acme",
                        "d1",
                        "Mac",
                        "MacBook Air",
                        "15.2",
                        null,
                        null,
                        true,
                        false,
                        true,
                        false,
                        "ENABLED",
                        now,
                        true,
                        "ada@acme.com",
                        true,
                        "Staff",
                        List.of("b", "a"),
                        now - 1000,
                        Doubt.NONE));
    }

    @Test
    void anEmailThatOnlyLooksLikeAnothersStaysAnother() {
        take(
                "acme/d1",
                Records.device("acme", "d1", "A1")
                        .setUserEmail("\u212AATE@Acme.com")
                        .build());
        assertThat(seen("A1").orElseThrow().userEmail()).isEqualTo("\u212Aate@acme.com");
        take(
                "acme/d1",
                Records.device("acme", "d1", "A1")
                        .setUserEmail("K\u00c9@Acme.com")
                        .build());
        assertThat(seen("A1").orElseThrow().userEmail()).isEqualTo("k\u00e9@acme.com");
    }

    @Test
    void whatTheRecordDoesNotSayIsNotMadeUp() {
        take(
                "acme/d1",
                Records.device("acme", "d1", "A1")
                        .setPlatform(null)
                        .setFirstEnrollment(Records.NOW)
                        .build());

        assertThat(seen("A1"))
                .hasValue(new Enrolment(
                        "acme",
                        "d1",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        false,
                        null,
                        Enrolment.NO_TIME,
                        false,
                        null,
                        null,
                        null,
                        List.of(),
                        Records.NOW.toEpochMilli(),
                        Doubt.NONE));
    }

    @Test
    void aRemovedDeviceIsNobodys() {
        take(
                "acme/d1",
                Records.device("acme", "d1", "A1")
                        .setIsRemoved(true)
                        .setUserId("7")
                        .setUserEmail("ada@acme.com")
                        .setUserArchived(false)
                        .build());

        Enrolment device = seen("A1").orElseThrow();
        assertThat(device.removed()).isTrue();
        assertThat(device.attributed()).isFalse();
        assertThat(device.userEmail()).isNull();
    }

    @Test
    void aNullRecordRemovesAndADeviceWithANewSerialNumberLeavesTheOld() {
        take("acme/d1", Records.device("acme", "d1", "A1").build());
        take("acme/d1", Records.device("acme", "d1", "B1").build());
        assertThat(seen("A1")).isEmpty();
        assertThat(seen("B1")).isPresent();

        assertThat(take("acme/d1", null)).isEqualTo(Intake.Outcome.REMOVED);
        assertThat(seen("B1")).isEmpty();
    }

    @Test
    void aKeyWithEncodedPartsIsTheSameDevice() {
        take("acme/a%2Fb", Records.device("acme", "a/b", "A1").build());

        assertThat(seen("A1").orElseThrow().deviceId()).isEqualTo("a/b");
    }

    @Test
    void recordsThatNothingCanBeMadeOfPutInDoubtWhatTheyMayBeAbout() {
        take("acme/d1", Records.device("acme", "d1", "A1").build());

        assertThatThrownBy(
                        () -> take("acme/d1", Records.device("acme", "d2", "B1").build()))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("about another");
        assertThat(reason("A1")).isEqualTo("record_undecodable");
        take("acme/d1", Records.device("acme", "d1", "A1").build());
        assertThat(doubt("A1").isNone()).isTrue();
        assertThatThrownBy(() -> take("d1", Records.device("acme", "d1", "B1").build()))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("account/device_id");
        assertThatThrownBy(() -> intake.take(
                        new ConsumerRecord<>(TOPICS.rawDevices().name(), 0, 0, utf8("acme/d1"), utf8("no avro")),
                        picture,
                        picture,
                        true))
                .isInstanceOf(UnreadableRecordException.class);
        assertThat(reason("A1")).isEqualTo("record_undecodable");
        assertThat(seen("B1")).isEmpty();
        assertThat(picture.fleet().undecodable()).isEqualTo(2);
        take("acme/d1", null);
        assertThat(seen("A1")).isEmpty();
    }

    @Test
    void aDeviceNeverKnownWhoseRecordCannotBeDecodedIsCounted() {
        assertThatThrownBy(() -> takeGarbage(TOPICS.rawDevices().name(), "acme/d9"))
                .isInstanceOf(UnreadableRecordException.class);
        assertThat(picture.fleet().undecodable()).isEqualTo(1);
        take("acme/d9", Records.device("acme", "d9", "A1").build());
        assertThat(picture.fleet().undecodable()).isZero();
        assertThat(doubt("A1").isNone()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "ABSENT, unavailable, absent_withheld",
        "REMOVED, unavailable, device_removed",
        "UNREADABLE, stale, row_unreadable",
        "FIELDS, stale, row_unreadable",
        "SUSPENDED, stale, row_unreadable",
    })
    void whatASweepDidNotConfirmIsNotAvailableUntilItIsConfirmedAgain(String reason, String state, String word) {
        take("acme/devices", Records.receipt("acme", "devices", "CONNECTED", Records.NOW, List.of()));
        take("acme/d1", Records.device("acme", "d1", "A1").build());
        assertThat(posture("A1").value(Attribute.CONNECTION)).isEqualTo("available");

        take("acme/d1", Records.unconfirmed("acme", "d1", reason, List.of()));
        assertThat(posture("A1").value(Attribute.CONNECTION)).isEqualTo(state);
        assertThat(posture("A1").value(Attribute.CONNECTION_REASON)).isEqualTo(word);

        takeFrom(TOPICS.unconfirmed().name(), "acme/d1", null);
        assertThat(posture("A1").value(Attribute.CONNECTION)).isEqualTo("available");
    }

    @ParameterizedTest
    @ValueSource(strings = {"user_id", "user_email", "user", "user.id", "user.email"})
    void withoutAConfirmedUserNothingIsKnownOfOne(String field) {
        take("acme/devices", Records.receipt("acme", "devices", "CONNECTED", Records.NOW, List.of()));
        var device = Records.device("acme", "d1", "A1")
                .setUserId("7")
                .setUserEmail("ada@acme.com")
                .setUserArchived(false);
        List<Attribute> ofUser =
                List.of(Attribute.USER_EMAIL, Attribute.ATTRIBUTED, Attribute.USER_ARCHIVED, Attribute.USER_MATCHES);
        take("acme/d1", device.build());
        assertThat(ofUser).allMatch(posture("A1")::has);

        take("acme/d1", Records.unconfirmed("acme", "d1", "FIELDS", List.of(field)));
        assertThat(ofUser).noneMatch(posture("A1")::has);
        assertThat(posture("A1").value(Attribute.CONNECTION)).isEqualTo("available");

        takeFrom(TOPICS.unconfirmed().name(), "acme/d1", null);
        take("acme/d1", device.setKeptFields(List.of(field)).build());
        assertThat(ofUser).noneMatch(posture("A1")::has);
        take(
                "acme/d1",
                device.setKeptFields(List.of()).setUnreadFields(List.of(field)).build());
        assertThat(ofUser).noneMatch(posture("A1")::has);
        take(
                "acme/d1",
                device.setUnreadFields(List.of()).setCutFields(List.of(field)).build());
        assertThat(ofUser).noneMatch(posture("A1")::has);
    }

    @ParameterizedTest
    @ValueSource(strings = {"is_removed", "serial_number"})
    void aRowThatDoesNotSayWhetherTheDeviceIsThereConfirmsNothing(String field) {
        take(
                "acme/d1",
                Records.device("acme", "d1", "A1")
                        .setUnreadFields(List.of(field))
                        .build());
        assertThat(reason("A1")).isEqualTo("row_unreadable");
        take("acme/d1", Records.device("acme", "d1", "A1").setIsRemoved(null).build());
        assertThat(reason("A1")).isEqualTo("row_unreadable");
    }

    @Test
    void anUnconfirmedPlatformIsNotTheAskersWord() {
        take(
                "acme/d1",
                Records.device("acme", "d1", "A1")
                        .setKeptFields(List.of("platform"))
                        .build());
        assertThat(posture("A1").has(Attribute.PLATFORM)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"macOS", "MAC ", "Linux"})
    void aPlatformInAnotherWordIsMissingAndInDoubt(String word) {
        take("acme/d1", Records.device("acme", "d1", "A1").setPlatform(word).build());
        assertThat(posture("A1").has(Attribute.PLATFORM)).isFalse();
        assertThat(picture.fleet().unconfirmed()).isEqualTo(1);
    }

    @Test
    void anUnconfirmedRecordThatCannotBeDecodedPutsItsDeviceInDoubt() {
        take("acme/d1", Records.device("acme", "d1", "A1").build());
        assertThatThrownBy(() -> takeGarbage(TOPICS.unconfirmed().name(), "acme/d1"))
                .isInstanceOf(UnreadableRecordException.class);
        assertThat(reason("A1")).isEqualTo("record_undecodable");
        take("acme/d1", Records.device("acme", "d1", "A1").build());
        assertThat(reason("A1"))
                .as("a raw record does not say what the other topic said")
                .isEqualTo("record_undecodable");

        take("acme/d1", Records.unconfirmed("acme", "d1", "FIELDS", List.of("tags")));
        assertThat(doubt("A1").connection()).isNull();
    }

    @Test
    void aReceiptThatCannotBeDecodedLeavesItsAccountUnclearUntilTheNext() {
        take("acme/d1", Records.device("acme", "d1", "A1").build());
        take("acme/devices", Records.receipt("acme", "devices", "CONNECTED", Records.NOW, List.of()));
        assertThatThrownBy(() -> takeGarbage(TOPICS.sweeps().name(), "acme/devices"))
                .isInstanceOf(UnreadableRecordException.class);
        assertThat(posture("A1").value(Attribute.CONNECTION)).isEqualTo("stale");
        assertThat(posture("A1").value(Attribute.CONNECTION_REASON)).isEqualTo("record_undecodable");

        take("acme/devices", Records.receipt("acme", "devices", "CONNECTED", Records.NOW, List.of()));
        assertThat(posture("A1").value(Attribute.CONNECTION)).isEqualTo("available");
        take("acme/devices", Records.receipt("acme", "devices", "SUSPENDED", Records.NOW, List.of()));
        assertThat(posture("A1").value(Attribute.CONNECTION_REASON)).isEqualTo("record_undecodable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"To Be Filled By O.E.M.", "to be  filled by o.e.m.", "-1", "0000000", "...", "n/a", "xxxx"})
    void aPlaceholderIsNobodysSerialNumber(String text) {
        take("acme/d1", Records.device("acme", "d1", text).build());
        assertThat(seen(text)).isEmpty();
        assertThat(picture.fleet().withoutSerial()).isEqualTo(1);
    }

    @Test
    void theSuffixAndTheBuildOfAVersionAreKnown() {
        take(
                "acme/d1",
                Records.device("acme", "d1", "A1")
                        .setOsVersion("13.3.1")
                        .setSupplementalOsVersionExtra("(a)")
                        .setSupplementalBuildVersion("22E772610a")
                        .build());
        assertThat(posture("A1").value(Attribute.OS_VERSION))
                .isEqualTo(OsVersion.parse("13.3.1 (a)").orElseThrow());
        assertThat(posture("A1").value(Attribute.OS_VERSION_EXTRA)).isEqualTo("(a)");
        assertThat(posture("A1").value(Attribute.OS_BUILD)).isEqualTo("22E772610a");
    }

    @Test
    void onlyReceiptsOfFullDeviceSweepsCount() {
        for (String kind : List.of("apps", "delta", "targeted")) {
            assertThat(take("acme/" + kind, Records.receipt("acme", kind, "CONNECTED", Records.NOW, List.of())))
                    .isEqualTo(Intake.Outcome.PASSED);
        }
        assertThat(picture.accounts().of("acme")).isEmpty();

        take("acme/devices", Records.receipt("acme", "devices", "CONNECTED", Records.NOW, List.of()));
        assertThat(picture.accounts().of("acme")).isPresent();
    }

    @Test
    void whatAFormerPictureHoldsAndIsStillSoIsNotHeldTwice() {
        take(
                "acme/d1",
                Records.device("acme", "d1", "A1").setModel("MacBook Air").build());
        Picture next = empty();
        intake.take(
                record(
                        "acme/d1",
                        Records.device("acme", "d1", "a1")
                                .setModel("MacBook Air")
                                .build()),
                next,
                picture,
                true);

        assertThat(next.fleet().under(new SerialNumber("A1")).get(0))
                .isSameAs(picture.fleet().under(new SerialNumber("A1")).get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ABSENT", "REMOVED", "UNREADABLE", "a word of a later version"})
    void anOlderEnrolmentDoesNotAllowWhatANewerOneForbadeBeforeItsLossWasBelieved(String loss) {
        take("acme/old", enrolled("old", 5000, 1000).setMdmEnabled(true).build());
        take("acme/new", enrolled("new", 900, 1).setMdmEnabled(false).build());
        take("acme/new", Records.unconfirmed("acme", "new", loss, List.of()));
        assertThat(posture("A1").value(Attribute.MDM_ENABLED)).isEqualTo(false);
        assertThat(posture("A1").value(Attribute.SERIAL_AMBIGUOUS)).isEqualTo(true);
        take("acme/new", null);
        assertThat(posture("A1").value(Attribute.MDM_ENABLED))
                .as("once its end is believed")
                .isEqualTo(true);
    }

    @Test
    void anOlderEnrolmentDoesNotAllowWhatANewerOneForbidsWhoseCheckInGoesBack() {
        take("acme/old", enrolled("old", 5000, 1000).setMdmEnabled(true).build());
        take("acme/new", enrolled("new", 900, 1).setMdmEnabled(false).build());
        take("acme/new", enrolled("new", 900, 1 + 60 * 24).setMdmEnabled(false).build());
        assertThat(posture("A1").value(Attribute.MDM_ENABLED)).isNotEqualTo(true);
        take(
                "acme/new",
                enrolled("new", 900, 1)
                        .setLastEnrollment(null)
                        .setFirstEnrollment(hoursAgo(9000))
                        .setMdmEnabled(false)
                        .build());
        assertThat(posture("A1").value(Attribute.MDM_ENABLED)).isNotEqualTo(true);
    }

    private static RawDevice.Builder enrolled(String id, long hoursAgo, long checkedInHoursAgo) {
        return Records.device("acme", id, "A1")
                .setLastEnrollment(hoursAgo(hoursAgo))
                .setLastCheckIn(hoursAgo(checkedInHoursAgo));
    }

    private static Instant hoursAgo(long hours) {
        return Records.NOW.minus(Duration.ofHours(hours));
    }

    private Intake.Outcome take(String key, SpecificRecord value) {
        return intake.take(record(key, value), picture, picture, true);
    }

    private void takeGarbage(String topic, String key) {
        takeFrom(topic, key, utf8("no avro"));
    }

    private void takeFrom(String topic, String key, byte[] value) {
        intake.take(new ConsumerRecord<>(topic, 0, 0, utf8(key), value), picture, picture, true);
    }

    private Doubt doubt(String serial) {
        return seen(serial).orElseThrow().doubt();
    }

    private String reason(String serial) {
        return doubt(serial).connection().reason();
    }

    private Posture posture(String serial) {
        SerialNumber number = SerialNumber.of(serial).orElseThrow();
        var question =
                new Question(number, java.util.Optional.of("macOS"), java.util.Optional.of("ada@acme.com"), Map.of());
        return Posture.of(question, picture.sighting(number), Records.NOW.toEpochMilli());
    }

    private java.util.Optional<Enrolment> seen(String serial) {
        return picture.sighting(SerialNumber.of(serial).orElseThrow()).device().map(chosen -> chosen.enrolment());
    }

    private static Picture empty() {
        return new Picture(
                new Fleet(),
                new Accounts(
                        Set.of(TOPICS.rawDevices().name(), TOPICS.unconfirmed().name()), id -> Duration.ofHours(1)));
    }

    private static ConsumerRecord<byte[], byte[]> record(String key, SpecificRecord value) {
        return new ConsumerRecord<>(topicOf(value), 0, 0, utf8(key), value == null ? null : Plain.bytes(value));
    }

    private static String topicOf(SpecificRecord value) {
        if (value instanceof SweepReceipt) {
            return TOPICS.sweeps().name();
        }
        return (value instanceof Unconfirmed ? TOPICS.unconfirmed() : TOPICS.rawDevices()).name();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Avro without a registry. */
    public static final class Plain implements Deserializer<Object> {
        static byte[] bytes(SpecificRecord value) {
            try {
                var bytes = new ByteArrayOutputStream();
                var encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
                new SpecificDatumWriter<SpecificRecord>(value.getSchema()).write(value, encoder);
                return bytes.toByteArray();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public Object deserialize(String topic, byte[] bytes) {
            Schema schema = topic.equals(TOPICS.sweeps().name())
                    ? SweepReceipt.getClassSchema()
                    : topic.equals(TOPICS.unconfirmed().name())
                            ? Unconfirmed.getClassSchema()
                            : RawDevice.getClassSchema();
            try {
                return new SpecificDatumReader<Object>(schema)
                        .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
            } catch (IOException | RuntimeException e) {
                throw new SerializationException(e);
            }
        }
    }
}
