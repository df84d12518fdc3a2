package dev.kandjistream.poller;

import dev.kandjistream.sweeps.SweepReceipt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody else's code: what it throws is not the sweep's trouble.
 *
 * @param own hears of progress first, and is trusted
 */
record CarefulListener(SweepListener listener, SweepListener own) implements SweepListener {
    private static final Logger LOG = LoggerFactory.getLogger(CarefulListener.class);

    @Override
    public void reached(String accountId, Kind kind, Reached reached) {
        own.reached(accountId, kind, reached);
        carefully(() -> listener.reached(accountId, kind, reached));
    }

    @Override
    public void over(String accountId, Kind kind) {
        own.over(accountId, kind);
        carefully(() -> listener.over(accountId, kind));
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
