package dev.kandjistream.poller.domain;

/**
 * Says whether rows of a full sweep may stand in the place of app rows of other devices. That is so for unusable rows, for rows
 * that came twice, for rows of an app that its device has already, and for unreadable rows beyond the published ones that are
 * missing. A claimed total counts such rows like all others, so it does not prove that no row is missing.
 *
 * <p>Some devices do have an app twice. Only reading a device by itself tells them from a row that was updated while pages
 * were read. So such rows make no sweep incomplete; lists that lack rows are read by themselves.
 */
final class HiddenRows {
    private HiddenRows() {}

    static boolean mayBe(Ledger ledger, AppsSweep sweep) {
        return !sweep.isPartial()
                && (sweep.mayHide() > 0 || sweep.ofAnAppTwice() > 0 || sweep.hasUnreadBeyondKnown(ledger));
    }

    /** For the receipt of a sweep in which rows are missing; null if other words say it. */
    static String inWords(AppsSweep sweep) {
        return sweep.ofAnAppTwice() == 0
                ? null
                : sweep.ofAnAppTwice()
                        + " rows of apps that their device has twice: rows of other devices may be missing";
    }
}
