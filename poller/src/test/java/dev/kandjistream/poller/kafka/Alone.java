package dev.kandjistream.poller.kafka;

import dev.kandjistream.schemas.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The membership of a publisher without a group: one that nobody has joined takes offsets from anybody. */
record Alone(ConsumerGroupMetadata metadata) implements Membership {
    static Alone of(Topics topics, Map<String, Object> kafka) {
        var properties = new HashMap<>(kafka);
        properties.put("group.id", topics.pollerGroup());
        try (var stranger = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            return new Alone(stranger.groupMetadata());
        }
    }

    @Override
    public boolean confirm(int partition) {
        return true;
    }
}
