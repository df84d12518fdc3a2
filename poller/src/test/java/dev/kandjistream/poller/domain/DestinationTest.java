package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.Destination.Log;
import dev.kandjistream.poller.domain.Destination.Lost;
import java.util.List;
import org.junit.jupiter.api.Test;

class DestinationTest {
    private static final Log DEVICES = new Log("raw.devices", "id-1", 2, List.of(0L, 0L), List.of(5L, 7L));
    private static final Log APPS = new Log("raw.apps", "id-2", 2, List.of(0L, 0L), List.of(5L, 7L));
    private static final Log UNCONFIRMED = new Log("unconfirmed", "id-3", 2, List.of(0L, 0L), List.of(5L, 7L));
    private static final Destination BEFORE = new Destination("cluster", DEVICES, APPS, UNCONFIRMED);

    private static Destination withApps(List<Long> starts, List<Long> ends) {
        return new Destination("cluster", DEVICES, new Log("raw.apps", "id-2", 2, starts, ends), UNCONFIRMED);
    }

    @Test
    void moreRecordsAreNoLoss() {
        Destination now = withApps(List.of(0L, 0L), List.of(5L, 9L));
        assertThat(now.lostSince(BEFORE)).isEqualTo(Lost.NOTHING);
        assertThat(now.isWhere(BEFORE)).isTrue();
    }

    @Test
    void aTopicThatWasCutLostItsRecords() {
        Destination now = withApps(List.of(0L, 3L), List.of(5L, 9L));
        assertThat(now.lostSince(BEFORE)).isEqualTo(new Lost(false, true, false));
        assertThat(now.lossInWords(BEFORE)).hasValueSatisfying(words -> assertThat(words)
                .isEqualTo(
                        "topic raw.apps lost records at its beginning (partition 1 begins at offset 3, but began at 0);"
                                + " check its cleanup.policy: its records are published again"));
        assertThat(now.isWhere(BEFORE)).isFalse();
        assertThat(withApps(List.of(0L, 3L), List.of(6L, 9L)).lostSince(now)).isEqualTo(Lost.NOTHING);
    }

    @Test
    void aTopicThatEndsEarlierLostItsRecords() {
        Destination now = withApps(List.of(0L, 0L), List.of(4L, 9L));
        assertThat(now.lostSince(BEFORE)).isEqualTo(new Lost(false, true, false));
        assertThat(now.lossInWords(BEFORE)).hasValueSatisfying(words -> assertThat(words)
                .contains("lost records at its end (partition 0 ends at offset 4, but ended at 5)"));
    }

    @Test
    void whereOffsetsAreNotKnownNothingIsLost() {
        var before = new Destination(
                "cluster",
                new Log("raw.devices", "id-1", 2),
                new Log("raw.apps", "id-2", 2),
                new Log("unconfirmed", "id-3", 2));
        assertThat(withApps(List.of(9L, 9L), List.of(9L, 9L)).lostSince(before)).isEqualTo(Lost.NOTHING);
    }

    @Test
    void aTopicThatWasCreatedAgainLostItsRecords() {
        var again = new Destination("cluster", DEVICES, new Log("raw.apps", "id-9", 2), UNCONFIRMED);
        assertThat(again.lostSince(BEFORE)).isEqualTo(new Lost(false, true, false));
        assertThat(again.lossInWords(BEFORE))
                .contains("topic raw.apps was deleted and created again: its records are published again");
    }
}
