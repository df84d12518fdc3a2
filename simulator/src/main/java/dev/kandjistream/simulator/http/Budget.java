package dev.kandjistream.simulator.http;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The tenant's requests by clock hour and clock second, as Kong counts them by default. Refused requests do not count.
 * It follows the wall clock, unlike the fleet: its limits concern who really asks.
 */
public final class Budget {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final InstantSource wallClock;
    private final TenantForm form;
    private RateLimits limits;
    private long hour;
    private long second;
    private int spentThisHour;
    private int spentThisSecond;

    Budget(RateLimits limits, TenantForm form, InstantSource wallClock) {
        this.limits = limits;
        this.form = form;
        this.wallClock = wallClock;
    }

    /** Other limits from now on. */
    public synchronized void limit(RateLimits newLimits) {
        limits = newLimits;
    }

    /** Somebody else spends from the same hour. */
    public synchronized void spend(int requests) {
        roll(wallClock.instant());
        spentThisHour += requests;
    }

    /** Requests of this clock hour. */
    public synchronized int spentThisHour() {
        roll(wallClock.instant());
        return spentThisHour;
    }

    /** Null if the request may go on, else when to come again. */
    synchronized Instant take() {
        Instant now = wallClock.instant();
        roll(now);
        if (limits.enforced() && spentThisHour >= limits.perHour()) {
            return Instant.ofEpochSecond((hour + 1) * 3600);
        }
        if (limits.enforced() && spentThisSecond >= limits.perSecond()) {
            return Instant.ofEpochSecond(second + 1);
        }
        spentThisHour++;
        spentThisSecond++;
        return null;
    }

    /** {@code Retry-After}: seconds from the newer gateway, a date from the older host. */
    synchronized String retryAfter(Instant again) {
        long seconds = Math.max(1, again.getEpochSecond() - wallClock.instant().getEpochSecond());
        return form.newer() ? String.valueOf(seconds) : HTTP_DATE.format(again.plusSeconds(1));
    }

    /** As the newer gateway tells; the plain trio is about the second, not the hour. The older host tells nothing. */
    synchronized Answer tell(Answer answer) {
        if (!form.newer()) {
            return answer;
        }
        String leftInSecond = String.valueOf(Math.max(0, limits.perSecond() - spentThisSecond));
        String leftInHour = String.valueOf(Math.max(0, limits.perHour() - spentThisHour));
        return answer.with("RateLimit-Limit", String.valueOf(limits.perSecond()))
                .with("RateLimit-Remaining", leftInSecond)
                .with("RateLimit-Reset", "1")
                .with("X-RateLimit-Limit-Hour", String.valueOf(limits.perHour()))
                .with("X-RateLimit-Remaining-Hour", leftInHour)
                .with("X-RateLimit-Limit-Second", String.valueOf(limits.perSecond()))
                .with("X-RateLimit-Remaining-Second", leftInSecond);
    }

    private void roll(Instant now) {
        if (now.getEpochSecond() != second) {
            second = now.getEpochSecond();
            spentThisSecond = 0;
        }
        if (second / 3600 != hour) {
            hour = second / 3600;
            spentThisHour = 0;
        }
    }
}
