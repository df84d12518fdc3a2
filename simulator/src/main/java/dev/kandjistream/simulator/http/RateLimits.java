package dev.kandjistream.simulator.http;

/**
 * What a tenant may ask: 10,000 requests an hour (clock hours) and 50 a second by the vendor's word.
 *
 * @param enforced whether to answer 429 beyond it; the headers tell of the limits either way
 */
public record RateLimits(int perHour, int perSecond, boolean enforced) {
    public RateLimits {
        if (perHour < 1 || perSecond < 1) {
            throw new IllegalArgumentException(
                    "Rate limits must be at least 1, were perHour=" + perHour + " perSecond=" + perSecond);
        }
    }

    public static RateLimits documented() {
        return new RateLimits(10_000, 50, true);
    }

    /** The documented numbers in the headers, but nobody is turned away. */
    public static RateLimits told() {
        return new RateLimits(10_000, 50, false);
    }
}
