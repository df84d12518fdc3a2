package dev.kandjistream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** The part that asks no broker; the rest is tested on a real one. */
class RecordLimitsTest {
    private static final int LIMIT = 100_000;

    private final RecordLimits limits = new RecordLimits(LIMIT, List.of(), Map.of());

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    @Test
    void noRecordIsLargerBeforeCompressionThanConfigured() {
        assertThat(limits.excess("t", 100, new byte[LIMIT - 100])).isEmpty();
        assertThat(limits.excess("t", 101, new byte[LIMIT - 100]))
                .hasValueSatisfying(excess -> assertThat(excess.toString())
                        .contains("100001 bytes")
                        .contains("kafka.max_record_bytes is 100000"));
    }

    @Test
    void whatDoesNotCompressMustFitWithWhatSurroundsIt() {
        assertThat(limits.excess("t", 0, noise(LIMIT - 5_000))).isEmpty();
        assertThat(limits.excess("t", 0, noise(LIMIT - 10)))
                .hasValueSatisfying(excess -> assertThat(excess.toString()).contains("topic t, which allows 100000"));
    }

    @Test
    void aRefusedRecordIsNotThoughtToFitAgainAndSmallerOnesAre() {
        limits.refused("t", 10, noise(50_000), new RecordTooLargeException());
        assertThat(limits.of("t")).isLessThan(51_000).isGreaterThan(40_000);
        assertThat(limits.excess("t", 10, noise(50_000))).isPresent();
        assertThat(limits.excess("t", 10, noise(30_000))).isEmpty();
        assertThat(limits.of("other")).isEqualTo(LIMIT);
    }

    @Test
    void refusalsOfEverSmallerRecordsLowerTheLimitAndLargerOnesDoNotRaiseIt() {
        limits.refused("t", 0, noise(50_000), new RecordTooLargeException());
        limits.refused("t", 0, noise(20_000), new RecordTooLargeException());
        int low = limits.of("t");
        limits.refused("t", 0, noise(40_000), new RecordTooLargeException());
        assertThat(limits.of("t")).isEqualTo(low).isLessThan(21_000);
    }

    /** A producer aborts what it has not sent yet with the failure of the record that was refused. */
    @Test
    void recordsThatFailBecauseAnotherWasRefusedSayNothing() {
        var failure = new RecordTooLargeException();
        limits.refused("t", 0, noise(50_000), failure);
        limits.refused("t", 0, noise(900), failure);
        limits.refused("other", 0, noise(900), failure);
        assertThat(limits.of("t")).isGreaterThan(40_000);
        assertThat(limits.of("other")).isEqualTo(LIMIT);
    }

    @Test
    void aTombstoneFits() {
        assertThat(limits.excess("t", 300, null)).isEmpty();
    }

    @Test
    void theConfiguredLimitHasBounds() {
        assertThat(new Topics("kandji").maxRecordBytes()).isEqualTo(16 * 1024 * 1024);
        assertThatThrownBy(() -> new Topics("kandji", RecordLimits.SMALLEST - 1))
                .hasMessageContaining("must be from 65536 to 67108864, was 65535");
        assertThatThrownBy(() -> new Topics("kandji", RecordLimits.LARGEST + 1)).hasMessageContaining("67108865");
    }

    @Test
    void missingTopicsGetTheConfiguredLimit() {
        var topics = new Topics("kandji", 1 << 20);
        assertThat(topics.all())
                .allSatisfy(topic -> assertThat(TopicSettings.of(topic)).containsEntry("max.message.bytes", "1048576"));
    }

    @Test
    void whereItIsRefusedLessAndLessIsTriedAndInTheEndTheBrokersDefault() {
        assertThat(TopicSettings.withSmallerRecords(
                        Map.of("max.message.bytes", "1048576", "cleanup.policy", "compact")))
                .extracting(settings -> settings.get("max.message.bytes"))
                .containsExactly("524288", "262144", "131072", "65536", null);
        assertThat(TopicSettings.withSmallerRecords(Map.of("cleanup.policy", "compact")))
                .isEmpty();
    }

    @Test
    void aLetterThatFitsStaysAndAnotherKeepsItsBeginning() {
        var headers = new RecordHeaders().add("trace", new byte[10]).add(DeadLetterHeaders.CAUSE, new byte[20]);
        var small = new DeadLetterCut.Letter(new byte[5], noise(1_000), headers);
        assertThat(DeadLetterCut.fitting(small, limits, "t")).isSameAs(small);

        byte[] value = noise(LIMIT);
        var cut = DeadLetterCut.fitting(new DeadLetterCut.Letter(new byte[5], value, headers), limits, "t");
        assertThat(cut.value()).hasSize(1024);
        assertThat(cut.headers().lastHeader("trace")).isNotNull();
        assertThat(new String(cut.headers().lastHeader(DeadLetterHeaders.CUT).value(), StandardCharsets.UTF_8))
                .isEqualTo("100000");
    }

    @Test
    void headersAndKeyOfALetterAreCutWhereTheValueIsNotEnough() {
        var headers = new RecordHeaders()
                .add("trace", noise(LIMIT))
                .add(DeadLetterHeaders.CAUSE, noise(LIMIT))
                .add(DeadLetterHeaders.TOPIC, "t".getBytes(StandardCharsets.UTF_8));
        var cut = DeadLetterCut.fitting(new DeadLetterCut.Letter(noise(LIMIT), null, headers), limits, "t");
        assertThat(cut.key()).hasSize(1024);
        assertThat(cut.value()).isNull();
        assertThat(cut.headers().lastHeader("trace")).isNull();
        assertThat(cut.headers().lastHeader(DeadLetterHeaders.CAUSE).value()).hasSize(1024);
        assertThat(cut.headers().lastHeader(DeadLetterHeaders.TOPIC).value()).hasSize(1);
    }
}
