package dev.kandjistream.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** How long answers took, from the moment they should have been asked for. */
final class Latencies {
    private final long[] sorted;

    /** @param nanos one for each answer */
    Latencies(long[] nanos) {
        sorted = nanos.clone();
        Arrays.sort(sorted);
    }

    int count() {
        return sorted.length;
    }

    /** @param share such as 0.99. @return the least of the times within which so many were answered, in milliseconds */
    double millisOf(double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(0, rank - 1)] / 1e6;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, longest %.2f ms",
                millisOf(0.5),
                millisOf(0.9),
                millisOf(0.99),
                millisOf(0.999),
                millisOf(1));
    }
}
