package dev.kandjistream.standalone.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.standalone.run.RedriveRule.Latest;
import dev.kandjistream.standalone.run.RedriveRule.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RedriveRuleTest {
    private static final byte[] KEY = {7};

    private static DeadLetter letter(long offset, byte[] value) {
        return new DeadLetter("0:1", "t", 0, offset, "enricher", "", Instant.EPOCH, KEY, value, List.of());
    }

    private static Latest latest(long offset, byte[] value) {
        return new Latest(offset, Digest.of(value));
    }

    /** A log of one key, some records unreadable: however the letters are redriven, the latest record stays the latest. */
    @Property
    void redrivingNeverChangesWhatTheLatestRecordOfAKeySays(
            @ForAll @Size(min = 1, max = 8) List<Boolean> unreadable,
            @ForAll @Size(max = 12) List<@IntRange(max = 7) Integer> redrives) {
        List<byte[]> log = new ArrayList<>();
        for (int i = 0; i < unreadable.size(); i++) {
            log.add(new byte[] {(byte) i});
        }
        byte[] truth = log.get(log.size() - 1);
        var again = new ArrayList<Integer>();
        for (int offset : redrives) {
            if (offset < unreadable.size() && unreadable.get(offset)) {
                var latest = latest(log.size() - 1, log.get(log.size() - 1));
                var outcome = RedriveRule.of(
                        letter(offset, new byte[] {(byte) offset}), latest, again.contains(offset), true);
                if (outcome == Outcome.REDRIVE) {
                    log.add(new byte[] {(byte) offset});
                    again.add(offset);
                }
            }
        }
        assertThat(log.get(log.size() - 1)).isEqualTo(truth);
        assertThat(again).as("each at most once").doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(1);
    }

    /** The letter has two of three bytes. */
    private static DeadLetter cut(long offset, byte... beginning) {
        return new DeadLetter("0:1", "t", 0, offset, "enricher", "", Instant.EPOCH, KEY, beginning, 3, List.of());
    }

    @Test
    void aLetterThatWasCutIsRedrivenOnlyWhereItsTopicStillHasTheRecord() {
        byte[] whole = {1, 2, 3};
        assertThat(RedriveRule.of(cut(5, (byte) 1, (byte) 2), latest(5, whole), false, true))
                .isEqualTo(Outcome.REDRIVE);
        assertThat(RedriveRule.of(cut(5, (byte) 1, (byte) 2), latest(6, whole), false, true))
                .isEqualTo(Outcome.NEWER);
        assertThat(RedriveRule.of(cut(5, (byte) 1, (byte) 2), latest(5, whole), false, false))
                .as("a topic that keeps every record is not searched for it")
                .isEqualTo(Outcome.CUT);
    }

    @Test
    void theRecordOfALetterThatWasCutHasItsBeginningAndItsLength() {
        assertThat(RedriveRule.isOf(cut(5, (byte) 1, (byte) 2), new byte[] {1, 2, 3}))
                .isTrue();
        assertThat(RedriveRule.isOf(cut(5, (byte) 1, (byte) 9), new byte[] {1, 2, 3}))
                .isFalse();
        assertThat(RedriveRule.isOf(cut(5, (byte) 1, (byte) 2), new byte[] {1, 2}))
                .isFalse();
        assertThat(RedriveRule.isOf(cut(5, (byte) 1, (byte) 2), null)).isFalse();
    }

    @Test
    void theLatestRecordOfItsKeyIsRedrivenOnce() {
        byte[] value = {1};
        assertThat(RedriveRule.of(letter(5, value), latest(5, value), false, true))
                .isEqualTo(Outcome.REDRIVE);
        assertThat(RedriveRule.of(letter(5, value), latest(9, value), true, true))
                .isEqualTo(Outcome.ALREADY);
        assertThat(RedriveRule.of(letter(5, value), latest(9, value), false, true))
                .isEqualTo(Outcome.NEWER);
    }

    @Test
    void aRecordThatItsTopicLostMayHaveBeenFollowedByATombstone() {
        byte[] value = {1};
        assertThat(RedriveRule.of(letter(5, value), null, false, true)).isEqualTo(Outcome.GONE);
        assertThat(RedriveRule.of(letter(5, value), latest(3, value), false, true))
                .as("created anew")
                .isEqualTo(Outcome.GONE);
        assertThat(RedriveRule.of(letter(5, value), latest(5, new byte[] {2}), false, true))
                .as("created anew")
                .isEqualTo(Outcome.GONE);
    }

    @Test
    void whereEveryRecordCountsEachIsRedrivenOnce() {
        byte[] value = {1};
        assertThat(RedriveRule.of(letter(5, value), latest(9, value), false, false))
                .isEqualTo(Outcome.REDRIVE);
        assertThat(RedriveRule.of(letter(5, value), null, true, false)).isEqualTo(Outcome.ALREADY);
    }
}
