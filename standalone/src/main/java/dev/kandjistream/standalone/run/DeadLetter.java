package dev.kandjistream.standalone.run;

import dev.kandjistream.schemas.DeadLetterHeaders;
import dev.kandjistream.schemas.Keys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * A record that a hop could not read.
 *
 * @param id partition and offset of the letter itself, such as {@code 0:17}
 * @param topic where the record came from; empty, as all that follows from headers, where the letter has none
 * @param partition of the record; -1 where unknown
 * @param offset of the record; -1 where unknown
 * @param by the hop that could not read it
 * @param cause why
 * @param time timestamp of the letter
 * @param key as received; null where there was none
 * @param value as received, or its beginning; null for a tombstone
 * @param wholeBytes size of the value as received where the letter was cut to fit into its topic; -1 where it was not cut
 * @param headers the record's own
 */
public record DeadLetter(
        String id,
        String topic,
        int partition,
        long offset,
        String by,
        String cause,
        Instant time,
        byte[] key,
        byte[] value,
        long wholeBytes,
        List<Header> headers) {
    DeadLetter(
            String id,
            String topic,
            int partition,
            long offset,
            String by,
            String cause,
            Instant time,
            byte[] key,
            byte[] value,
            List<Header> headers) {
        this(id, topic, partition, offset, by, cause, time, key, value, -1, headers);
    }

    /** Whether only the beginning of the value stands. */
    public boolean isCut() {
        return wholeBytes >= 0;
    }

    static DeadLetter of(ConsumerRecord<byte[], byte[]> letter) {
        Headers all = letter.headers();
        return new DeadLetter(
                letter.partition() + ":" + letter.offset(),
                text(all, DeadLetterHeaders.TOPIC).orElse(""),
                (int) number(all, DeadLetterHeaders.PARTITION),
                number(all, DeadLetterHeaders.OFFSET),
                text(all, DeadLetterHeaders.BY).orElse(""),
                text(all, DeadLetterHeaders.CAUSE).orElse(""),
                Instant.ofEpochMilli(letter.timestamp()),
                letter.key(),
                letter.value(),
                number(all, DeadLetterHeaders.CUT),
                StreamSupport.stream(all.spliterator(), false)
                        .filter(header -> !header.key().startsWith(DeadLetterHeaders.PREFIX))
                        .toList());
    }

    /** Where the record came from. */
    TopicPartition origin() {
        return new TopicPartition(topic, partition);
    }

    /** Names the record within its topic; two letters of one record have the same. */
    String place() {
        return partition + ":" + offset;
    }

    /** The account that the key names; empty where it names none. */
    public Optional<String> account() {
        if (key == null) {
            return Optional.empty();
        }
        try {
            List<String> segments = Keys.split(keyText());
            return segments.size() < 2 ? Optional.empty() : Optional.of(segments.get(0));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    /** The key as text; empty where there was none. */
    public String keyText() {
        return key == null ? "" : new String(key, StandardCharsets.UTF_8);
    }

    /** Size of the value in bytes. */
    public int bytes() {
        return value == null ? 0 : value.length;
    }

    /** The schema id that the value carries; empty where it is not in Confluent's wire format. */
    public OptionalInt schemaId() {
        return value == null || value.length < 5 || value[0] != 0
                ? OptionalInt.empty()
                : OptionalInt.of(ByteBuffer.wrap(value).getInt(1));
    }

    /** As a list needs it: without the value, which may be large. */
    DeadLetter withoutValue() {
        return new DeadLetter(id, topic, partition, offset, by, cause, time, key, null, wholeBytes, headers);
    }

    private static Optional<String> text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    private static long number(Headers headers, String name) {
        try {
            return text(headers, name).map(Long::parseLong).orElse(-1L);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
