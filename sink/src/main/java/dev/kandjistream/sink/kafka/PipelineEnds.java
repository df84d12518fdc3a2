package dev.kandjistream.sink.kafka;

import dev.kandjistream.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What the broker knows of how far the pipeline has come. */
public final class PipelineEnds {
    private static final int SECONDS = 15;
    private static final Duration PROBE = Duration.ofSeconds(2);

    private final Admin admin;
    private final Topics topics;
    private final Supplier<Consumer<byte[], byte[]>> committedReader;

    /** @param committedReader makes a consumer without a group that reads committed records only */
    public PipelineEnds(Admin admin, Topics topics, Supplier<Consumer<byte[], byte[]>> committedReader) {
        this.admin = admin;
        this.topics = topics;
        this.committedReader = committedReader;
    }

    /** What the enricher has committed, in all the topics it reads; pending transactions do not count. */
    Map<TopicPartition, Long> committedByEnricher() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        get(admin.listConsumerGroupOffsets(topics.enricherApplicationId()).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        offsets.put(partition, offset.offset());
                    }
                });
        return offsets;
    }

    /** Ends of all records, committed or not, of those of the topics that exist. */
    Map<TopicPartition, Long> ends(Collection<String> names) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        admin.describeTopics(names).topicNameValues().forEach((name, future) -> {
            for (TopicPartition partition : partitions(name, future)) {
                latest.put(partition, OffsetSpec.latest());
            }
        });
        Map<TopicPartition, Long> ends = new HashMap<>();
        get(admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                        .all())
                .forEach((partition, offset) -> ends.put(partition, offset.offset()));
        return ends;
    }

    /**
     * Whether a reader that stands at the committed offsets has no committed record left before the ends. Offsets alone
     * cannot tell: the marker that ends a transaction takes an offset too, and a reader that met nothing behind its last
     * record has no reason to commit once more. So where offsets fall short we look what is there.
     */
    boolean drained(Map<TopicPartition, Long> ends, Map<TopicPartition, Long> committed) {
        Set<TopicPartition> doubtful = new HashSet<>();
        ends.forEach((partition, end) -> {
            if (end > 0 && committed.getOrDefault(partition, 0L) < end) {
                doubtful.add(partition);
            }
        });
        return doubtful.isEmpty() || onlyMarkers(doubtful, ends, committed);
    }

    private boolean onlyMarkers(
            Set<TopicPartition> doubtful, Map<TopicPartition, Long> ends, Map<TopicPartition, Long> committed) {
        try (Consumer<byte[], byte[]> reader = committedReader.get()) {
            reader.assign(doubtful);
            Map<TopicPartition, Long> begins = reader.beginningOffsets(doubtful);
            doubtful.forEach(partition ->
                    reader.seek(partition, Math.max(begins.get(partition), committed.getOrDefault(partition, 0L))));
            long deadline = System.nanoTime() + PROBE.toNanos();
            while (System.nanoTime() < deadline) {
                if (doubtful.stream().allMatch(partition -> reader.position(partition) >= ends.get(partition))) {
                    return true;
                }
                // Whatever is read lies behind a committed offset: work that the enricher has not finished.
                if (!reader.poll(Duration.ofMillis(100)).isEmpty()) {
                    return false;
                }
            }
            return false;
        }
    }

    private static List<TopicPartition> partitions(String name, KafkaFuture<TopicDescription> description) {
        try {
            List<TopicPartition> partitions = new ArrayList<>();
            get(description).partitions().forEach(info -> partitions.add(new TopicPartition(name, info.partition())));
            return partitions;
        } catch (KafkaException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return List.of();
            }
            throw e;
        }
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new KafkaException("Broker did not tell offsets: " + e.getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("Broker did not tell offsets in " + SECONDS + " s", e);
        }
    }
}
