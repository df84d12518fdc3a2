package dev.kandjistream.poller.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SweepIdsTest {
    @Test
    void idsAscendAndAreUniqueEvenWhenTheClockStandsOrStepsBack() {
        var ids = new SweepIds();
        var made = new ArrayList<String>();
        for (int i = 0; i < 10_000; i++) {
            made.add(ids.next(1_700_000_000_000L - i % 3));
        }
        assertThat(made).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void idsAreUuidsOfVersionSevenThatTellTheTime() {
        UUID id = UUID.fromString(new SweepIds().next(1_700_000_000_000L));
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(1_700_000_000_000L);
    }

    @Test
    void idsAscendAfterThoseOfAnotherPollerWhoseClockIsAhead() {
        var former = new SweepIds();
        former.next(1_700_000_000_000L);
        String last = former.next(1_700_000_000_000L);
        var ids = new SweepIds();
        ids.follow(last);
        ids.follow(new SweepIds().next(1_600_000_000_000L));

        var made = new ArrayList<>(List.of(last));
        for (int i = 0; i < 10_000; i++) {
            made.add(ids.next(1_699_999_999_000L));
        }
        assertThat(made).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void idsThatAreOlderThanTheClockChangeNothing() {
        var ids = new SweepIds();
        String first = ids.next(1_700_000_000_000L);
        ids.follow(new SweepIds().next(1_600_000_000_000L));
        ids.follow(first);

        assertThat(ids.next(1_700_000_000_000L)).isGreaterThan(first);
        UUID later = UUID.fromString(ids.next(1_700_000_000_001L));
        assertThat(later.getMostSignificantBits() >>> 16).isEqualTo(1_700_000_000_001L);
    }

    @Test
    void accountsKeepTheirLedgerPartition() {
        // Worked out with Kafka's own DefaultPartitioner: an account's ledger is looked for nowhere else.
        assertThat(LedgerStore.partitionOf("acme")).isEqualTo(partition("acme"));
        assertThat(LedgerStore.partitionOf("globex")).isEqualTo(partition("globex"));
    }

    private static int partition(String account) {
        byte[] key = account.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return org.apache.kafka.clients.producer.internals.BuiltInPartitioner.partitionForKey(key, 64);
    }
}
