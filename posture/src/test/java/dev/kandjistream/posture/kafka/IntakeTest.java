package dev.kandjistream.posture.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.sweeps.SweepReceipt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

class IntakeTest {
    private static final Topics TOPICS = new Topics("t");

    private final Intake intake = new Intake(TOPICS, Map.of("value.deserializer", Plain.class.getName()));
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
                Records.device("acme", "d1", "A")
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
        assertThat(seen("A"))
                .hasValue(new Enrolment(
                        "acme",
                        "d1",
                        "Mac",
                        "MacBook Air",
                        "15.2",
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
                        now - 1000));
    }

    @Test
    void whatTheRecordDoesNotSayIsNotMadeUp() {
        take(
                "acme/d1",
                Records.device("acme", "d1", "A")
                        .setPlatform(null)
                        .setFirstEnrollment(Records.NOW)
                        .build());

        assertThat(seen("A"))
                .hasValue(new Enrolment(
                        "acme",
                        "d1",
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
                        Records.NOW.toEpochMilli()));
    }

    @Test
    void aRemovedDeviceIsNobodys() {
        take(
                "acme/d1",
                Records.device("acme", "d1", "A")
                        .setIsRemoved(true)
                        .setUserId("7")
                        .setUserEmail("ada@acme.com")
                        .setUserArchived(false)
                        .build());

        Enrolment device = seen("A").orElseThrow();
        assertThat(device.removed()).isTrue();
        assertThat(device.attributed()).isFalse();
        assertThat(device.userEmail()).isNull();
    }

    @Test
    void aNullRecordRemovesAndADeviceWithANewSerialNumberLeavesTheOld() {
        take("acme/d1", Records.device("acme", "d1", "A").build());
        take("acme/d1", Records.device("acme", "d1", "B").build());
        assertThat(seen("A")).isEmpty();
        assertThat(seen("B")).isPresent();

        assertThat(take("acme/d1", null)).isEqualTo(Intake.Outcome.REMOVED);
        assertThat(seen("B")).isEmpty();
    }

    @Test
    void aKeyWithEncodedPartsIsTheSameDevice() {
        take("acme/a%2Fb", Records.device("acme", "a/b", "A").build());

        assertThat(seen("A").orElseThrow().deviceId()).isEqualTo("a/b");
    }

    @Test
    void recordsThatNothingCanBeMadeOfLeaveTheLastKnownState() {
        take("acme/d1", Records.device("acme", "d1", "A").build());

        assertThatThrownBy(
                        () -> take("acme/d1", Records.device("acme", "d2", "B").build()))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("about another");
        assertThatThrownBy(() -> take("d1", Records.device("acme", "d1", "B").build()))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("account/device_id");
        assertThatThrownBy(() -> intake.take(
                        new ConsumerRecord<>(TOPICS.rawDevices().name(), 0, 0, utf8("acme/d1"), utf8("no avro")),
                        picture,
                        picture,
                        true))
                .isInstanceOf(UnreadableRecordException.class);
        assertThat(seen("A")).isPresent();
        assertThat(seen("B")).isEmpty();
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
                Records.device("acme", "d1", "A").setModel("MacBook Air").build());
        Picture next = empty();
        intake.take(
                record(
                        "acme/d1",
                        Records.device("acme", "d1", "a")
                                .setModel("MacBook Air")
                                .build()),
                next,
                picture,
                true);

        assertThat(next.fleet().under(new SerialNumber("A")).get(0))
                .isSameAs(picture.fleet().under(new SerialNumber("A")).get(0));
    }

    private Intake.Outcome take(String key, SpecificRecord value) {
        return intake.take(record(key, value), picture, picture, true);
    }

    private java.util.Optional<Enrolment> seen(String serial) {
        return picture.sighting(SerialNumber.of(serial).orElseThrow()).device().map(chosen -> chosen.enrolment());
    }

    private static Picture empty() {
        return new Picture(new Fleet(), new Accounts(TOPICS.rawDevices().name(), id -> Duration.ofHours(1)));
    }

    private static ConsumerRecord<byte[], byte[]> record(String key, SpecificRecord value) {
        String topic = (value instanceof SweepReceipt ? TOPICS.sweeps() : TOPICS.rawDevices()).name();
        return new ConsumerRecord<>(topic, 0, 0, utf8(key), value == null ? null : Plain.bytes(value));
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
            Schema schema =
                    topic.equals(TOPICS.sweeps().name()) ? SweepReceipt.getClassSchema() : RawDevice.getClassSchema();
            try {
                return new SpecificDatumReader<Object>(schema)
                        .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
            } catch (IOException | RuntimeException e) {
                throw new SerializationException(e);
            }
        }
    }
}
