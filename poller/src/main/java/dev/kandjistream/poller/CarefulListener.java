package dev.kandjistream.poller;

import dev.kandjistream.sweeps.SweepReceipt;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Somebody else's code: what it throws is not the sweep's trouble. */
record CarefulListener(SweepListener listener) implements SweepListener {
    private static final Logger LOG = LoggerFactory.getLogger(CarefulListener.class);

    @Override
    public void progress(String accountId, Kind kind, long rowsRead, OptionalLong claimedTotal) {
        carefully(() -> listener.progress(accountId, kind, rowsRead, claimedTotal));
    }

    @Override
    public void receipt(SweepReceipt receipt) {
        carefully(() -> listener.receipt(receipt));
    }

    private static void carefully(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException failure) {
            LOG.atWarn().setCause(failure).log("Listener of sweeps failed; the sweep goes on");
        }
    }
}
