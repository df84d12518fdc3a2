package dev.kandjistream.standalone.console;

import dev.kandjistream.progress.SweepProgress;
import dev.kandjistream.sink.TablesState;
import dev.kandjistream.sweeps.SweepReceipt;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How accounts stand.
 *
 * @param receipts the last of each account and kind, by account, those of whole sweeps first
 * @param running sweeps under way
 * @param applied since when a sweep stands in the tables, by its id; empty where nobody was asked
 * @param accounts that were asked about; empty where all were
 * @param tables whether the tables follow the topics
 */
public record Status(
        List<SweepReceipt> receipts,
        List<SweepProgress> running,
        Map<String, Instant> applied,
        Set<String> accounts,
        TablesState tables) {
    private static final List<String> WHOLE = List.of("devices", "apps");
    private static final int FORBIDDEN = 403;
    private static final List<String> CHANGES = List.of("delta", "targeted");

    public Status {
        receipts = receipts.stream()
                .sorted(Comparator.comparing(SweepReceipt::getAccountId)
                        .thenComparing(receipt -> rank(receipt.getKind()))
                        .thenComparing(SweepReceipt::getKind))
                .toList();
    }

    /** If the tables were not read. */
    public Status(
            List<SweepReceipt> receipts,
            List<SweepProgress> running,
            Map<String, Instant> applied,
            Set<String> accounts) {
        this(receipts, running, applied, accounts, TablesState.UNKNOWN);
    }

    /** Whether every account is connected and the tables follow the topics. */
    public boolean isWell() {
        return allConnected() && tables.sentences().isEmpty();
    }

    /** Kinds that this version does not know come last. */
    static int rank(String kind) {
        int whole = WHOLE.indexOf(kind);
        int changes = CHANGES.indexOf(kind);
        return whole >= 0 ? whole : changes >= 0 ? WHOLE.size() + changes : WHOLE.size() + CHANGES.size();
    }

    /** Whether sweeps of the kind look for changes only, between whole ones. */
    static boolean isOfChanges(String kind) {
        return CHANGES.contains(kind);
    }

    /** Whether it looked where the token may lawfully not look: sweeps see everything all the same. */
    static boolean isUnpermittedLook(SweepReceipt receipt) {
        return isOfChanges(receipt.getKind())
                && receipt.getConnection().equals("CONNECTED")
                && Integer.valueOf(FORBIDDEN).equals(receipt.getStatus());
    }

    /** Whether the last whole sweeps of all accounts found the API as it should be. */
    public boolean allConnected() {
        return receipts.stream()
                .filter(receipt -> WHOLE.contains(receipt.getKind()))
                .allMatch(receipt -> receipt.getConnection().equals("CONNECTED"));
    }

    /** The sweep of this kind that is under way. */
    Optional<SweepProgress> running(SweepReceipt receipt) {
        return running.stream()
                .filter(progress -> progress.getAccountId().equals(receipt.getAccountId())
                        && progress.getKind().equals(receipt.getKind()))
                .findFirst();
    }

    /** Sweeps under way of which there is no receipt yet. */
    List<SweepProgress> first() {
        return running.stream()
                .filter(progress -> receipts.stream()
                        .noneMatch(receipt -> progress.getAccountId().equals(receipt.getAccountId())
                                && progress.getKind().equals(receipt.getKind())))
                .toList();
    }

    /** Accounts that were asked about and have no receipt. */
    Set<String> unswept() {
        var unswept = new TreeSet<>(accounts);
        receipts.forEach(receipt -> unswept.remove(receipt.getAccountId()));
        return unswept;
    }
}
