package dev.kandjistream.posture.kafka;

import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.schemas.serde.SerdeFault;
import dev.kandjistream.sweeps.SweepReceipt;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Records in, state out: decodes one record and puts what it says into a picture. For one thread. */
final class Intake implements AutoCloseable {
    /** Receipts of other kinds vouch for some devices only. */
    private static final String FULL_SWEEP = "devices";

    private final String devicesTopic;
    private final Deserializer<RawDevice> devices;
    private final Deserializer<SweepReceipt> receipts;
    private final EnrolmentReader enrolments = new EnrolmentReader();

    /** What became of a record. */
    enum Outcome {
        STORED,
        REMOVED,
        /** It says nothing that the view keeps. */
        PASSED,
        UNREADABLE
    }

    /** @param kafka {@code schema.registry.url} and its companions */
    Intake(Topics topics, Map<String, ?> kafka) {
        devicesTopic = topics.rawDevices().name();
        devices = AvroSerdes.deserializer(topics.rawDevices(), kafka);
        receipts = AvroSerdes.deserializer(topics.sweeps(), kafka);
    }

    /**
     * @param into as it is now, changed by the record
     * @param former an earlier picture: what it holds and is still so is not held twice
     * @param proven see {@link Accounts#take}
     * @throws UnreadableRecordException where nothing can be made of the record; the picture is as before
     * @throws RuntimeException as the deserialiser throws where it could not ask the registry, see {@link SerdeFault}; likewise
     */
    Outcome take(ConsumerRecord<byte[], byte[]> record, Picture into, Picture former, boolean proven) {
        return record.topic().equals(devicesTopic)
                ? device(record, into.fleet(), former.fleet())
                : receipt(record, into.accounts(), proven);
    }

    private Outcome device(ConsumerRecord<byte[], byte[]> record, Fleet fleet, Fleet former) {
        DeviceKey key = DeviceKey.parse(record.key());
        if (record.value() == null) {
            fleet.remove(key);
            return Outcome.REMOVED;
        }
        RawDevice raw = read(devices, record);
        if (!key.accountId().equals(raw.getAccountId()) || !key.deviceId().equals(raw.getDeviceId())) {
            throw new UnreadableRecordException("expected a device of the key's, found a value about another");
        }
        Fleet knower = fleet.enrolment(key) == null ? former : fleet;
        Enrolment known = knower.enrolment(key);
        SerialNumber serialNumber = SerialNumber.of(raw.getSerialNumber()).orElse(null);
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
        return Outcome.STORED;
    }

    private Outcome receipt(ConsumerRecord<byte[], byte[]> record, Accounts accounts, boolean proven) {
        List<String> key = DeviceKey.segments(record.key(), "account/kind");
        if (!key.get(1).equals(FULL_SWEEP)) {
            return Outcome.PASSED;
        }
        if (record.value() == null) {
            accounts.remove(key.get(0));
            return Outcome.REMOVED;
        }
        SweepReceipt receipt = read(receipts, record);
        if (!receipt.getAccountId().equals(key.get(0)) || !receipt.getKind().equals(FULL_SWEEP)) {
            throw new UnreadableRecordException("expected a receipt of the key's, found a value about another");
        }
        accounts.take(receipt, proven);
        return Outcome.STORED;
    }

    private static <V> V read(Deserializer<V> deserializer, ConsumerRecord<byte[], byte[]> record) {
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
        receipts.close();
    }
}
