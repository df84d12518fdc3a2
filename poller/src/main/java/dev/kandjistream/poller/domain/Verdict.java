package dev.kandjistream.poller.domain;

import java.util.List;

/**
 * What a sweep proves, and what follows from it.
 *
 * @param reason why the outcome is not {@link Outcome#COMPLETE}, and what could not be read; null where
 *     there is nothing to say
 * @param baseline whether what is published is state found, not news: true up to and including the account's first
 *     complete sweep of the kind
 * @param endsBaseline whether the sweeps after this one bring news; a sweep that finds nothing where nothing was known
 *     ends no baseline, because a fleet that appears after an empty answer is no news either
 * @param decisions one for each device about which something is to be published or remembered
 * @param devices distinct devices in the rows
 * @param unchanged devices found as last published
 * @param retracted devices whose record, user or app rows this sweep retracts
 * @param withheld devices whose retraction waits for more evidence or an operator, after this sweep
 * @param waiting those of them that have waited longest, these first; at most {@value WithheldList#LISTED}
 * @param findings what is unusual about the form of the rows
 */
public record Verdict(
        Outcome outcome,
        String reason,
        boolean baseline,
        boolean endsBaseline,
        List<Decision> decisions,
        long devices,
        long unchanged,
        long retracted,
        long withheld,
        List<Withheld> waiting,
        Findings findings) {

    /** All rows are as they should be. */
    public Verdict(
            Outcome outcome,
            String reason,
            boolean baseline,
            boolean endsBaseline,
            List<Decision> decisions,
            long devices,
            long unchanged,
            long retracted,
            long withheld,
            List<Withheld> waiting) {
        this(
                outcome,
                reason,
                baseline,
                endsBaseline,
                decisions,
                devices,
                unchanged,
                retracted,
                withheld,
                waiting,
                Findings.NONE);
    }

    /** Nothing is listed of what waits. */
    public Verdict(
            Outcome outcome,
            String reason,
            boolean baseline,
            boolean endsBaseline,
            List<Decision> decisions,
            long devices,
            long unchanged,
            long retracted,
            long withheld) {
        this(outcome, reason, baseline, endsBaseline, decisions, devices, unchanged, retracted, withheld, List.of());
    }

    /** The same, with something more to say. */
    public Verdict saying(String more) {
        return new Verdict(
                outcome,
                reason == null ? more : more + "; " + reason,
                baseline,
                endsBaseline,
                decisions,
                devices,
                unchanged,
                retracted,
                withheld,
                waiting,
                findings);
    }

    /** The words of the receipt. */
    public enum Outcome {
        /** Every page was read and the counts agree. */
        COMPLETE,
        /** Something is missing: additions and changes go out, absence proves nothing. */
        INCOMPLETE,
        /** Read whole, but it would take away more than can be believed at once: that is withheld. */
        QUARANTINED,
        /** Nothing was read. */
        FAILED
    }

    /** Nothing could be read. */
    public static Verdict failed(String reason) {
        return new Verdict(Outcome.FAILED, reason, false, false, List.of(), 0, 0, 0, 0);
    }

    /**
     * Nothing could be read; what waited before still does.
     *
     * @param kind of sweep, as receipts call it
     */
    public static Verdict failed(String reason, Ledger ledger, String kind) {
        var waiting = new WithheldList();
        if (Ledger.fullKind(kind).equals(Ledger.DEVICES)) {
            waiting.addStandingDevices(ledger, deviceId -> true);
        } else {
            waiting.addStandingApps(ledger, deviceId -> true);
        }
        return new Verdict(
                Outcome.FAILED, reason, false, false, List.of(), 0, 0, 0, waiting.devices(), waiting.listed());
    }
}
