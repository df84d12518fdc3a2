package dev.kandjistream.standalone.run;

import dev.kandjistream.schemas.Topics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** The dead letters of a running pipeline. Holds one letter at a time, however many there are. */
public final class DeadLetterLog implements AutoCloseable {
    /** What is known of the letters of a piece fits into some 30 MB, and a thousand pieces are fifty million letters. */
    private static final int PIECE = 50_000;

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

    /** Some letters, which can be read again, in the same order. */
    public interface Piece {
        void read(Consumer<DeadLetter> reader);
    }

    /**
     * All letters that there are now, piece by piece, oldest first within a partition.
     *
     * @param wanted what is left out of a piece if not so
     */
    public void forEachPiece(Predicate<DeadLetter> wanted, Consumer<Piece> worker) {
        forEachPiece(wanted, PIECE, worker);
    }

    void forEachPiece(Predicate<DeadLetter> wanted, int size, Consumer<Piece> worker) {
        for (TopicPartition partition : log.partitions(topic)) {
            long end = log.end(partition);
            for (long at = log.beginning(partition); at < end; at += size) {
                long from = at;
                long to = Math.min(at + size, end);
                worker.accept(reader -> log.read(partition, from, to, record -> {
                    DeadLetter letter = DeadLetter.of(record);
                    if (wanted.test(letter)) {
                        reader.accept(letter);
                    }
                }));
            }
        }
    }

    /** Letters by their ids. Those that are not there are left out. */
    public Piece of(Collection<String> ids) {
        return reader -> ids.forEach(id -> find(id).ifPresent(reader));
    }

    /** Where the next letters will stand. */
    Map<TopicPartition, Long> ends() {
        return log.partitions(topic).stream().collect(Collectors.toMap(partition -> partition, log::end));
    }

    /** Letters that were written after {@link #ends}. */
    void since(Map<TopicPartition, Long> ends, Consumer<DeadLetter> reader) {
        ends.forEach((partition, from) ->
                log.read(partition, from, log.end(partition), record -> reader.accept(DeadLetter.of(record))));
    }

    /** Every letter, oldest first within a partition. */
    private void forEach(Consumer<DeadLetter> reader) {
        forEachPiece(letter -> true, piece -> piece.read(reader));
    }

    @Override
    public void close() {
        log.close();
    }
}
