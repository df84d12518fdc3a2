package dev.kandjistream.poller;

import dev.kandjistream.poller.domain.EvidenceRules;
import java.time.Duration;
import java.util.Optional;

/**
 * How an account is polled.
 *
 * @param appsBy how full sweeps of the apps are read
 * @param evidence what a retraction needs
 */
public record PollSettings(
        Intervals intervals, Budget budget, Patience patience, AppsBy appsBy, EvidenceRules evidence) {

    /**
     * Start of one sweep to the start of the next.
     *
     * @param devices of the device list; positive
     * @param apps of all app rows; positive
     * @param delta between two looks for app rows of devices that reported lately; positive, empty for none
     * @param audit between two looks for audit events; positive, empty for none
     */
    public record Intervals(Duration devices, Duration apps, Optional<Duration> delta, Optional<Duration> audit) {
        public Intervals {
            require(positive(devices), "devices_interval must be positive, was " + devices);
            require(positive(apps), "apps_interval must be positive, was " + apps);
            delta.ifPresent(time -> require(positive(time), "delta_interval must be positive, was " + time));
            audit.ifPresent(time -> require(positive(time), "audit_interval must be positive, was " + time));
        }
    }

    /**
     * What may be spent.
     *
     * @param share of the tenant's hourly request budget, above 0 to 1
     * @param perSecond requests at most, 1 to 50 (the API's limit a second)
     * @param hourly requests an hour that the tenant has, until the API says otherwise; 10,000 is documented
     */
    public record Budget(double share, int perSecond, long hourly) {
        public Budget {
            require(share > 0 && share <= 1, "quota_share must be above 0 and at most 1, was " + share);
            require(
                    perSecond >= 1 && perSecond <= 50,
                    "requests_per_second must be between 1 and 50, was " + perSecond);
            require(hourly >= 1, "hourly_budget must be at least 1, was " + hourly);
        }
    }

    /**
     * With one request.
     *
     * @param timeout body included; positive
     * @param attempts tries before the sweep goes without it; at least 1
     */
    public record Patience(Duration timeout, int attempts) {
        public Patience {
            require(positive(timeout), "request_timeout must be positive, was " + timeout);
            require(attempts >= 1, "attempts must be at least 1, was " + attempts);
        }
    }

    private static boolean positive(Duration time) {
        return !time.isNegative() && !time.isZero();
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    public static PollSettings defaults() {
        var look = Optional.of(Duration.ofSeconds(30));
        return new PollSettings(
                new Intervals(Duration.ofMinutes(5), Duration.ofHours(6), look, look),
                new Budget(0.5, 20, 10_000),
                new Patience(Duration.ofSeconds(30), 5),
                AppsBy.AUTO,
                EvidenceRules.DEFAULT);
    }

    /** These settings with other intervals of whole sweeps. */
    public PollSettings withIntervals(Duration devices, Duration apps) {
        return with(new Intervals(devices, apps, intervals.delta, intervals.audit));
    }

    /** These settings with other looks for changes between sweeps; empty for none. */
    public PollSettings withLooks(Optional<Duration> delta, Optional<Duration> audit) {
        return with(new Intervals(intervals.devices, intervals.apps, delta, audit));
    }

    private PollSettings with(Intervals others) {
        return new PollSettings(others, budget, patience, appsBy, evidence);
    }

    /** These settings with another budget. */
    public PollSettings withQuota(double share, int perSecond, long hourly) {
        return new PollSettings(intervals, new Budget(share, perSecond, hourly), patience, appsBy, evidence);
    }

    /** These settings with other evidence rules. */
    public PollSettings withEvidence(EvidenceRules rules) {
        return new PollSettings(intervals, budget, patience, appsBy, rules);
    }

    /** These settings with another patience for one request. */
    public PollSettings withAttempts(int tries, Duration timeout) {
        return new PollSettings(intervals, budget, new Patience(timeout, tries), appsBy, evidence);
    }

    /** These settings with another way to read the apps. */
    public PollSettings withAppsBy(AppsBy way) {
        return new PollSettings(intervals, budget, patience, way, evidence);
    }

    /** Empty where sweeps of the kind are made on demand only. */
    Optional<Duration> interval(Kind kind) {
        return switch (kind) {
            case DEVICES -> Optional.of(intervals.devices);
            case APPS -> Optional.of(intervals.apps);
            case DELTA -> intervals.delta;
            case TARGETED -> intervals.audit;
        };
    }
}
