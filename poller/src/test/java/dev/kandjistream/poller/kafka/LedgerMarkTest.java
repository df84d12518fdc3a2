package dev.kandjistream.poller.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.kafka.LedgerMark.Finding;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When an owner of a ledger partition reads the raw topics, and when it need not. */
class LedgerMarkTest {
    private static final LedgerMark NOW = new LedgerMark("id-1", 0, 10, LedgerMark.UNKNOWN);

    private static Finding finding(LedgerMark before, boolean isEmpty) {
        return LedgerMark.finding(7, NOW, before == null ? Map.of() : Map.of(7, before), isEmpty);
    }

    @Test
    void theSamePartitionIsWhole() {
        assertThat(finding(NOW, false)).isEqualTo(Finding.WHOLE);
        assertThat(finding(new LedgerMark("id-1", 0, 4, LedgerMark.UNKNOWN), true))
                .isEqualTo(Finding.WHOLE);
    }

    @Test
    void anotherTopicIsNeverWhole() {
        var other = new LedgerMark("id-0", 0, 10, LedgerMark.UNKNOWN);
        assertThat(finding(other, true)).isEqualTo(Finding.DOUBTFUL);
        assertThat(finding(other, false)).as("a backup that was restored").isEqualTo(Finding.OUTDATED);
    }

    @Test
    void aPartitionThatWasCutIsDoubtful() {
        LedgerMark cut = new LedgerMark("id-1", 4, 10, LedgerMark.UNKNOWN);
        assertThat(LedgerMark.finding(7, cut, Map.of(7, NOW), false)).isEqualTo(Finding.DOUBTFUL);
        assertThat(LedgerMark.finding(7, cut, Map.of(7, cut), false)).isEqualTo(Finding.WHOLE);
        assertThat(LedgerMark.finding(7, cut, Map.of(), false)).isEqualTo(Finding.DOUBTFUL);
    }

    @Test
    void aPartitionThatEndsEarlierIsOutdated() {
        assertThat(finding(new LedgerMark("id-1", 0, 11, 0), false)).isEqualTo(Finding.OUTDATED);
    }

    @Test
    void whatAnEarlierVersionLeftIsWhole() {
        assertThat(finding(null, false)).isEqualTo(Finding.WHOLE);
    }

    @Test
    void anEmptyPartitionIsDoubtfulUnlessAnotherSaysThatItNeverHadAnAccount() {
        assertThat(finding(null, true)).isEqualTo(Finding.DOUBTFUL);
        assertThat(LedgerMark.finding(7, NOW, Map.of(3, NOW.with(LedgerMark.bit(3))), true))
                .isEqualTo(Finding.WHOLE);
        assertThat(LedgerMark.finding(7, NOW, Map.of(3, NOW.with(LedgerMark.bit(3) | LedgerMark.bit(7))), true))
                .isEqualTo(Finding.DOUBTFUL);
        assertThat(LedgerMark.finding(7, NOW, Map.of(3, new LedgerMark("id-0", 0, 0, 0)), true))
                .isEqualTo(Finding.DOUBTFUL);
    }

    @Test
    void whatIsUnfinishedIsReadAgain() {
        assertThat(finding(LedgerMark.parse(LedgerMark.UNFINISHED).orElseThrow(), false))
                .isEqualTo(Finding.OUTDATED);
    }

    @Test
    void aMarkComesBackAsItWasAndOtherTextsAreNone() {
        var mark = new LedgerMark("rJ8ZqoWrQ0yYk3T2h0Y1ng", 3, 5_000_000_000L, 1L << 63 | 5);
        assertThat(LedgerMark.parse(mark.text())).contains(mark);
        for (String text : new String[] {"", "x", "ledger=a", "ledger=a start=b end=1 accounts=0", "="}) {
            assertThat(LedgerMark.parse(text)).as(text).isEmpty();
        }
    }
}
