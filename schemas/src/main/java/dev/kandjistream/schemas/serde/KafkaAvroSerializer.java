package dev.kandjistream.schemas.serde;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericContainer;
import org.apache.avro.generic.GenericData;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Avro records to Confluent's wire format; a drop-in for {@code io.confluent.kafka.serializers.KafkaAvroSerializer}.
 *
 * <p>Settings: {@code schema.registry.url} and its companions ({@link RegistrySettings}), {@code auto.register.schemas}
 * (true), {@code use.latest.version} (false), {@code avro.remove.java.properties} (false). Subjects are
 * {@code <topic>-value} and {@code <topic>-key}. Null becomes null. Safe for many threads.
 *
 * <p>Throws {@link SerializationException} when the value is to blame, {@link RegistryUnavailableException} when the
 * registry is, {@link RegistryException} and {@link InvalidConfigurationException} when the set-up is.
 */
public final class KafkaAvroSerializer implements Serializer<Object> {
    /** Greater buffers are given back rather than kept by every thread that once met a great record. */
    private static final int KEPT_BUFFER = 1024 * 1024;

    private static final ThreadLocal<Encoding> ENCODING = ThreadLocal.withInitial(Encoding::new);

    static {
        TrustedRecords.trust();
    }

    private final Map<Target, RecordWriter> writers = new ConcurrentHashMap<>();
    private volatile RecordWriter lastWriter = RecordWriter.NONE;

    private RegistryClient registry;
    private String suffix;
    private boolean register;
    private boolean latest;
    private boolean withoutJavaProperties;

    /** To be configured. */
    public KafkaAvroSerializer() {}

    @Override
    public void configure(Map<String, ?> configured, boolean isKey) {
        var settings = new Settings(configured);
        registry = new RegistryClient(RegistrySettings.from(configured));
        suffix = isKey ? "-key" : "-value";
        register = settings.flag("auto.register.schemas", true);
        latest = settings.flag("use.latest.version", false);
        withoutJavaProperties = settings.flag("avro.remove.java.properties", false);
        SubjectNames.requireTopicNames(settings, isKey);
    }

    @Override
    public byte[] serialize(String topic, Object data) {
        if (data == null) {
            return null;
        }
        if (registry == null) {
            throw new ConfigException("KafkaAvroSerializer was not configured: schema.registry.url is missing");
        }
        if (!(data instanceof GenericContainer record)) {
            throw new SerializationException(
                    "Value is not an Avro record but " + data.getClass().getName() + ". topic=" + topic);
        }
        return ENCODING.get().encode(topic, record, writerFor(topic, record));
    }

    private RecordWriter writerFor(String topic, GenericContainer record) {
        Schema schema = record.getSchema();
        RecordWriter last = lastWriter;
        // Schemas are compared by identity here: equality walks through the whole schema.
        if (last.schema == schema && last.topic.equals(topic)) {
            return last;
        }
        RecordWriter writer = writers.computeIfAbsent(
                new Target(topic, schema), target -> new RecordWriter(topic, schema, idOf(topic, schema), record));
        lastWriter = writer;
        return writer;
    }

    private int idOf(String topic, Schema schema) {
        String subject = topic + suffix;
        String text = (withoutJavaProperties ? JavaProperties.removedFrom(schema) : schema).toString();
        if (register) {
            return registry.register(subject, text);
        }
        if (!latest) {
            return registry.lookUp(subject, text);
        }
        var newest = registry.latest(subject);
        // Names, types and order decide the bytes; docs and defaults may differ.
        if (!SchemaNormalization.toParsingForm(newest.schema()).equals(SchemaNormalization.toParsingForm(schema))) {
            throw new InvalidConfigurationException("The subject's latest schema is not the one this program writes."
                    + " Register this program's schema, or set use.latest.version=false. subject=" + subject + " id="
                    + newest.id());
        }
        return newest.id();
    }

    /** By identity of the schema, for the same reason as above. */
    private record Target(String topic, Schema schema) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Target target && target.schema == schema && target.topic.equals(topic);
        }

        @Override
        public int hashCode() {
            return 31 * topic.hashCode() + System.identityHashCode(schema);
        }
    }

    private static final class RecordWriter {
        static final RecordWriter NONE = new RecordWriter("", null, 0, null);

        final String topic;
        final Schema schema;
        final int id;
        final DatumWriter<Object> datums;

        @SuppressWarnings("unchecked")
        RecordWriter(String topic, Schema schema, int id, GenericContainer example) {
            this.topic = topic;
            this.schema = schema;
            this.id = id;
            GenericData model = example instanceof SpecificRecord
                    ? SpecificData.getForClass(example.getClass())
                    : GenericData.get();
            this.datums = (DatumWriter<Object>) model.createDatumWriter(schema);
        }
    }

    /** A thread's buffer and encoder, used again for every record. */
    private static final class Encoding extends ByteArrayOutputStream {
        private static final byte[] HEADER = new byte[WireFormat.HEADER_LENGTH];

        private final BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(this, null);

        byte[] encode(String topic, GenericContainer record, RecordWriter writer) {
            boolean whole = false;
            try {
                reset();
                writeBytes(HEADER);
                writer.datums.write(record, encoder);
                encoder.flush();
                byte[] bytes = toByteArray();
                WireFormat.writeHeader(writer.id, bytes);
                whole = bytes.length <= KEPT_BUFFER;
                return bytes;
            } catch (IOException | AvroRuntimeException | ClassCastException | NullPointerException e) {
                throw new SerializationException(
                        "Value does not fit its schema " + writer.schema.getFullName() + ". topic=" + topic, e);
            } finally {
                if (!whole) {
                    // Half a record may stand in the encoder's own buffer.
                    ENCODING.remove();
                }
            }
        }
    }
}
