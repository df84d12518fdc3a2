package dev.kandjistream.enricher;

import dev.kandjistream.enricher.stream.ReplayRequests;
import dev.kandjistream.schemas.Replays;
import dev.kandjistream.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what operators ask to be published again. Every instance reads all of it, because each holds some of the partitions. A
 * topic that cannot be read stops nothing: replays wait. For one thread.
 */
final class ReplayLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayLog.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(50);

    private final TopicPartition here;
    private final Map<String, Object> kafka;
    private final ReplayRequests requests;
    private final Map<String, Replays.Request> known = new LinkedHashMap<>();
    private KafkaConsumer<String, byte[]> consumer;
    private Uuid read;
    private boolean trouble;

    ReplayLog(Topics topics, Map<String, Object> kafka, ReplayRequests requests) {
        here = new TopicPartition(topics.replays().name(), 0);
        this.kafka = kafka;
        this.requests = requests;
    }

    /** Reads on to the end; two requests to the broker where nothing is new. */
    void look(Admin admin, Instant now) {
        try {
            Uuid id = id(admin);
            if (!id.equals(read)) {
                // Another topic of the same name: positions in the former one mean nothing in it.
                close();
                read = id;
            }
            open();
            long end = consumer.endOffsets(List.of(here), PATIENCE).get(here);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(here, PATIENCE) < end && System.nanoTime() < deadline) {
                consumer.poll(POLL).forEach(record -> Replays.request(record.key(), record.value())
                        .ifPresent(request -> known.put(request.id(), request)));
            }
            known.values().removeIf(request -> !request.isValid(now));
            requests.open(List.copyOf(known.values()));
            trouble = false;
        } catch (KafkaException failure) {
            if (!trouble) {
                LOG.atWarn()
                        .addKeyValue("topic", here.topic())
                        .addKeyValue("cause", failure.getMessage())
                        .log("Requests for replays cannot be read; they wait");
            }
            trouble = true;
            close();
        }
    }

    private Uuid id(Admin admin) {
        return InternalTopics.join(admin.describeTopics(List.of(here.topic())).allTopicNames())
                .get(here.topic())
                .topicId();
    }

    private void open() {
        if (consumer != null) {
            return;
        }
        var properties = new HashMap<>(kafka);
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", false);
        properties.put("auto.offset.reset", "earliest");
        properties.put("allow.auto.create.topics", false);
        properties.remove("group.id");
        consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(here));
        consumer.seekToBeginning(List.of(here));
    }

    /** Ends the connection; the next look opens another. */
    @Override
    public void close() {
        if (consumer != null) {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
            consumer = null;
        }
    }
}
