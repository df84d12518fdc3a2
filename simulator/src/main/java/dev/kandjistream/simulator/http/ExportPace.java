package dev.kandjistream.simulator.http;

import java.time.Duration;

/** How long exports are pending; what is said here also holds for those under way. Safe for several threads. */
public final class ExportPace {
    private int polls = 1;
    private Duration time = Duration.ZERO;

    ExportPace() {}

    /** So many looks at an export find it pending, the next one finds it done; 1 unless told otherwise. */
    public synchronized void pendingFor(int looks) {
        if (looks < 0) {
            throw new IllegalArgumentException("looks must not be negative, was " + looks);
        }
        polls = looks;
    }

    /** An export is not done before so much of the fleet's time has passed, however often it was looked at. */
    public synchronized void pendingFor(Duration fleetTime) {
        if (fleetTime.isNegative()) {
            throw new IllegalArgumentException("fleetTime must not be negative, was " + fleetTime);
        }
        time = fleetTime;
    }

    /** @param looks before this one */
    synchronized boolean isOver(int looks, Duration sinceCreated) {
        return looks >= polls && sinceCreated.compareTo(time) >= 0;
    }
}
