package dev.kandjistream.posture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DecisionIdsTest {
    private static final long NOW = 1_767_600_000_000L;

    @Test
    void idsSortByTimeEvenWhenTheClockStandsOrStepsBack() {
        var ids = new DecisionIds();
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            made.add(ids.next(NOW - i % 3));
        }
        assertThat(made).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void idsAreUuidsOfVersionSevenThatTellTheTime() {
        UUID id = UUID.fromString(new DecisionIds().next(NOW));
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW);
    }

    @Test
    void replicasThatDecideInTheSameMillisecondGiveDifferentIds() {
        assertThat(new DecisionIds().next(NOW)).isNotEqualTo(new DecisionIds().next(NOW));
    }

    @Test
    void threadsNeverGetTheSameId() {
        var ids = new DecisionIds();
        var made = new ConcurrentLinkedQueue<String>();
        IntStream.range(0, 4).parallel().forEach(thread -> {
            for (int i = 0; i < 5_000; i++) {
                made.add(ids.next(NOW));
            }
        });
        assertThat(made).hasSize(20_000).doesNotHaveDuplicates();
    }
}
