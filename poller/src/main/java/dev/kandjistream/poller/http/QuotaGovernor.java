package dev.kandjistream.poller.http;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;

/**
 * What one account may spend of its tenant's request budget. The budget (10,000 an hour and 50 a second, documented) is
 * shared with all of the customer's tools, so this takes a share of the hour and leaves the rest alone:
 *
 * <ul>
 *   <li>A token bucket holds a fifth of the share and refills with the other four fifths an hour, so that no hour, however
 *       it is cut, sees more than the share. A second bucket bounds requests a second.
 *   <li>{@code X-RateLimit-Limit-Hour} corrects the assumed budget. When {@code X-RateLimit-Remaining-Hour} falls to the
 *       reserve (a tenth of the budget), others have spent it: requests stop until the clock's next hour, since the
 *       gateway's hours are the clock's. The plain {@code RateLimit-Remaining} is about one second and is not read.
 *   <li>{@code Retry-After} on a 429 stops all requests of the account.
 * </ul>
 *
 * Safe for several threads: the sweeps of one account share it.
 */
public final class QuotaGovernor {
    /** A longer stop ends the sweep instead of holding it. */
    static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private static final double RESERVE = 0.1;

    /** A thousand times the documented hour; more is no budget, and no bucket can meter it. */
    private static final long MOST_BELIEVABLE = 10_000_000;

    private final double share;
    private final int perSecond;
    private final Waiting waiting;
    private final Bucket bucket;
    private final HourlyCount spent = new HourlyCount();
    private long budget;
    private long remaining = -1;
    private Instant stoppedUntil = Instant.MIN;

    /**
     * @param hourlyBudget requests an hour that the tenant has, until the API says otherwise
     * @param share of it that this account may spend, above 0 to 1
     */
    public QuotaGovernor(long hourlyBudget, double share, int perSecond, Waiting waiting) {
        this.share = share;
        this.perSecond = perSecond;
        this.waiting = waiting;
        budget = hourlyBudget;
        bucket = Bucket.builder()
                .addLimit(limit -> limit.capacity(burst()).refillGreedy(refill(), Duration.ofHours(1)))
                .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .withCustomTimePrecision(new Meter(waiting))
                .build();
    }

    /**
     * @param limit requests an hour this account allows itself
     * @param spent requests in the last hour
     * @param remaining what the API last said is left of the tenant's hour; empty where it does not say
     */
    public record Quota(long limit, long spent, OptionalLong remaining) {}

    private long limit() {
        return Math.max(1, (long) (budget * share));
    }

    private long burst() {
        return Math.max(1, limit() / 5);
    }

    private long refill() {
        return Math.max(1, limit() - burst());
    }

    /** Waits until one request may be made. @throws ApiException RATE_LIMITED, where that is too long to wait */
    void acquire(String endpoint) throws ApiException, InterruptedException {
        while (true) {
            Duration wait = reserve();
            if (wait.isZero()) {
                return;
            }
            if (wait.compareTo(LONGEST_WAIT) > 0) {
                throw new ApiException(
                        Connection.RATE_LIMITED,
                        endpoint,
                        0,
                        "the tenant's request budget is used up; requests stop for "
                                + wait.truncatedTo(ChronoUnit.SECONDS),
                        null);
            }
            waiting.pause(wait);
        }
    }

    /** @return zero when the request may be made now */
    private synchronized Duration reserve() {
        Instant now = waiting.now();
        if (now.isBefore(stoppedUntil)) {
            return Duration.between(now, stoppedUntil);
        }
        var probe = bucket.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            return Duration.ofNanos(probe.getNanosToWaitForRefill());
        }
        spent.add(now);
        return Duration.ZERO;
    }

    /** Reads what an answer says about the budget. */
    synchronized void heed(HttpHeaders headers) {
        Answer.number(headers, "X-RateLimit-Limit-Hour").ifPresent(this::budgetIs);
        Answer.number(headers, "X-RateLimit-Remaining-Hour").ifPresent(this::remains);
    }

    private void budgetIs(long told) {
        if (told > 0 && told <= MOST_BELIEVABLE && told != budget) {
            budget = told;
            bucket.replaceConfiguration(
                    BucketConfiguration.builder()
                            .addLimit(limit -> limit.capacity(burst()).refillGreedy(refill(), Duration.ofHours(1)))
                            .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
                            .build(),
                    TokensInheritanceStrategy.PROPORTIONALLY);
        }
    }

    private void remains(long told) {
        remaining = told;
        if (told <= budget * Math.min(RESERVE, 1 - share)) {
            Instant now = waiting.now();
            stop(Duration.between(now, now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS)));
        }
    }

    /** Stops all requests of the account for a while. */
    synchronized void stop(Duration time) {
        Instant until = waiting.now().plus(time);
        stoppedUntil = until.isAfter(stoppedUntil) ? until : stoppedUntil;
    }

    /** The budget as it stands. */
    public synchronized Quota quota() {
        return new Quota(
                limit(),
                spent.inLastHour(waiting.now()),
                remaining < 0 ? OptionalLong.empty() : OptionalLong.of(remaining));
    }

    private record Meter(Waiting waiting) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            Instant now = waiting.now();
            return now.getEpochSecond() * 1_000_000_000L + now.getNano();
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }

    /** Requests of the last 60 minutes, by minute. */
    private static final class HourlyCount {
        private final long[] minute = new long[60];
        private final long[] count = new long[60];

        void add(Instant now) {
            long thisMinute = now.getEpochSecond() / 60;
            int slot = (int) (thisMinute % 60);
            if (minute[slot] != thisMinute) {
                minute[slot] = thisMinute;
                count[slot] = 0;
            }
            count[slot]++;
        }

        long inLastHour(Instant now) {
            long thisMinute = now.getEpochSecond() / 60;
            long sum = 0;
            for (int i = 0; i < 60; i++) {
                sum += minute[i] > thisMinute - 60 ? count[i] : 0;
            }
            return sum;
        }
    }
}
