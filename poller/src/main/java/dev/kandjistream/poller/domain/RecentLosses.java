package dev.kandjistream.poller.domain;

/**
 * App rows that partial sweeps took away since the last complete sweep of the apps. Each of them may be small; together they
 * must not take what a single sweep could not.
 *
 * @param rows taken
 * @param devices they were taken from, counted each time
 */
public record RecentLosses(long rows, long devices) {
    public static final RecentLosses NONE = new RecentLosses(0, 0);

    /**
     * With what a partial sweep takes as well.
     *
     * @param ledger as it was when the sweep was judged
     */
    public RecentLosses and(Ledger ledger, Verdict verdict) {
        long moreRows = 0;
        long moreDevices = 0;
        for (Decision decision : verdict.decisions()) {
            AppsMemory known = ledger.entry(decision.deviceId()).apps();
            if (known != null
                    && decision.publication() instanceof Decision.Apps apps
                    && !apps.apps().overflowed()) {
                int missing = known.missingFrom(apps.apps()).rows();
                moreRows += missing;
                moreDevices += missing > 0 ? 1 : 0;
            }
        }
        return new RecentLosses(rows + moreRows, devices + moreDevices);
    }
}
