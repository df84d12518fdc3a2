package dev.kandjistream.poller.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.AppsMemory;
import dev.kandjistream.poller.domain.LedgerEntry;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LedgerPartsTest {
    private static final int LIMIT = 1_000;

    private static LedgerEntry withRows(int count) {
        long[] rows = new long[count];
        for (int i = 0; i < count; i++) {
            rows[i] = i * 3L;
        }
        return new LedgerEntry(null, new AppsMemory(7, rows, 5, null));
    }

    @Property(tries = 300)
    void partsFitAndJoinedAreTheBucket(@ForAll @Size(max = 12) java.util.List<@IntRange(max = 600) Integer> rows) {
        Map<String, LedgerEntry> bucket = new HashMap<>();
        for (int device = 0; device < rows.size(); device++) {
            bucket.put("device-" + device, withRows(rows.get(device)));
        }

        var parts = LedgerParts.split(bucket, LIMIT);

        assertThat(parts).isNotEmpty();
        for (var part : parts) {
            byte[] value = LedgerCodec.bucket(part);
            assertThat(value == null ? 0 : value.length).isLessThanOrEqualTo(LIMIT);
        }
        assertThat(LedgerParts.join(parts)).isEqualTo(bucket);
    }

    @Test
    void aBucketThatFitsIsOnePart() {
        var bucket = Map.of("a", withRows(50), "b", withRows(50));
        assertThat(LedgerParts.split(bucket, LIMIT)).containsExactly(bucket);
    }

    @Test
    void anEntryThatFitsNowhereLiesInSeveralParts() {
        // 300 identities of 8 bytes are 2,400 bytes.
        assertThat(LedgerParts.split(Map.of("a", withRows(300)), LIMIT)).hasSize(3);
    }
}
