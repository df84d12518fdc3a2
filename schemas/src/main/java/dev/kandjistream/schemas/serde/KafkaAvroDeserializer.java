package dev.kandjistream.schemas.serde;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Confluent's wire format to Avro records; a drop-in for {@code io.confluent.kafka.serializers.KafkaAvroDeserializer}.
 *
 * <p>Settings: {@code schema.registry.url} and its companions ({@link RegistrySettings}), {@code specific.avro.reader}
 * (false: generic records; true: generated classes, found by the schema's full name, each value resolved to the class's
 * own schema). Null becomes null. Safe for many threads.
 *
 * <p>Throws {@link SerializationException} when the bytes are to blame, {@link RegistryUnavailableException} when the
 * registry is, {@link RegistryException} when the set-up is.
 */
public final class KafkaAvroDeserializer implements Deserializer<Object> {
    private static final int SCHEMA_NOT_FOUND = 40403;
    private static final ThreadLocal<BinaryDecoder> DECODER =
            ThreadLocal.withInitial(() -> DecoderFactory.get().binaryDecoder(new byte[0], null));

    static {
        TrustedRecords.trust();
    }

    private final Map<Integer, RecordReader> readers = new ConcurrentHashMap<>();
    private volatile RecordReader lastReader = new RecordReader(-1, null);

    private RegistryClient registry;
    private boolean specific;

    /** To be configured. */
    public KafkaAvroDeserializer() {}

    @Override
    public void configure(Map<String, ?> configured, boolean isKey) {
        registry = new RegistryClient(RegistrySettings.from(configured));
        specific = new Settings(configured).flag("specific.avro.reader", false);
    }

    @Override
    public Object deserialize(String topic, byte[] bytes) {
        if (bytes == null) {
            return null;
        }
        if (registry == null) {
            throw new ConfigException("KafkaAvroDeserializer was not configured: schema.registry.url is missing");
        }
        RecordReader reader = readerFor(topic, WireFormat.schemaId(topic, bytes));
        try {
            var decoder = DecoderFactory.get()
                    .binaryDecoder(
                            bytes, WireFormat.HEADER_LENGTH, bytes.length - WireFormat.HEADER_LENGTH, DECODER.get());
            return reader.datums.read(null, decoder);
        } catch (IOException | AvroRuntimeException | ClassCastException | IndexOutOfBoundsException e) {
            throw new SerializationException(
                    "Value cannot be read with its schema. topic=" + topic + " schemaId=" + reader.id, e);
        }
    }

    private RecordReader readerFor(String topic, int id) {
        RecordReader last = lastReader;
        if (last.id == id) {
            return last;
        }
        RecordReader reader = readers.computeIfAbsent(id, unknown -> new RecordReader(id, datumReader(topic, id)));
        lastReader = reader;
        return reader;
    }

    private DatumReader<Object> datumReader(String topic, int id) {
        Schema written = writtenWith(topic, id);
        if (!specific) {
            return new GenericDatumReader<>(written);
        }
        Class<?> type = SpecificData.get().getClass(written);
        if (type == null || !SpecificRecord.class.isAssignableFrom(type)) {
            throw new SerializationException("No class for the value's schema. topic=" + topic + " schemaId=" + id
                    + " schema=" + written.getFullName());
        }
        SpecificData model = SpecificData.getForClass(type);
        return new SpecificDatumReader<>(written, model.getSchema(type), model);
    }

    private Schema writtenWith(String topic, int id) {
        try {
            return registry.byId(id);
        } catch (RegistryException e) {
            if (e.errorCode() != SCHEMA_NOT_FOUND) {
                throw e;
            }
            // The bytes name a schema that does not exist: asking again for each record would not make it so.
            throw new SerializationException(
                    "The registry knows no schema with the value's id. topic=" + topic + " schemaId=" + id, e);
        }
    }

    private record RecordReader(int id, DatumReader<Object> datums) {}
}
