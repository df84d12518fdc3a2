package dev.kandjistream.schemas.serde;

import dev.kandjistream.schemas.Topic;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Serializers and deserializers for the values of the catalogue's topics, configured from a service's client properties
 * ({@code schema.registry.url}, {@code basic.auth.*} and so on).
 *
 * <p>The classes that do it are those under {@code value.serializer} and {@code value.deserializer}: ours unless said
 * otherwise, or Confluent's. Whatever they are, a value of another class than the topic's is refused with a
 * {@link SerializationException}. {@code byte[]} passes through. Null becomes null.
 */
public final class AvroSerdes {
    static {
        // Here too, for Confluent's classes.
        TrustedRecords.trust();
    }

    private AvroSerdes() {}

    /** For producers; never asks the registry before the first value. */
    public static <V> Serializer<V> serializer(Topic<V> topic, Map<String, ?> clientProperties) {
        return serializer(topic.valueType(), clientProperties);
    }

    /** For consumers; never asks the registry before the first value. */
    public static <V> Deserializer<V> deserializer(Topic<V> topic, Map<String, ?> clientProperties) {
        return deserializer(topic.valueType(), clientProperties);
    }

    /** Both, for Kafka Streams. */
    public static <V> Serde<V> serde(Topic<V> topic, Map<String, ?> clientProperties) {
        return serde(topic.valueType(), clientProperties);
    }

    /** Both, for values without a topic in the catalogue. */
    public static <V> Serde<V> serde(Class<V> valueType, Map<String, ?> clientProperties) {
        return Serdes.serdeFrom(serializer(valueType, clientProperties), deserializer(valueType, clientProperties));
    }

    /** For values without a topic in the catalogue. */
    @SuppressWarnings("unchecked")
    public static <V> Serializer<V> serializer(Class<V> valueType, Map<String, ?> clientProperties) {
        if (valueType == byte[].class) {
            return (Serializer<V>) new ByteArraySerializer();
        }
        var serializer = (Serializer<Object>)
                configured("value.serializer", Serializer.class, KafkaAvroSerializer.class, clientProperties);
        serializer.configure(avro(clientProperties), false);
        return new CheckedSerializer<>(valueType, serializer);
    }

    /** For values without a topic in the catalogue. */
    @SuppressWarnings("unchecked")
    public static <V> Deserializer<V> deserializer(Class<V> valueType, Map<String, ?> clientProperties) {
        if (valueType == byte[].class) {
            return (Deserializer<V>) new ByteArrayDeserializer();
        }
        var deserializer = (Deserializer<Object>)
                configured("value.deserializer", Deserializer.class, KafkaAvroDeserializer.class, clientProperties);
        deserializer.configure(avro(clientProperties), false);
        return new CheckedDeserializer<>(valueType, deserializer);
    }

    private static Object configured(String name, Class<?> kind, Class<?> otherwise, Map<String, ?> clientProperties) {
        String type = new Settings(clientProperties).text(name).orElse(otherwise.getName());
        try {
            Object made = Utils.newInstance(type, Object.class);
            if (kind.isInstance(made)) {
                return made;
            }
        } catch (ReflectiveOperationException e) {
            var missing = new ConfigException(name, type, "no such class; is its jar on the class path?");
            missing.initCause(e);
            throw missing;
        }
        throw new ConfigException(name, type, "expected a " + kind.getName());
    }

    /** What our records need of any Avro serde, unless configured otherwise. */
    private static Map<String, Object> avro(Map<String, ?> clientProperties) {
        var properties = new HashMap<String, Object>();
        properties.put("specific.avro.reader", true);
        properties.put("avro.remove.java.properties", true);
        properties.putAll(clientProperties);
        return properties;
    }

    private record CheckedSerializer<V>(Class<V> valueType, Serializer<Object> serializer) implements Serializer<V> {
        @Override
        public byte[] serialize(String topic, V data) {
            return serializer.serialize(topic, checked(topic, data));
        }

        @Override
        public byte[] serialize(String topic, Headers headers, V data) {
            return serializer.serialize(topic, headers, checked(topic, data));
        }

        private V checked(String topic, V data) {
            if (data != null && !valueType.isInstance(data)) {
                throw unexpected(topic, valueType, data);
            }
            return data;
        }

        @Override
        public void close() {
            serializer.close();
        }
    }

    private record CheckedDeserializer<V>(Class<V> valueType, Deserializer<Object> deserializer)
            implements Deserializer<V> {
        @Override
        public V deserialize(String topic, byte[] data) {
            return checked(topic, deserializer.deserialize(topic, data));
        }

        @Override
        public V deserialize(String topic, Headers headers, byte[] data) {
            return checked(topic, deserializer.deserialize(topic, headers, data));
        }

        private V checked(String topic, Object value) {
            if (value != null && !valueType.isInstance(value)) {
                throw unexpected(topic, valueType, value);
            }
            return valueType.cast(value);
        }

        @Override
        public void close() {
            deserializer.close();
        }
    }

    private static SerializationException unexpected(String topic, Class<?> expected, Object found) {
        return new SerializationException("Value is of another kind than the topic's: expected " + expected.getName()
                + ", found " + found.getClass().getName() + ". topic=" + topic);
    }
}
