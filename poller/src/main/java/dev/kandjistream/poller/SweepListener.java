package dev.kandjistream.poller;

import dev.kandjistream.sweeps.SweepReceipt;
import java.util.OptionalLong;

/** Hears how sweeps go. Called on the sweep's thread: return soon. */
public interface SweepListener {
    /** A page was read. @param claimedTotal rows the API says there are; empty where it does not say */
    default void progress(String accountId, Kind kind, long rowsRead, OptionalLong claimedTotal) {}

    /** A sweep ended, and its receipt is committed. */
    default void receipt(SweepReceipt receipt) {}

    /** Hears nothing. */
    SweepListener NONE = new SweepListener() {};
}
