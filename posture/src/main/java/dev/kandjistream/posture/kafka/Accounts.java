package dev.kandjistream.posture.kafka;

import dev.kandjistream.posture.domain.AccountState;
import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.sweeps.RawEndOffset;
import dev.kandjistream.sweeps.SweepReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;

/**
 * What receipts of full device sweeps say of accounts; written by one thread, read by all.
 *
 * <p>A receipt may come before the devices it vouches for: they cross other partitions. Until those have been read to where
 * the sweep's records end, the account is as old as it was; else a partition that cannot be read would pass for fresh.
 */
final class Accounts {
    private final String devicesTopic;
    private final Function<String, Duration> allowedAge;
    private final Map<String, AccountState> states = new ConcurrentHashMap<>();
    private final Map<String, Unproven> waiting = new HashMap<>();

    /**
     * A complete sweep whose records have not all been read.
     *
     * @param ends where they end, by partition
     */
    private record Unproven(long lastCompleteAt, Map<TopicPartition, Long> ends) {}

    /** @param allowedAge how old an account's devices may be, by account id */
    Accounts(String devicesTopic, Function<String, Duration> allowedAge) {
        this.devicesTopic = devicesTopic;
        this.allowedAge = allowedAge;
    }

    Optional<AccountState> of(String accountId) {
        return Optional.ofNullable(states.get(accountId));
    }

    /** @param proven whether all it vouches for is known to have been read, or will be before anybody looks */
    void take(SweepReceipt receipt, boolean proven) {
        String id = receipt.getAccountId();
        long completeAt = millis(receipt.getLastCompleteAt());
        Map<TopicPartition, Long> ends = new HashMap<>();
        if (!proven && completeAt != Enrolment.NO_TIME) {
            ends.putAll(waiting.containsKey(id) ? waiting.get(id).ends : Map.of());
            for (RawEndOffset end : receipt.getRawEndOffsets()) {
                if (end.getTopic().equals(devicesTopic)) {
                    ends.merge(new TopicPartition(end.getTopic(), end.getPartition()), end.getOffset(), Math::max);
                }
            }
        }
        if (ends.isEmpty()) {
            waiting.remove(id);
            put(id, receipt.getConnection(), completeAt);
        } else {
            waiting.put(id, new Unproven(completeAt, ends));
            put(id, receipt.getConnection(), lastCompleteAt(id));
        }
    }

    void remove(String accountId) {
        waiting.remove(accountId);
        states.remove(accountId);
    }

    /** @param position the next offset to be read of a partition */
    void settle(ToLongFunction<TopicPartition> position) {
        waiting.entrySet().removeIf(entry -> {
            entry.getValue().ends.entrySet().removeIf(end -> position.applyAsLong(end.getKey()) >= end.getValue());
            if (!entry.getValue().ends.isEmpty()) {
                return false;
            }
            String id = entry.getKey();
            put(id, states.get(id).connection(), entry.getValue().lastCompleteAt);
            return true;
        });
    }

    private void put(String id, String connection, long lastCompleteAt) {
        states.put(id, new AccountState(id, connection, lastCompleteAt, allowedAge.apply(id)));
    }

    private long lastCompleteAt(String id) {
        return of(id).map(AccountState::lastCompleteAt).orElse(Enrolment.NO_TIME);
    }

    private static long millis(Instant instant) {
        return instant == null ? Enrolment.NO_TIME : instant.toEpochMilli();
    }
}
