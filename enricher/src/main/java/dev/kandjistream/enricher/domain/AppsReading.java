package dev.kandjistream.enricher.domain;

import java.time.Instant;
import java.util.List;

/**
 * One raw record of a device's apps.
 *
 * @param observedAt when the poller read the rows
 * @param baseline whether it belongs to the account's first complete sweep of apps
 * @param collectedAt when the device had reported them; null where unknown
 * @param keepsRows whether apps that the rows lack still stand
 */
public record AppsReading(
        String sweepId,
        Instant observedAt,
        boolean baseline,
        Instant collectedAt,
        List<AppRow> rows,
        boolean keepsRows) {
    public AppsReading {
        rows = List.copyOf(rows);
    }

    public ReadingOrder order() {
        return new ReadingOrder(sweepId, observedAt);
    }
}
