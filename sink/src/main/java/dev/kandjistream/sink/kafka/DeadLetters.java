package dev.kandjistream.sink.kafka;

import dev.kandjistream.schemas.DeadLetterCut;
import dev.kandjistream.schemas.DeadLetterHeaders;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Where records go that cannot become rows: key and value as received, the record's own headers, and beside them
 * {@link DeadLetterHeaders}. What does not fit into the topic is cut.
 *
 * <p>At least once: a letter is sent before the database moves past its record, so none is lost; a crash between the two sends
 * it once more. Topic, partition and offset tell copies apart from letters.
 */
final class DeadLetters implements AutoCloseable {
    private final String topic;
    private final RecordLimits limits;
    private final Map<String, Object> properties;
    private Producer<byte[], byte[]> producer;

    /** @param client properties that reach the broker */
    DeadLetters(Topics topics, Map<String, Object> client) {
        topic = topics.deadLetters().name();
        limits = new RecordLimits(topics.maxRecordBytes(), List.of(topic), client);
        properties = new HashMap<>(client);
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, topics.sinkGroup() + "-deadletters");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RecordLimits.requestBytes(topics.maxRecordBytes()));
        // A record that is larger than the buffer is refused.
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(32L << 20, 2L * topics.maxRecordBytes()));
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
    }

    /**
     * Sends and waits until the broker has them.
     *
     * @param letters records and why they are dead
     * @throws KafkaException where the broker does not take them; to be tried again, also where it found one too large
     */
    synchronized void send(Map<ConsumerRecord<byte[], byte[]>, String> letters) {
        limits.follow();
        limits.requireEnough();
        if (producer == null) {
            producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        }
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        letters.forEach((record, cause) -> {
            ProducerRecord<byte[], byte[]> letter = letter(record, cause);
            sent.add(producer.send(letter, (metadata, failure) -> {
                if (failure instanceof RecordTooLargeException tooLarge) {
                    limits.refused(
                            topic, RecordLimits.besides(letter.key(), letter.headers()), letter.value(), tooLarge);
                }
            }));
        });
        for (Future<RecordMetadata> one : sent) {
            await(one);
        }
    }

    private ProducerRecord<byte[], byte[]> letter(ConsumerRecord<byte[], byte[]> record, String cause) {
        var headers = new RecordHeaders(record.headers());
        add(headers, DeadLetterHeaders.CAUSE, cause);
        add(headers, DeadLetterHeaders.BY, "sink");
        add(headers, DeadLetterHeaders.TOPIC, record.topic());
        add(headers, DeadLetterHeaders.PARTITION, String.valueOf(record.partition()));
        add(headers, DeadLetterHeaders.OFFSET, String.valueOf(record.offset()));
        var letter =
                DeadLetterCut.fitting(new DeadLetterCut.Letter(record.key(), record.value(), headers), limits, topic);
        return new ProducerRecord<>(topic, null, letter.key(), letter.value(), letter.headers());
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static void await(Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new KafkaException("Dead letter was not taken by the broker", e.getCause());
        }
    }

    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close(java.time.Duration.ofSeconds(2));
        }
    }
}
