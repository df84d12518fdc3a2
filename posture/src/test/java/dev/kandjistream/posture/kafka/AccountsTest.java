package dev.kandjistream.posture.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.posture.domain.AccountState;
import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.sweeps.RawEndOffset;
import dev.kandjistream.sweeps.SweepReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.avro.util.ClassSecurityValidator;
import org.junit.jupiter.api.Test;

class AccountsTest {
    static {
        // Avro loads only trusted classes, and none of our serdes has registered them when this class runs first.
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(), type -> type.getName().startsWith("dev.kandjistream.")));
    }

    private static final Instant NINE = Instant.parse("2026-01-05T09:00:00Z");
    private static final Instant TEN = NINE.plusSeconds(3600);

    private final Accounts accounts =
            new Accounts(Set.of("raw.devices", "unconfirmed"), id -> Duration.ofMinutes(id.length()));

    @Test
    void aReceiptTellsConnectionAndLastCompleteSweepAndTheAccountsOwnAllowedAge() {
        accounts.take(receipt("UNAUTHORIZED", NINE), false);

        assertThat(accounts.of("acme"))
                .hasValue(new AccountState("acme", "UNAUTHORIZED", NINE.toEpochMilli(), Duration.ofMinutes(4), false));
    }

    @Test
    void anAccountStaysAsOldAsItWasUntilTheDevicesOfItsSweepHaveBeenRead() {
        accounts.take(receipt("CONNECTED", NINE), false);
        accounts.take(receipt("CONNECTED", TEN, end("raw.devices", 3, 70), end("raw.apps", 1, 900)), false);

        accounts.settle(partition -> 69, 0);
        assertThat(confirmedAt()).isEqualTo(NINE.toEpochMilli());

        accounts.settle(partition -> partition.partition() == 3 ? 70 : 0, 0);
        assertThat(confirmedAt()).isEqualTo(TEN.toEpochMilli());
    }

    @Test
    void aLaterSweepWithoutNewsDoesNotVouchForWhatAnEarlierOnePublished() {
        accounts.take(receipt("CONNECTED", NINE, end("raw.devices", 3, 70)), false);
        accounts.take(receipt("CONNECTED", TEN), false);

        accounts.settle(partition -> 69, 0);
        assertThat(confirmedAt()).isEqualTo(Enrolment.NO_TIME);

        accounts.settle(partition -> 71, 0);
        assertThat(confirmedAt()).isEqualTo(TEN.toEpochMilli());
    }

    @Test
    void anAccountStaysAsOldAsItWasUntilWhatItsSweepDidNotConfirmHasBeenReadToo() {
        accounts.take(receipt("CONNECTED", NINE), false);
        accounts.take(receipt("CONNECTED", TEN, end("raw.devices", 3, 70), end("unconfirmed", 1, 5)), false);

        accounts.settle(partition -> partition.topic().equals("unconfirmed") ? 4 : 70, 0);
        assertThat(confirmedAt()).isEqualTo(NINE.toEpochMilli());
        accounts.settle(partition -> partition.topic().equals("unconfirmed") ? 5 : 70, 0);
        assertThat(confirmedAt()).isEqualTo(TEN.toEpochMilli());
    }

    @Test
    void theAgeCountsFromAskingAndNotFromPublishing() {
        accounts.take(builder("CONNECTED", TEN).setConfirmedAt(NINE).build(), false);

        assertThat(confirmedAt()).isEqualTo(NINE.toEpochMilli());
    }

    @Test
    void aReceiptOfAnOlderPollerIsAsOldAsTheStartOfItsSweep() {
        accounts.take(older("s1", "s1", "COMPLETE", NINE, TEN), false);
        assertThat(confirmedAt()).isEqualTo(NINE.toEpochMilli());

        // The receipt of a later, incomplete sweep has the end of the complete one, not its start.
        accounts.take(older("s2", "s1", "INCOMPLETE", TEN.plusSeconds(60), TEN), false);
        assertThat(confirmedAt()).isEqualTo(NINE.toEpochMilli());

        accounts.take(older("s4", "s3", "INCOMPLETE", TEN.plusSeconds(600), TEN.plusSeconds(60)), false);
        assertThat(confirmedAt()).as("the start of s3 was never heard of").isEqualTo(Enrolment.NO_TIME);
    }

    @Test
    void afterAReceiptThatCannotBeDecodedAnAccountGetsNoYoungerUntilAllOfItsTimeHasBeenRead() {
        accounts.take(receipt("CONNECTED", NINE), false);
        accounts.undecodable("acme", false, 1_000);
        assertThat(accounts.of("acme").orElseThrow().undecodable()).isTrue();
        accounts.settle(partition -> 70, 2_000);
        assertThat(confirmedAt()).isEqualTo(NINE.toEpochMilli());
        assertThat(accounts.of("acme").orElseThrow().undecodable()).isTrue();

        accounts.undecodable("acme", false, 3_000);
        accounts.take(receipt("CONNECTED", TEN), false);
        assertThat(accounts.of("acme").orElseThrow().undecodable()).isFalse();
        accounts.settle(partition -> 70, 2_999);
        assertThat(confirmedAt()).isEqualTo(NINE.toEpochMilli());
        accounts.settle(partition -> 70, 3_000);
        assertThat(confirmedAt()).isEqualTo(TEN.toEpochMilli());
    }

    @Test
    void aRefusalIsToldAtOnce() {
        accounts.take(receipt("CONNECTED", NINE, end("raw.devices", 3, 70)), false);
        accounts.take(receipt("FORBIDDEN", NINE), false);

        assertThat(accounts.of("acme").orElseThrow().connection()).isEqualTo("FORBIDDEN");
    }

    @Test
    void aReceiptWithoutACompleteSweepForgetsTheOneBefore() {
        accounts.take(receipt("CONNECTED", NINE, end("raw.devices", 3, 70)), false);
        accounts.take(receipt("CONNECTED", null), false);
        accounts.settle(partition -> 71, 0);

        assertThat(confirmedAt()).isEqualTo(Enrolment.NO_TIME);
    }

    @Test
    void aRemovedReceiptLeavesNothingBehind() {
        accounts.take(receipt("CONNECTED", NINE, end("raw.devices", 3, 70)), false);
        accounts.remove("acme");
        accounts.settle(partition -> 71, 0);

        assertThat(accounts.of("acme")).isEmpty();
    }

    private long confirmedAt() {
        return accounts.of("acme").orElseThrow().confirmedAt();
    }

    private static RawEndOffset end(String topic, int partition, long offset) {
        return new RawEndOffset(topic, partition, offset);
    }

    private static SweepReceipt.Builder builder(String connection, Instant completeAt) {
        return SweepReceipt.newBuilder(receipt(connection, completeAt));
    }

    private static SweepReceipt older(String id, String complete, String verdict, Instant start, Instant completeAt) {
        return builder("CONNECTED", completeAt)
                .setConfirmedAt(null)
                .setSweepId(id)
                .setLastCompleteSweepId(complete)
                .setVerdict(verdict)
                .setStartedAt(start)
                .build();
    }

    private static SweepReceipt receipt(String connection, Instant completeAt, RawEndOffset... ends) {
        return Records.receipt("acme", "devices", connection, completeAt, List.of(ends));
    }
}
