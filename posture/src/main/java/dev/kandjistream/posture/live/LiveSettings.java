package dev.kandjistream.posture.live;

/**
 * What live lookups may cost.
 *
 * @param quotaShare share of a tenant's hourly requests, above 0 to 1; beside what sweeps may spend. Every replica may spend as
 *     much: they do not know of each other
 * @param perSecond requests a second to one account, 1 to 50
 * @param atOnce requests under way at the same time, at least 1; shared out evenly among the accounts, so that one whose API
 *     hangs keeps nobody else waiting, and no account gets less than {@link LiveLookups#LEAST_AT_ONCE}
 */
public record LiveSettings(double quotaShare, int perSecond, int atOnce) {
    public static final LiveSettings USUAL = new LiveSettings(0.05, 5, 32);

    public LiveSettings {
        // So written that what is no number fails too.
        if (!(quotaShare > 0 && quotaShare <= 1)) {
            throw new IllegalArgumentException("expected a share above 0 to 1, found " + quotaShare);
        }
        if (perSecond < 1 || perSecond > 50) {
            throw new IllegalArgumentException("expected 1 to 50 requests a second, found " + perSecond);
        }
        if (atOnce < 1) {
            throw new IllegalArgumentException("expected at least 1 request at once, found " + atOnce);
        }
    }
}
