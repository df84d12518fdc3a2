package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Moment;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * From when on a look for changes has to look. Moments are those of the API's clock, except where nothing better is known.
 *
 * @param overlap how far to look back behind what was seen: rows are stored some time after the moment they carry
 * @param longest a window of this length costs as much as looking at everything, which then is what is wanted
 */
public record DeltaWindow(Duration overlap, Duration longest) {

    /**
     * @param lane the kind of sweeps that look for changes: what they saw need not be looked at again
     * @param whole the kind of sweeps that look at everything
     * @param seen up to when changes were looked for without it being written down; {@link Moment#UNKNOWN} for never
     * @param now by this machine's clock
     * @return empty where a look at everything has to come first
     */
    public OptionalLong since(Ledger ledger, String lane, String whole, long seen, long now) {
        CompleteSweeps all = ledger.complete(whole);
        if (!all.baseline()) {
            return OptionalLong.empty();
        }
        long asOf = Math.max(seen, Math.max(all.asOf(), ledger.complete(lane).asOf()));
        if (asOf == Moment.UNKNOWN || now - asOf > longest.toMillis()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(asOf - overlap.toMillis());
    }
}
