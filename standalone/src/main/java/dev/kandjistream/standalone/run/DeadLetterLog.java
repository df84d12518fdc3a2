package dev.kandjistream.standalone.run;

import dev.kandjistream.schemas.Topics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** The dead letters of a running pipeline. */
public final class DeadLetterLog implements AutoCloseable {
    private final String topic;
    private final BytesLog log;

    /** Connects at the first question. */
    public DeadLetterLog(Topics topics, Map<String, Object> clientProperties) {
        topic = topics.deadLetters().name();
        log = new BytesLog(clientProperties, "read_committed");
    }

    /**
     * The newest letters, newest first, without their values.
     *
     * @param limit at most so many
     * @throws KafkaException where the topic cannot be read
     */
    public List<Listed> newest(Predicate<DeadLetter> wanted, int limit) {
        var newest = new ArrayDeque<Listed>();
        forEach(letter -> {
            if (wanted.test(letter)) {
                newest.addLast(new Listed(letter.withoutValue(), letter.bytes()));
                if (newest.size() > limit) {
                    newest.removeFirst();
                }
            }
        });
        var list = new ArrayList<>(newest);
        Collections.reverse(list);
        return list;
    }

    /** @param bytes size of the value that the letter is listed without */
    public record Listed(DeadLetter letter, int bytes) {}

    /** The letter of this id, with its value; empty where the topic does not have it, any more or ever. */
    public Optional<DeadLetter> find(String id) {
        String[] parts = id.split(":");
        var partition = new TopicPartition(topic, Integer.parseInt(parts[0]));
        long offset = Long.parseLong(parts[1]);
        if (!log.partitions(topic).contains(partition) || offset >= log.end(partition)) {
            return Optional.empty();
        }
        var found = new ArrayList<DeadLetter>();
        log.read(partition, offset, offset + 1, record -> found.add(DeadLetter.of(record)));
        return found.stream().filter(letter -> letter.id().equals(id)).findFirst();
    }

    /** Every letter, oldest first within a partition. */
    public void forEach(Consumer<DeadLetter> reader) {
        for (TopicPartition partition : log.partitions(topic)) {
            log.read(partition, 0, log.end(partition), record -> reader.accept(DeadLetter.of(record)));
        }
    }

    @Override
    public void close() {
        log.close();
    }
}
