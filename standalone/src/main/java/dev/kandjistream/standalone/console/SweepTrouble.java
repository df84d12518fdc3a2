package dev.kandjistream.standalone.console;

import dev.kandjistream.kandji.http.Connection;
import dev.kandjistream.sweeps.SweepReceipt;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells of an account's trouble once: when it begins, when it becomes another, when it is over. Sweeps come every few minutes
 * and trouble may last for days; whoever reads the terminal wants to know what changed, and what to do about it.
 */
final class SweepTrouble {

    /**
     * What changed.
     *
     * @param text the trouble, or that it is over
     * @param advice what to do; empty where nothing needs doing
     */
    record News(boolean good, String text, Optional<String> advice) {}

    private static final String NONE = "";
    private static final String DECIDE =
            "kandji-stream retractions list tells what is withheld; retractions approve or reject decides about it";
    private static final String WAIT =
            "what was read goes out, nothing is retracted; it is swept again by itself, within half an hour";

    private final Map<String, String> standing = new ConcurrentHashMap<>();

    /** @return empty where it is as it was after the account's last sweep of the kind */
    Optional<News> of(SweepReceipt receipt) {
        if (Status.isUnpermittedLook(receipt)) {
            return Optional.empty();
        }
        boolean good = SweepConsole.isGood(receipt);
        String now = good ? NONE : receipt.getVerdict() + receipt.getConnection() + receipt.getEndpoint();
        String before = standing.put(receipt.getAccountId() + "/" + receipt.getKind(), now);
        if (now.equals(before == null ? NONE : before)) {
            return Optional.empty();
        }
        return Optional.of(
                good
                        ? new News(true, "whole again: " + SweepConsole.describe(receipt), Optional.empty())
                        : new News(false, SweepConsole.describe(receipt), Optional.of(advice(receipt))));
    }

    private static String advice(SweepReceipt receipt) {
        if (receipt.getVerdict().equals("QUARANTINED")) {
            return DECIDE;
        }
        return Arrays.stream(Connection.values())
                .filter(connection -> connection != Connection.CONNECTED)
                .filter(connection -> connection.name().equals(receipt.getConnection()))
                .findFirst()
                .map(Connection::mending)
                .orElse(WAIT);
    }
}
