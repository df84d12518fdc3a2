package dev.kandjistream.poller.kafka;

import dev.kandjistream.progress.SweepProgress;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes how far sweeps have come: in no transaction, and nothing is done about what gets lost. Connects with the first record;
 * after a failure it stays silent for a minute. For one thread at a time.
 */
public final class ProgressWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressWriter.class);
    private static final Duration SILENCE = Duration.ofMinutes(1);
    private static final int PATIENCE_MILLIS = 5_000;

    private final String topic;
    private final Map<String, Object> kafka;
    private final Serializer<SweepProgress> values;
    private Producer<String, byte[]> producer;
    private volatile long failedAt;
    private volatile boolean failed;

    public ProgressWriter(Topics topics, Map<String, Object> kafka) {
        topic = topics.progress().name();
        this.kafka = kafka;
        values = AvroSerdes.serializer(topics.progress(), kafka);
    }

    /** Returns at once where the broker is known; seconds later where it has to be found. */
    public void write(SweepProgress progress) {
        if (failed && System.nanoTime() - failedAt < SILENCE.toNanos()) {
            return;
        }
        failed = false;
        try {
            if (producer == null) {
                producer = new KafkaProducer<>(properties(), new StringSerializer(), new ByteArraySerializer());
            }
            String key = Keys.of(progress.getAccountId(), progress.getKind());
            producer.send(new ProducerRecord<>(topic, key, values.serialize(topic, progress)), (metadata, failure) -> {
                if (failure != null) {
                    fail(failure);
                }
            });
        } catch (RuntimeException failure) {
            fail(failure);
        }
    }

    private void fail(Exception failure) {
        if (!failed) {
            LOG.atInfo()
                    .addKeyValue("topic", topic)
                    .addKeyValue("reason", failure.toString())
                    .log("Progress of sweeps cannot be told; sweeps go on, trying again in a minute");
        }
        failedAt = System.nanoTime();
        failed = true;
    }

    private Map<String, Object> properties() {
        var properties = new HashMap<>(kafka);
        properties.put(ProducerConfig.ACKS_CONFIG, "1");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MILLIS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * PATIENCE_MILLIS);
        return properties;
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(Duration.ofSeconds(1));
            producer = null;
        }
    }
}
