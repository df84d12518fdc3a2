package dev.kandjistream.posture.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.posture.domain.AccountState;
import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.sweeps.RawEndOffset;
import dev.kandjistream.sweeps.SweepReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccountsTest {
    private static final Instant NINE = Instant.parse("2026-01-05T09:00:00Z");
    private static final Instant TEN = NINE.plusSeconds(3600);

    private final Accounts accounts = new Accounts("raw.devices", id -> Duration.ofMinutes(id.length()));

    @Test
    void aReceiptTellsConnectionAndLastCompleteSweepAndTheAccountsOwnAllowedAge() {
        accounts.take(receipt("UNAUTHORIZED", NINE), false);

        assertThat(accounts.of("acme"))
                .hasValue(new AccountState("acme", "UNAUTHORIZED", NINE.toEpochMilli(), Duration.ofMinutes(4)));
    }

    @Test
    void anAccountStaysAsOldAsItWasUntilTheDevicesOfItsSweepHaveBeenRead() {
        accounts.take(receipt("CONNECTED", NINE), false);
        accounts.take(receipt("CONNECTED", TEN, end("raw.devices", 3, 70), end("raw.apps", 1, 900)), false);

        accounts.settle(partition -> 69);
        assertThat(lastCompleteAt()).isEqualTo(NINE.toEpochMilli());

        accounts.settle(partition -> partition.partition() == 3 ? 70 : 0);
        assertThat(lastCompleteAt()).isEqualTo(TEN.toEpochMilli());
    }

    @Test
    void aLaterSweepWithoutNewsDoesNotVouchForWhatAnEarlierOnePublished() {
        accounts.take(receipt("CONNECTED", NINE, end("raw.devices", 3, 70)), false);
        accounts.take(receipt("CONNECTED", TEN), false);

        accounts.settle(partition -> 69);
        assertThat(lastCompleteAt()).isEqualTo(Enrolment.NO_TIME);

        accounts.settle(partition -> 71);
        assertThat(lastCompleteAt()).isEqualTo(TEN.toEpochMilli());
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
        accounts.settle(partition -> 71);

        assertThat(lastCompleteAt()).isEqualTo(Enrolment.NO_TIME);
    }

    @Test
    void aRemovedReceiptLeavesNothingBehind() {
        accounts.take(receipt("CONNECTED", NINE, end("raw.devices", 3, 70)), false);
        accounts.remove("acme");
        accounts.settle(partition -> 71);

        assertThat(accounts.of("acme")).isEmpty();
    }

    private long lastCompleteAt() {
        return accounts.of("acme").orElseThrow().lastCompleteAt();
    }

    private static RawEndOffset end(String topic, int partition, long offset) {
        return new RawEndOffset(topic, partition, offset);
    }

    private static SweepReceipt receipt(String connection, Instant completeAt, RawEndOffset... ends) {
        return Records.receipt("acme", "devices", connection, completeAt, List.of(ends));
    }
}
