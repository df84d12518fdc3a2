package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.UserChange;
import dev.kandjistream.enricher.store.DeviceStore;
import dev.kandjistream.enricher.store.DifferenceNumber;
import dev.kandjistream.enricher.store.UserChangeCodec;
import dev.kandjistream.schemas.Keys;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Where the differences for users leave the device processor, each with its number in a header. The number is in a header and
 * not in the value, so that an instance of an earlier version can still read the value while instances are restarted one by one.
 */
final class UserOutlet {
    private static final String NUMBER = "number";

    private final ProcessorContext<byte[], byte[]> context;
    private final DeviceStore store;
    private final UserChangeCodec changes = new UserChangeCodec();

    UserOutlet(ProcessorContext<byte[], byte[]> context, DeviceStore store) {
        this.context = context;
        this.store = store;
    }

    void send(List<UserChange> differences) {
        if (differences.isEmpty()) {
            return;
        }
        DifferenceNumber number = store.lastDifference();
        for (UserChange difference : differences) {
            number = number.next();
            var headers = new RecordHeaders().add(NUMBER, number.bytes());
            byte[] key = Keys.of(difference.evidence().accountId(), difference.userId())
                    .getBytes(StandardCharsets.UTF_8);
            context.forward(
                    new Record<>(key, changes.write(difference), context.currentSystemTimeMs(), headers),
                    EnricherTopology.TO_USERS);
        }
        store.putLastDifference(number);
    }

    /** Null in records of a version that did not number them. */
    static DifferenceNumber number(Headers headers) {
        var header = headers.lastHeader(NUMBER);
        return header == null ? null : DifferenceNumber.of(header.value());
    }
}
