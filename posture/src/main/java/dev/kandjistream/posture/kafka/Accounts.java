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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;

/**
 * What receipts of full device sweeps say of accounts; written by one thread, read by all.
 *
 * <p>A receipt may come before the records it vouches for: they cross other partitions. Until those have been read to where
 * the sweep's records end, the account is as old as it was; else a partition that cannot be read would pass for fresh.
 */
final class Accounts {
    private static final String COMPLETE = "COMPLETE";

    private final Set<String> topics;
    private final Function<String, Duration> allowedAge;
    private final Map<String, AccountState> states = new ConcurrentHashMap<>();
    private final Map<String, Unproven> waiting = new HashMap<>();
    private final Map<String, Begun> begun = new HashMap<>();

    /**
     * Sweeps whose records have not all been read.
     *
     * @param ends where they end, by partition
     * @param unknownSince {@link System#nanoTime} when a receipt without the ends of its records came; null if every end is
     *     known
     */
    private record Unproven(long confirmedAt, Map<TopicPartition, Long> ends, Long unknownSince) {}

    /** The latest complete sweep whose own receipt was read. */
    private record Begun(String sweepId, long startedAt) {}

    /**
     * @param topics whose records the receipts cover
     * @param allowedAge greatest age of an account's devices, by account id
     */
    Accounts(Set<String> topics, Function<String, Duration> allowedAge) {
        this.topics = Set.copyOf(topics);
        this.allowedAge = allowedAge;
    }

    Optional<AccountState> of(String accountId) {
        return Optional.ofNullable(states.get(accountId));
    }

    /** @param proven whether all it vouches for is known to have been read, or will be before anybody looks */
    void take(SweepReceipt receipt, boolean proven) {
        String id = receipt.getAccountId();
        long confirmedAt = confirmedAt(receipt);
        Unproven former = waiting.remove(id);
        Map<TopicPartition, Long> ends = new HashMap<>();
        Long unknownSince = null;
        if (!proven) {
            ends.putAll(former == null ? Map.of() : former.ends);
            unknownSince = former == null ? null : former.unknownSince;
            for (RawEndOffset end : receipt.getRawEndOffsets()) {
                if (topics.contains(end.getTopic())) {
                    ends.merge(new TopicPartition(end.getTopic(), end.getPartition()), end.getOffset(), Math::max);
                }
            }
        }
        boolean isProven = ends.isEmpty() && unknownSince == null;
        if (!isProven) {
            waiting.put(id, new Unproven(confirmedAt, ends, unknownSince));
        }
        boolean isNews = isProven || confirmedAt == Enrolment.NO_TIME;
        put(id, receipt.getConnection(), isNews ? confirmedAt : confirmedAt(id), false);
    }

    /**
     * The account's latest receipt cannot be decoded. So it is unknown whether the account refuses us and where its sweep's
     * records end. The account is unclear until the next receipt, and gets no younger.
     *
     * @param proven as of {@link #take}
     * @param readAt {@link System#nanoTime}
     */
    void undecodable(String id, boolean proven, long readAt) {
        Optional<AccountState> known = of(id);
        Unproven former = waiting.remove(id);
        if (!proven) {
            waiting.put(id, new Unproven(confirmedAt(id), former == null ? Map.of() : former.ends, readAt));
        }
        put(id, known.map(AccountState::connection).orElse(null), confirmedAt(id), true);
    }

    void remove(String accountId) {
        waiting.remove(accountId);
        begun.remove(accountId);
        states.remove(accountId);
    }

    /**
     * @param position next offset to read of a partition; 0 of a partition that is not read
     * @param readUntil {@link System#nanoTime}; everything published until then has been read
     */
    void settle(ToLongFunction<TopicPartition> position, long readUntil) {
        waiting.replaceAll((id, sweeps) -> remaining(sweeps, position, readUntil));
        waiting.entrySet().removeIf(entry -> {
            Unproven sweeps = entry.getValue();
            if (!sweeps.ends.isEmpty() || sweeps.unknownSince != null) {
                return false;
            }
            AccountState state = states.get(entry.getKey());
            put(entry.getKey(), state.connection(), sweeps.confirmedAt, state.undecodable());
            return true;
        });
    }

    private static Unproven remaining(Unproven sweeps, ToLongFunction<TopicPartition> position, long readUntil) {
        Map<TopicPartition, Long> ends = new HashMap<>(sweeps.ends);
        ends.entrySet().removeIf(end -> position.applyAsLong(end.getKey()) >= end.getValue());
        boolean isKnown = sweeps.unknownSince == null || readUntil - sweeps.unknownSince >= 0;
        return new Unproven(sweeps.confirmedAt, ends, isKnown ? null : sweeps.unknownSince);
    }

    /**
     * Start of the latest fully read sweep. Receipts of older pollers lack it: then it is the start of that sweep in the sweep's
     * own receipt. Its end is no substitute, because the rows that were read first may have changed long before.
     *
     * @return {@link Enrolment#NO_TIME} if there was no complete sweep, or its start is not known
     */
    private long confirmedAt(SweepReceipt receipt) {
        if (receipt.getLastCompleteAt() == null) {
            begun.remove(receipt.getAccountId());
            return Enrolment.NO_TIME;
        }
        String complete = receipt.getLastCompleteSweepId();
        if (receipt.getVerdict().equals(COMPLETE) && (complete == null || complete.equals(receipt.getSweepId()))) {
            begun.put(
                    receipt.getAccountId(),
                    new Begun(receipt.getSweepId(), receipt.getStartedAt().toEpochMilli()));
        }
        Instant asked = receipt.getConfirmedAt();
        Begun known = begun.get(receipt.getAccountId());
        if (asked != null) {
            // Quarantined sweeps count too: they were fully read, and the topic unconfirmed has what they did not show.
            return asked.toEpochMilli();
        }
        long began = known != null && (complete == null || known.sweepId.equals(complete))
                ? known.startedAt
                : Enrolment.NO_TIME;
        return Math.min(began, receipt.getLastCompleteAt().toEpochMilli());
    }

    private void put(String id, String connection, long confirmedAt, boolean undecodable) {
        states.put(id, new AccountState(id, connection, confirmedAt, allowedAge.apply(id), undecodable));
    }

    private long confirmedAt(String id) {
        return of(id).map(AccountState::confirmedAt).orElse(Enrolment.NO_TIME);
    }
}
