package dev.kandjistream.poller.domain;

import java.util.ArrayList;
import java.util.List;

/**
 * What it means that all data of an account is to go: a null record for everything that the ledger knows. Somebody asked for
 * it, so it needs no evidence, and no share is too large.
 */
public final class AccountRemoval {
    /** What receipts say. */
    public static final String REASON =
            "the account was removed: its data is retracted on request (removed_accounts, on_removal: retract)";

    private AccountRemoval() {}

    /** Nothing of the ledger is left afterwards; no decisions where it knows nothing. */
    public static List<Decision> decisions(Ledger ledger) {
        var decisions = new ArrayList<Decision>();
        for (var bucket : ledger.buckets()) {
            for (String deviceId : bucket.keySet()) {
                decisions.add(new Decision(deviceId, Decision.Gone.ACCOUNT, Unconfirmed.NOTHING, LedgerEntry.EMPTY));
            }
        }
        return decisions;
    }

    /**
     * The verdict of one kind.
     *
     * @param kind of sweep, as receipts call it; its count is of the devices with a record of that kind
     */
    public static Verdict verdict(Ledger ledger, String kind, List<Decision> decisions) {
        long retracted = decisions.stream()
                .map(decision -> ledger.entry(decision.deviceId()))
                .filter(known -> kind.equals(Ledger.DEVICES) && known.device() != null
                        || kind.equals(Ledger.APPS) && known.apps() != null)
                .count();
        return new Verdict(Verdict.Outcome.COMPLETE, REASON, false, false, decisions, 0, 0, retracted, 0);
    }
}
