package dev.kandjistream.poller.http;

import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.poller.domain.AppsSweep;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all app rows of an account in the cheapest way that its token and its API allow: by export where there are many, by
 * cursor where there are few or the export comes to nothing. Then the walk by cursor follows within the same sweep, and
 * what would go wrong again is not tried again for a day. Lives as long as the account is polled.
 */
public final class AppsReading {
    private static final Logger LOG = LoggerFactory.getLogger(AppsReading.class);

    /** An export costs some six requests: below so many rows it saves little. */
    public static final long LEAST_FOR_EXPORT = 20L * AppsWalk.LIMIT;

    /** The counts before and after, the request and a few looks. */
    public static final long REQUESTS_BY_EXPORT = 6;

    private final String account;
    private final long leastForExport;
    private final OptionalEndpoints optional;

    /** @param mayExport false to walk by cursor always */
    public AppsReading(String account, boolean mayExport, OptionalEndpoints optional) {
        this(account, mayExport ? LEAST_FOR_EXPORT : Long.MAX_VALUE, optional);
    }

    AppsReading(String account, long leastForExport, OptionalEndpoints optional) {
        this.account = account;
        this.leastForExport = leastForExport;
        this.optional = optional;
    }

    /**
     * Reads them.
     *
     * @param known rows that were published last; 0 where that is not known
     * @throws InterruptedException when the sweep was cancelled
     */
    public Reading<AppsSweep> read(KandjiClient client, Progress progress, long known) throws InterruptedException {
        var counts = new RowCounts(client, optional);
        boolean few = known > 0 && known < leastForExport || leastForExport == Long.MAX_VALUE;
        if (!few && optional.worthAsking(OptionalEndpoints.EXPORT)) {
            OptionalLong rows = counts.exactOrClaimed();
            // Without a count nothing could be held against a file that was cut between two lines.
            if (rows.orElse(0) >= leastForExport) {
                try {
                    return export(client, counts, progress, rows.getAsLong());
                } catch (ExportFailure failure) {
                    fallBack(failure);
                }
            }
        }
        return new AppsWalk(client, progress, counts).read();
    }

    private Reading<AppsSweep> export(KandjiClient client, RowCounts counts, Progress progress, long rows)
            throws ExportFailure, InterruptedException {
        Reading<AppsSweep> reading = new AppsExport(client, counts, progress).read(rows);
        if (!reading.sweep().isSound()) {
            // Said in the receipt. Should exports and counts never agree, the walks by cursor must get their turn.
            optional.giveUp(OptionalEndpoints.EXPORT);
        }
        return reading;
    }

    private void fallBack(ExportFailure failure) {
        if (failure.isLasting()) {
            optional.giveUp(OptionalEndpoints.EXPORT);
        }
        LOG.atInfo()
                .addKeyValue("account", account)
                .addKeyValue("reason", failure.getMessage())
                .addKeyValue("triedAgain", failure.isLasting() ? "in a day, or with another token" : "next sweep")
                .log("The apps are read by cursor, not by export");
    }
}
