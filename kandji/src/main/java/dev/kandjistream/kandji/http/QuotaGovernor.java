package dev.kandjistream.kandji.http;

import dev.kandjistream.kandji.domain.PlainTime;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What one account may spend of its tenant's request budget. The budget (10,000 an hour and 50 a second, documented) is
 * shared with all of the customer's tools, so this takes a share of the hour and leaves the rest alone:
 *
 * <ul>
 *   <li>A token bucket holds a fifth of the share and refills with the other four fifths an hour, so that no hour, however
 *       it is cut, sees more than the share. A second bucket bounds requests a second.
 *   <li>The last of the bucket is for the most {@linkplain Urgency urgent}: sweeps of apps leave a fifth of it, looks for changes a
 *       tenth, and the device list takes what there is. So app sweeps slow down first, then changes, and devices never.
 *   <li>{@code X-RateLimit-Limit-Hour} corrects the assumed budget. When {@code X-RateLimit-Remaining-Hour} falls to the
 *       reserve (a tenth of the budget; twice that for sweeps of apps, a tenth of it for the device list), others have spent it:
 *       requests stop until the clock's next hour, since the gateway's hours are the clock's. The plain {@code
 *       RateLimit-Remaining} is about one second and is not read.
 *   <li>{@code Retry-After} on a 429 stops all requests of the account.
 * </ul>
 *
 * Spans of time go by a steady clock, so a clock that is set changes nothing but which hour comes next. Safe for several
 * threads: the sweeps of one account share it.
 */
public final class QuotaGovernor {
    /** A longer stop ends the sweep instead of holding it. */
    public static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private static final double RESERVE = 0.1;

    /** A thousand times the documented hour; more is no budget, and no bucket can meter it. */
    private static final long MOST_BELIEVABLE = 10_000_000;

    private final double share;
    private final int perSecond;
    private final Waiting waiting;
    private final long began;
    private final Bucket ofTheHour;
    private final Bucket ofTheSecond;
    private final Map<Urgency, HourlyCount> spent = new EnumMap<>(Urgency.class);
    private final Map<Urgency, Instant> spentByOthersUntil = new EnumMap<>(Urgency.class);
    private long budget;
    private Instant metered;
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
        began = waiting.steadyNanos();
        metered = steady();
        ofTheHour = Bucket.builder()
                .addLimit(limit -> limit.capacity(burst()).refillGreedy(refill(), Duration.ofHours(1)))
                .withCustomTimePrecision(new Meter())
                .build();
        ofTheSecond = Bucket.builder()
                .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .withCustomTimePrecision(new Meter())
                .build();
        for (Urgency urgency : Urgency.values()) {
            spent.put(urgency, new HourlyCount());
        }
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

    /** Tokens of the hour that requests of this urgency leave to more urgent ones. */
    private long floor(Urgency urgency) {
        return switch (urgency) {
            case SWEEP_OF_APPS -> burst() / 5;
            case CHANGES -> burst() / 10;
            case DEVICES -> 0;
        };
    }

    /** Requests of the tenant's hour that are left to others. */
    private double reserve(Urgency urgency) {
        double ofAll = budget * Math.min(RESERVE, 1 - share);
        return switch (urgency) {
            case SWEEP_OF_APPS -> 2 * ofAll;
            case CHANGES -> ofAll;
            case DEVICES -> ofAll / 10;
        };
    }

    /**
     * Waits until one request may be made.
     *
     * @param longestWait for one turn, as it is foreseen; whoever then finds that others were faster waits for the next. Zero: not
     *     at all
     * @throws ApiException RATE_LIMITED at once, where it would take longer; nothing is spent then
     */
    void acquire(String endpoint, Urgency urgency, Duration longestWait) throws ApiException, InterruptedException {
        while (true) {
            Duration wait = take(urgency);
            if (wait.isZero()) {
                return;
            }
            if (wait.compareTo(longestWait) > 0) {
                throw new ApiException(
                        Connection.RATE_LIMITED,
                        endpoint,
                        0,
                        "the tenant's request budget is used up; requests stop for " + PlainTime.of(wait),
                        null);
            }
            waiting.pause(wait);
        }
    }

    /** @return zero when the request may be made now */
    private synchronized Duration take(Urgency urgency) {
        Instant now = steady();
        metered = now;
        Instant stopped = later(stoppedUntil, spentByOthersUntil.getOrDefault(urgency, Instant.MIN));
        if (now.isBefore(stopped)) {
            return Duration.between(now, stopped);
        }
        var hour = ofTheHour.estimateAbilityToConsume(floor(urgency) + 1);
        if (!hour.canBeConsumed()) {
            return Duration.ofNanos(hour.getNanosToWaitForRefill());
        }
        var second = ofTheSecond.tryConsumeAndReturnRemaining(1);
        if (!second.isConsumed()) {
            return Duration.ofNanos(second.getNanosToWaitForRefill());
        }
        // It can: whoever else takes from it holds this lock.
        ofTheHour.tryConsume(1);
        spent.get(urgency).add(now);
        return Duration.ZERO;
    }

    /**
     * Time since the governor began, as if it had begun in 1970: a wall clock that is set forward would refill the buckets,
     * and one that is set back would stop requests until it is where it was.
     */
    private Instant steady() {
        return Instant.EPOCH.plusNanos(waiting.steadyNanos() - began);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Reads what an answer says about the budget. */
    synchronized void heed(HttpHeaders headers) {
        Answer.number(headers, "X-RateLimit-Limit-Hour").ifPresent(this::budgetIs);
        Answer.number(headers, "X-RateLimit-Remaining-Hour").ifPresent(this::remains);
    }

    private void budgetIs(long told) {
        if (told > 0 && told <= MOST_BELIEVABLE && told != budget) {
            budget = told;
            ofTheHour.replaceConfiguration(
                    BucketConfiguration.builder()
                            .addLimit(limit -> limit.capacity(burst()).refillGreedy(refill(), Duration.ofHours(1)))
                            .build(),
                    TokensInheritanceStrategy.PROPORTIONALLY);
        }
    }

    private void remains(long told) {
        remaining = told;
        for (Urgency urgency : Urgency.values()) {
            if (told <= reserve(urgency)) {
                Instant wall = waiting.now();
                Instant nextHour = wall.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
                spentByOthersUntil.put(urgency, steady().plus(Duration.between(wall, nextHour)));
            }
        }
    }

    /** Stops all requests of the account for a while. */
    synchronized void stop(Duration time) {
        stoppedUntil = later(stoppedUntil, steady().plus(time));
    }

    /** The budget as it stands. */
    public synchronized Quota quota() {
        return new Quota(
                limit(),
                spent.values().stream()
                        .mapToLong(count -> count.inLastHour(steady()))
                        .sum(),
                remaining < 0 ? OptionalLong.empty() : OptionalLong.of(remaining));
    }

    /** Requests of this urgency in the last hour. */
    public synchronized long spent(Urgency urgency) {
        return spent.get(urgency).inLastHour(steady());
    }

    /** Both buckets go by the moment of the decision under way. */
    private final class Meter implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return metered.getEpochSecond() * 1_000_000_000L + metered.getNano();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
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
