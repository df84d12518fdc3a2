package dev.kandjistream.poller;

import dev.kandjistream.sweeps.SweepReceipt;
import java.util.OptionalLong;

/** Hears how sweeps go. Called on the sweep's thread: return soon. */
public interface SweepListener {
    /** A page was read. @param claimedTotal rows the API says there are; empty where it does not say */
    default void progress(String accountId, Kind kind, long rowsRead, OptionalLong claimedTotal) {}

    /** As {@link #progress}, with what else is known of the sweep. */
    default void reached(String accountId, Kind kind, Reached reached) {
        progress(accountId, kind, reached.rows(), reached.claimedTotal());
    }

    /** A sweep is over: its receipt is committed, it could not be published, or it was given up. */
    default void over(String accountId, Kind kind) {}

    /**
     * How far a sweep has come.
     *
     * @param startedAt milliseconds since 1970
     * @param claimedTotal rows the API says there are; empty where it does not say
     * @param requests retries included
     */
    record Reached(long startedAt, long rows, OptionalLong claimedTotal, long requests) {}

    /** A sweep ended, and its receipt is committed. */
    default void receipt(SweepReceipt receipt) {}

    /** Hears nothing. */
    SweepListener NONE = new SweepListener() {};
}
