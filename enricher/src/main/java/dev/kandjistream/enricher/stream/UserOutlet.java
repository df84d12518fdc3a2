package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.Chunks;
import dev.kandjistream.enricher.domain.UserChange;
import dev.kandjistream.enricher.store.DeviceStore;
import dev.kandjistream.enricher.store.DifferenceNumber;
import dev.kandjistream.enricher.store.UserChangeCodec;
import dev.kandjistream.schemas.Keys;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Where the differences for users leave the device processor, each with its number in a header. The number is in a header and
 * not in the value, so that an instance of an earlier version can still read the value while instances are restarted one by one.
 */
final class UserOutlet {
    private static final String NUMBER = "number";

    private final Outbox outbox;
    private final DeviceStore store;
    private final String topic;
    private final UserChangeCodec changes = new UserChangeCodec();

    /** @param topic between device and user */
    UserOutlet(Outbox outbox, DeviceStore store, String topic) {
        this.outbox = outbox;
        this.store = store;
        this.topic = topic;
    }

    /**
     * Hands over the differences, in smaller ones where they do not fit.
     *
     * @return number of the last one; null where there is none
     */
    DifferenceNumber add(List<UserChange> differences) {
        if (differences.isEmpty()) {
            return null;
        }
        DifferenceNumber number = store.lastDifference();
        for (UserChange difference : differences) {
            number = add(difference, number);
        }
        return number;
    }

    private DifferenceNumber add(UserChange difference, DifferenceNumber last) {
        DifferenceNumber number = last.next();
        var headers = new RecordHeaders().add(NUMBER, number.bytes());
        byte[] key =
                Keys.of(difference.evidence().accountId(), difference.userId()).getBytes(StandardCharsets.UTF_8);
        var record = new Record<>(key, changes.write(difference), outbox.now(), headers);
        if (difference.apps().size() > 1 && outbox.excess(topic, record).isPresent()) {
            return add(Chunks.rest(difference), add(Chunks.beginning(difference), last));
        }
        outbox.add(EnricherTopology.TO_USERS, topic, record, null);
        return number;
    }

    /** Null in records of a version that did not number them. */
    static DifferenceNumber number(Headers headers) {
        var header = headers.lastHeader(NUMBER);
        return header == null ? null : DifferenceNumber.of(header.value());
    }
}
