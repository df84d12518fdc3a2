package dev.kandjistream.poller;

import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.poller.domain.DeltaWindow;
import dev.kandjistream.poller.domain.Ledger;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * How far each look for changes looks back. Rows are stored some time after the moment they carry; how long is not known. So
 * every look goes back a minute behind the one before, which is cheap, and every five minutes one goes back ten, so that
 * what is stored that late is still found within minutes.
 */
public final class LookBack {
    private static final Duration NEAR = Duration.ofMinutes(1);
    private static final Duration DEEP = Duration.ofMinutes(10);
    private static final Duration DEEP_EVERY = Duration.ofMinutes(5);

    private final String lane;
    private final String whole;
    private long seen = Moment.UNKNOWN;
    private long deep = Moment.UNKNOWN;
    private boolean lookingDeep;

    /**
     * @param lane the kind that looks
     * @param whole the kind that sees everything
     */
    LookBack(String lane, String whole) {
        this.lane = lane;
        this.whole = whole;
    }

    /** How many looks at that interval see one and the same moment, on average. */
    public static double timesSeen(Duration interval) {
        return 2.0 + (double) NEAR.toMillis() / interval.toMillis() + (double) DEEP.toMillis() / DEEP_EVERY.toMillis();
    }

    /** See {@link DeltaWindow#since}. @param longest beyond it a look costs as much as a sweep of everything */
    OptionalLong since(Ledger ledger, long now, Duration longest) {
        lookingDeep = deep == Moment.UNKNOWN || seen - deep >= DEEP_EVERY.toMillis();
        // A tenth more: the sweep of everything is due by then, and may be under way.
        return new DeltaWindow(lookingDeep ? DEEP : NEAR, longest.plus(longest.dividedBy(10)))
                .since(ledger, lane, whole, seen, now);
    }

    /** The look was whole. @param asOf when it began, by the API's clock */
    void looked(long asOf) {
        seen = Math.max(seen, asOf);
        deep = lookingDeep ? asOf : deep;
    }
}
