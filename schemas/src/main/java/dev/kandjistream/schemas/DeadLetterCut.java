package dev.kandjistream.schemas;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Cuts dead letters that do not fit into their topic. First only the beginning of the value stays, and a header says how long
 * the value was. If that is not enough, the record's own headers go, and key and cause are cut too.
 */
public final class DeadLetterCut {
    private static final int BEGINNING = 1 << 10;

    private DeadLetterCut() {}

    /** A letter as it goes to the topic. */
    public record Letter(byte[] key, byte[] value, Headers headers) {}

    /** @return the letter itself where it fits */
    public static Letter fitting(Letter letter, RecordLimits limits, String topic) {
        if (fits(letter, limits, topic)) {
            return letter;
        }
        var headers = new RecordHeaders(letter.headers());
        int size = letter.value() == null ? 0 : letter.value().length;
        headers.add(DeadLetterHeaders.CUT, String.valueOf(size).getBytes(StandardCharsets.UTF_8));
        var cut = new Letter(letter.key(), beginning(letter.value()), headers);
        return fits(cut, limits, topic) ? cut : new Letter(beginning(cut.key()), cut.value(), ours(headers));
    }

    private static boolean fits(Letter letter, RecordLimits limits, String topic) {
        return limits.excess(topic, RecordLimits.besides(letter.key(), letter.headers()), letter.value())
                .isEmpty();
    }

    private static Headers ours(Headers headers) {
        var ours = new RecordHeaders();
        for (Header header : headers) {
            if (header.key().startsWith(DeadLetterHeaders.PREFIX)) {
                ours.add(header.key(), beginning(header.value()));
            }
        }
        return ours;
    }

    private static byte[] beginning(byte[] bytes) {
        return bytes == null || bytes.length <= BEGINNING ? bytes : Arrays.copyOf(bytes, BEGINNING);
    }
}
