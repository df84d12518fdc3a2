package dev.kandjistream.schemas.serde;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Confluent's wire format: a zero byte, the schema's id as four bytes, the most significant first, then the value in
 * Avro's binary encoding. Source: "Wire format" in the documentation of Schema Registry's serializers.
 */
final class WireFormat {
    static final int HEADER_LENGTH = 5;
    static final byte MAGIC = 0;

    private WireFormat() {}

    static void writeHeader(int schemaId, byte[] buffer) {
        buffer[0] = MAGIC;
        buffer[1] = (byte) (schemaId >>> 24);
        buffer[2] = (byte) (schemaId >>> 16);
        buffer[3] = (byte) (schemaId >>> 8);
        buffer[4] = (byte) schemaId;
    }

    static int schemaId(String topic, byte[] bytes) {
        if (!isFramed(bytes)) {
            throw new SerializationException("Value is not in Confluent's wire format: expected a zero byte and a"
                    + " schema id of four bytes, found " + described(bytes) + ". topic=" + topic);
        }
        return ByteBuffer.wrap(bytes).getInt(1);
    }

    /** Whether a schema id stands at the beginning; false for null. */
    static boolean isFramed(byte[] bytes) {
        return bytes != null && bytes.length >= HEADER_LENGTH && bytes[0] == MAGIC;
    }

    private static String described(byte[] bytes) {
        return bytes.length == 0 ? "nothing" : bytes.length + " bytes beginning with " + bytes[0];
    }
}
