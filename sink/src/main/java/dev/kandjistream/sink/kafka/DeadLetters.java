package dev.kandjistream.sink.kafka;

import dev.kandjistream.schemas.DeadLetterHeaders;
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
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Where records go that cannot become rows: key and value as received, the record's own headers, and beside them
 * {@link DeadLetterHeaders}.
 *
 * <p>At least once: a letter is sent before the database moves past its record, so none is lost; a crash between the two sends
 * it once more. Topic, partition and offset tell copies apart from letters.
 */
final class DeadLetters implements AutoCloseable {
    private static final int MAX_REQUEST_BYTES = 17 * 1024 * 1024;

    private final String topic;
    private final Map<String, Object> properties;
    private Producer<byte[], byte[]> producer;

    /** @param client properties that reach the broker */
    DeadLetters(Topics topics, Map<String, Object> client) {
        topic = topics.deadLetters().name();
        properties = new HashMap<>(client);
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, topics.sinkGroup() + "-deadletters");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
    }

    /**
     * Sends and waits until the broker has them.
     *
     * @param letters records and why they are dead
     * @throws KafkaException where the broker does not take them
     */
    synchronized void send(Map<ConsumerRecord<byte[], byte[]>, String> letters) {
        if (producer == null) {
            producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        }
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        letters.forEach((record, cause) -> sent.add(producer.send(letter(record, cause))));
        for (Future<RecordMetadata> one : sent) {
            await(one);
        }
    }

    private ProducerRecord<byte[], byte[]> letter(ConsumerRecord<byte[], byte[]> record, String cause) {
        var letter = new ProducerRecord<>(topic, record.key(), record.value());
        record.headers().forEach(letter.headers()::add);
        header(letter, DeadLetterHeaders.CAUSE, cause);
        header(letter, DeadLetterHeaders.BY, "sink");
        header(letter, DeadLetterHeaders.TOPIC, record.topic());
        header(letter, DeadLetterHeaders.PARTITION, String.valueOf(record.partition()));
        header(letter, DeadLetterHeaders.OFFSET, String.valueOf(record.offset()));
        return letter;
    }

    private static void header(ProducerRecord<byte[], byte[]> letter, String name, String value) {
        letter.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
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
