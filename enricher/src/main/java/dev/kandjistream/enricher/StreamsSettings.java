package dev.kandjistream.enricher;

import static org.apache.kafka.streams.StreamsConfig.consumerPrefix;
import static org.apache.kafka.streams.StreamsConfig.mainConsumerPrefix;
import static org.apache.kafka.streams.StreamsConfig.producerPrefix;
import static org.apache.kafka.streams.StreamsConfig.topicPrefix;

import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Topics;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** How Kafka Streams is set up, and why so. */
final class StreamsSettings {
    /** After this long without a commit the broker aborts the transaction of an instance that hangs. */
    static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(60);

    private StreamsSettings() {}

    static Properties of(EnricherConfig config) {
        return of(config, config.replicationFactor());
    }

    static Properties of(EnricherConfig config, int replicas) {
        return of(config, replicas, config.topics().maxRecordBytes());
    }

    /**
     * @param replicas of the topics that Kafka Streams creates; -1 where that is not known
     * @param allowedBytes record limit of these topics: the brokers may allow less than is configured
     */
    static Properties of(EnricherConfig config, int replicas, int allowedBytes) {
        int requestBytes = RecordLimits.requestBytes(config.topics().maxRecordBytes());
        var properties = new Properties();
        properties.putAll(config.kafka());
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, config.topics().enricherApplicationId());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, config.commitInterval().toMillis());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
        properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.standbyReplicas());
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) config.replicationFactor());
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG,
                config.stateDirectory().toAbsolutePath().toString());
        // Names of nodes become names of topics: what describe() pins must not be rearranged.
        properties.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.NO_OPTIMIZATION);
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        // A key is seldom written twice within a commit interval: a cache would only copy.
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        properties.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        producer(properties, requestBytes);
        consumer(properties, requestBytes);
        config.instanceId()
                .ifPresent(id -> properties.put(mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), id));
        // The store of a device's apps and the differences for a user may be as large as a raw record.
        properties.put(topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), allowedBytes);
        // Otherwise local state could be used again only within a day, see OutdatedState.
        properties.put(
                topicPrefix(TopicConfig.DELETE_RETENTION_MS_CONFIG), String.valueOf(Topics.TOMBSTONES_STAY.toMillis()));
        if (replicas >= Topics.REPLICAS_FOR_IN_SYNC) {
            properties.put(topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG), String.valueOf(Topics.IN_SYNC));
        }
        return properties;
    }

    private static void producer(Properties properties, int requestBytes) {
        properties.put(producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), (int) TRANSACTION_TIMEOUT.toMillis());
        properties.put(producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "zstd");
        // Events repeat themselves so much that the quickest level does nearly as well.
        properties.put(producerPrefix(ProducerConfig.COMPRESSION_ZSTD_LEVEL_CONFIG), 1);
        properties.put(producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), requestBytes);
        // A record that is larger than the buffer is refused.
        properties.put(producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), Math.max(32L << 20, 2L * requestBytes));
        properties.put(producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 * 1024);
    }

    private static void consumer(Properties properties, int requestBytes) {
        properties.put(consumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), requestBytes);
        // A device's apps are some 40 KB, at worst 16 MB: the usual thousand records a partition could fill the heap.
        properties.put(mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 200);
        properties.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 100);
    }
}
