package dev.kandjistream.enricher.stream;

import dev.kandjistream.schemas.Topic;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/** How the values of a topic become bytes and back. Each call gives an instance of its own. */
public interface ValueFormat {
    <V> Serializer<V> serializer(Topic<V> topic);

    <V> Deserializer<V> deserializer(Topic<V> topic);
}
