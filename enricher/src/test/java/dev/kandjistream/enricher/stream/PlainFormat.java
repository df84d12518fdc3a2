package dev.kandjistream.enricher.stream;

import dev.kandjistream.schemas.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/** Avro's bytes and nothing around them: needs no registry. */
final class PlainFormat implements ValueFormat {
    static {
        // Avro loads only classes it is told to trust.
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(), type -> type.getName().startsWith("dev.kandjistream.")));
    }

    @Override
    public <V> Serializer<V> serializer(Topic<V> topic) {
        var writer = new SpecificDatumWriter<V>(topic.valueType());
        return (name, value) -> {
            if (value == null) {
                return null;
            }
            try {
                var out = new ByteArrayOutputStream();
                var encoder = EncoderFactory.get().binaryEncoder(out, null);
                writer.write(value, encoder);
                encoder.flush();
                return out.toByteArray();
            } catch (IOException e) {
                throw new SerializationException(e);
            }
        };
    }

    @Override
    public <V> Deserializer<V> deserializer(Topic<V> topic) {
        var schema = SpecificData.get().getSchema(topic.valueType());
        return (name, bytes) -> {
            if (bytes == null) {
                return null;
            }
            try {
                var decoder = DecoderFactory.get().binaryDecoder(bytes, null);
                V value = new SpecificDatumReader<V>(schema).read(null, decoder);
                if (!decoder.isEnd()) {
                    throw new SerializationException("Bytes are left over");
                }
                return value;
            } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
                throw new SerializationException("Value cannot be read", e);
            }
        };
    }
}
