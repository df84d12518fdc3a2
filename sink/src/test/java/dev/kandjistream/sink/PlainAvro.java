package dev.kandjistream.sink;

import dev.kandjistream.schemas.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Avro without a registry, so that tests of the sink need none: the schema is the one both sides were compiled with. */
public final class PlainAvro {
    static {
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(), type -> type.getName().startsWith("dev.kandjistream.")));
    }

    private PlainAvro() {}

    /** Lets Avro load our classes; loading this one did it. */
    static void trust() {}

    public static byte[] bytes(SpecificRecord value) {
        try {
            var out = new ByteArrayOutputStream();
            var encoder = EncoderFactory.get().binaryEncoder(out, null);
            new SpecificDatumWriter<>(value.getSchema(), SpecificData.getForClass(value.getClass()))
                    .write(value, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static <V> Deserializer<V> deserializer(Topic<V> topic) {
        var reader = new SpecificDatumReader<V>(topic.valueType());
        return (name, bytes) -> {
            try {
                return bytes == null
                        ? null
                        : reader.read(null, DecoderFactory.get().binaryDecoder(bytes, null));
            } catch (IOException | RuntimeException e) {
                throw new SerializationException("Not " + topic.valueType().getName(), e);
            }
        };
    }
}
