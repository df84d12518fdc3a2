package dev.kandjistream.poller;

import dev.kandjistream.poller.domain.EvidenceRules;
import java.time.Duration;
import java.util.Optional;

/**
 * How an account is polled.
 *
 * @param devicesInterval start of one sweep of the device list to the start of the next; positive
 * @param appsInterval start of one sweep of the apps to the start of the next; positive
 * @param deltaInterval between two looks for app rows of devices that reported lately; positive, empty for none
 * @param auditInterval between two looks for audit events; positive, empty for none
 * @param quotaShare of the tenant's hourly request budget that the sweeps may spend, above 0 to 1
 * @param requestsPerSecond at most, 1 to 50 (the API's limit a second)
 * @param hourlyBudget requests an hour that the tenant has, until the API says otherwise; 10,000 is documented
 * @param requestTimeout of one request, body included; positive
 * @param attempts tries of one request before the sweep goes without it; at least 1
 * @param appsBy how full sweeps of the apps are read
 * @param evidence what a retraction needs
 */
public record PollSettings(
        Duration devicesInterval,
        Duration appsInterval,
        Optional<Duration> deltaInterval,
        Optional<Duration> auditInterval,
        double quotaShare,
        int requestsPerSecond,
        long hourlyBudget,
        Duration requestTimeout,
        int attempts,
        AppsBy appsBy,
        EvidenceRules evidence) {

    public PollSettings {
        require(positive(devicesInterval), "devices_interval must be positive, was " + devicesInterval);
        require(positive(appsInterval), "apps_interval must be positive, was " + appsInterval);
        deltaInterval.ifPresent(time -> require(positive(time), "delta_interval must be positive, was " + time));
        auditInterval.ifPresent(time -> require(positive(time), "audit_interval must be positive, was " + time));
        require(quotaShare > 0 && quotaShare <= 1, "quota_share must be above 0 and at most 1, was " + quotaShare);
        require(
                requestsPerSecond >= 1 && requestsPerSecond <= 50,
                "requests_per_second must be between 1 and 50, was " + requestsPerSecond);
        require(hourlyBudget >= 1, "hourly_budget must be at least 1, was " + hourlyBudget);
        require(positive(requestTimeout), "request_timeout must be positive, was " + requestTimeout);
        require(attempts >= 1, "attempts must be at least 1, was " + attempts);
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
        return new PollSettings(
                Duration.ofMinutes(5),
                Duration.ofHours(6),
                Optional.of(Duration.ofSeconds(30)),
                Optional.of(Duration.ofSeconds(30)),
                0.5,
                20,
                10_000,
                Duration.ofSeconds(30),
                5,
                AppsBy.AUTO,
                EvidenceRules.DEFAULT);
    }

    /** These settings with other intervals. */
    public PollSettings withIntervals(Duration devices, Duration apps) {
        return new PollSettings(
                devices,
                apps,
                deltaInterval,
                auditInterval,
                quotaShare,
                requestsPerSecond,
                hourlyBudget,
                requestTimeout,
                attempts,
                appsBy,
                evidence);
    }

    /** These settings with other looks for changes between sweeps; empty for none. */
    public PollSettings withLooks(Optional<Duration> delta, Optional<Duration> audit) {
        return new PollSettings(
                devicesInterval,
                appsInterval,
                delta,
                audit,
                quotaShare,
                requestsPerSecond,
                hourlyBudget,
                requestTimeout,
                attempts,
                appsBy,
                evidence);
    }

    /** These settings with another budget. */
    public PollSettings withQuota(double share, int perSecond, long hourly) {
        return new PollSettings(
                devicesInterval,
                appsInterval,
                deltaInterval,
                auditInterval,
                share,
                perSecond,
                hourly,
                requestTimeout,
                attempts,
                appsBy,
                evidence);
    }

    /** These settings with other evidence rules. */
    public PollSettings withEvidence(EvidenceRules rules) {
        return new PollSettings(
                devicesInterval,
                appsInterval,
                deltaInterval,
                auditInterval,
                quotaShare,
                requestsPerSecond,
                hourlyBudget,
                requestTimeout,
                attempts,
                appsBy,
                rules);
    }

    /** These settings with another patience for one request. */
    public PollSettings withAttempts(int tries, Duration timeout) {
        return new PollSettings(
                devicesInterval,
                appsInterval,
                deltaInterval,
                auditInterval,
                quotaShare,
                requestsPerSecond,
                hourlyBudget,
                timeout,
                tries,
                appsBy,
                evidence);
    }

    /** These settings with another way to read the apps. */
    public PollSettings withAppsBy(AppsBy way) {
        return new PollSettings(
                devicesInterval,
                appsInterval,
                deltaInterval,
                auditInterval,
                quotaShare,
                requestsPerSecond,
                hourlyBudget,
                requestTimeout,
                attempts,
                way,
                evidence);
    }

    boolean hasBudgetOf(PollSettings other) {
        return quotaShare == other.quotaShare
                && requestsPerSecond == other.requestsPerSecond
                && hourlyBudget == other.hourlyBudget;
    }

    /** Empty where sweeps of the kind are made on demand only. */
    Optional<Duration> interval(Kind kind) {
        return switch (kind) {
            case DEVICES -> Optional.of(devicesInterval);
            case APPS -> Optional.of(appsInterval);
            case DELTA -> deltaInterval;
            case TARGETED -> auditInterval;
        };
    }
}
