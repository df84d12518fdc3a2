package dev.kandjistream.poller.kafka;

import dev.kandjistream.sweeps.SweepReceipt;

/**
 * What became of a sweep.
 *
 * @param receipt what it found; without {@code sweep_id} where it is not committed
 * @param committed whether the receipt stands in its topic; a look that found what the last one found need not
 * @param republishes whether the account's records are to be published again from now on, by full sweeps of both kinds
 * @param recovered whether the ledger topic lost records of the account, which were made anew since the last sweep
 */
public record Published(SweepReceipt receipt, boolean committed, boolean republishes, boolean recovered) {
    public Published(SweepReceipt receipt, boolean committed) {
        this(receipt, committed, false, false);
    }
}
