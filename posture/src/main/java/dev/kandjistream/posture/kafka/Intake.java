package dev.kandjistream.posture.kafka;

import dev.kandjistream.posture.domain.Connection;
import dev.kandjistream.posture.domain.Doubt;
import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.posture.domain.RowFields;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.schemas.SerialNumbers;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.schemas.serde.SerdeFault;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.unconfirmed.Unconfirmed;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Decodes one record and puts it into a snapshot. A record that cannot be decoded may say anything, so the state that it may
 * change is in doubt until the next one. For one thread.
 */
final class Intake implements AutoCloseable {
    /** Receipts of other kinds vouch for some devices only. */
    private static final String FULL_SWEEP = "devices";

    private static final Doubt UNDECODABLE = Doubt.because(Connection.RECORD_UNDECODABLE);

    private final String devicesTopic;
    private final String unconfirmedTopic;
    private final Deserializer<RawDevice> devices;
    private final Deserializer<Unconfirmed> unconfirmed;
    private final Deserializer<SweepReceipt> receipts;
    private final SerialNumbers serialNumbers;
    private final EnrolmentReader enrolments = new EnrolmentReader();

    /** What became of a record. */
    enum Outcome {
        STORED,
        REMOVED,
        /** It says nothing that the view keeps. */
        PASSED,
        UNREADABLE
    }

    /**
     * @param kafka {@code schema.registry.url} and its companions
     * @param serialNumbers knows the placeholders
     */
    Intake(Topics topics, Map<String, ?> kafka, SerialNumbers serialNumbers) {
        devicesTopic = topics.rawDevices().name();
        unconfirmedTopic = topics.unconfirmed().name();
        devices = AvroSerdes.deserializer(topics.rawDevices(), kafka);
        unconfirmed = AvroSerdes.deserializer(topics.unconfirmed(), kafka);
        receipts = AvroSerdes.deserializer(topics.sweeps(), kafka);
        this.serialNumbers = serialNumbers;
    }

    /**
     * @param into as it is now, changed by the record
     * @param former an earlier picture: what it holds and is still so is not held twice
     * @param proven whether everything published until now will be read before the view is used; see {@link Accounts#take}
     * @throws UnreadableRecordException if the record cannot be used; the state that it may change is then in doubt
     * @throws RuntimeException from the deserialiser if it could not ask the registry, see {@link SerdeFault}; the
     *     snapshot is as before
     */
    Outcome take(ConsumerRecord<byte[], byte[]> record, Picture into, Picture former, boolean proven) {
        if (record.topic().equals(devicesTopic)) {
            return device(record, into.fleet(), former.fleet());
        }
        return record.topic().equals(unconfirmedTopic)
                ? unconfirmed(record, into.fleet(), proven)
                : receipt(record, into.accounts(), proven);
    }

    private Outcome device(ConsumerRecord<byte[], byte[]> record, Fleet fleet, Fleet former) {
        Read<RawDevice> read =
                read(record, devices, raw -> new DeviceKey(raw.getAccountId(), raw.getDeviceId()), fleet::undecodable);
        if (read.value == null) {
            fleet.remove(read.key);
            return Outcome.REMOVED;
        }
        put(read.value, read.key, fleet, former);
        return Outcome.STORED;
    }

    private void put(RawDevice raw, DeviceKey key, Fleet fleet, Fleet former) {
        Fleet knower = fleet.enrolment(key) == null ? former : fleet;
        Enrolment known = knower.enrolment(key);
        SerialNumber serialNumber =
                SerialNumber.of(serialNumbers.real(raw.getSerialNumber())).orElse(null);
        if (known == null) {
            fleet.put(key, serialNumber, enrolments.read(raw, key));
        } else {
            var knownKey = new DeviceKey(known.accountId(), known.deviceId());
            SerialNumber knownSerial = knower.serialNumber(key);
            Enrolment enrolment = enrolments.read(raw, knownKey);
            fleet.put(
                    knownKey,
                    knownSerial.equals(serialNumber) ? knownSerial : serialNumber,
                    known.equals(enrolment) ? known : enrolment);
        }
    }

    private Outcome unconfirmed(ConsumerRecord<byte[], byte[]> record, Fleet fleet, boolean proven) {
        long readAt = System.nanoTime();
        Read<Unconfirmed> read = read(
                record,
                unconfirmed,
                said -> new DeviceKey(said.getAccountId(), said.getDeviceId()),
                key -> fleet.doubt(key, UNDECODABLE, proven, readAt));
        fleet.doubt(read.key, read.value == null ? Doubt.NONE : doubt(read.value), proven, readAt);
        return read.value == null ? Outcome.REMOVED : Outcome.STORED;
    }

    /** A reason of a later version is unknown, so it counts as one that leaves nothing confirmed. */
    private static Doubt doubt(Unconfirmed said) {
        return switch (said.getReason()) {
            case "ABSENT" -> Doubt.because(Connection.ABSENT_WITHHELD);
            case "REMOVED" -> Doubt.because(Connection.DEVICE_REMOVED);
            case "FIELDS" ->
                said.getFields().isEmpty()
                        ? Doubt.because(Connection.ROW_UNREADABLE)
                        : RowFields.doubt(said.getFields());
            default -> Doubt.because(Connection.ROW_UNREADABLE).and(RowFields.doubt(said.getFields()));
        };
    }

    private record Read<V>(DeviceKey key, V value) {}

    /**
     * A record about one device.
     *
     * @param about the device that a value is about
     * @param doubting called for each device that an unusable record may be about: the key's, and the value's
     */
    private static <V> Read<V> read(
            ConsumerRecord<byte[], byte[]> record,
            Deserializer<V> deserializer,
            Function<V, DeviceKey> about,
            Consumer<DeviceKey> doubting) {
        DeviceKey key;
        try {
            key = DeviceKey.parse(record.key());
        } catch (UnreadableRecordException e) {
            if (record.value() != null) {
                doubting.accept(about.apply(decoded(deserializer, record)));
            }
            throw e;
        }
        V value;
        try {
            value = record.value() == null ? null : decoded(deserializer, record);
        } catch (UnreadableRecordException e) {
            doubting.accept(key);
            throw e;
        }
        if (value != null && !about.apply(value).equals(key)) {
            doubting.accept(key);
            doubting.accept(about.apply(value));
            throw new UnreadableRecordException("expected a value about the key's device, found one about another");
        }
        return new Read<>(key, value);
    }

    private Outcome receipt(ConsumerRecord<byte[], byte[]> record, Accounts accounts, boolean proven) {
        long readAt = System.nanoTime();
        Consumer<String> doubting = id -> accounts.undecodable(id, proven, readAt);
        List<String> key;
        try {
            key = DeviceKey.segments(record.key(), "account/kind");
        } catch (UnreadableRecordException e) {
            if (record.value() != null) {
                about(decoded(receipts, record), doubting);
            }
            throw e;
        }
        if (!key.get(1).equals(FULL_SWEEP)) {
            return Outcome.PASSED;
        }
        String id = key.get(0);
        if (record.value() == null) {
            accounts.remove(id);
            return Outcome.REMOVED;
        }
        SweepReceipt receipt;
        try {
            receipt = decoded(receipts, record);
        } catch (UnreadableRecordException e) {
            doubting.accept(id);
            throw e;
        }
        if (!receipt.getAccountId().equals(id) || !receipt.getKind().equals(FULL_SWEEP)) {
            doubting.accept(id);
            about(receipt, doubting);
            throw new UnreadableRecordException("expected a receipt of the key's, found a value about another");
        }
        accounts.take(receipt, proven);
        return Outcome.STORED;
    }

    private static void about(SweepReceipt receipt, Consumer<String> doubting) {
        if (receipt.getKind().equals(FULL_SWEEP)) {
            doubting.accept(receipt.getAccountId());
        }
    }

    private static <V> V decoded(Deserializer<V> deserializer, ConsumerRecord<byte[], byte[]> record) {
        try {
            return deserializer.deserialize(record.topic(), record.value());
        } catch (RuntimeException e) {
            if (SerdeFault.isOfRegistry(e) || e instanceof InterruptException) {
                throw e;
            }
            // Not with its causes: what they say may repeat what they found.
            String found = e instanceof SerializationException
                    ? e.getMessage()
                    : e.getClass().getName();
            throw new UnreadableRecordException("expected a value of the topic's schema, found: " + found);
        }
    }

    @Override
    public void close() {
        devices.close();
        unconfirmed.close();
        receipts.close();
    }
}
