package dev.kandjistream.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** How long answers took, from the moment they should have been asked for. */
final class Latencies {
    private final long[] inOrder;
    private final long[] sorted;

    /** @param nanos one for each answer, in their order */
    Latencies(long[] nanos) {
        inOrder = nanos.clone();
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

    /**
     * The 99th percentile of each second by itself, from the best second to the worst: tells a server that is slow from one
     * that something else kept from its processor for a while.
     *
     * @param perSecond answers of a second
     */
    List<Double> bySecond(int perSecond) {
        return IntStream.range(0, inOrder.length / perSecond)
                .mapToObj(i -> new Latencies(Arrays.copyOfRange(inOrder, i * perSecond, (i + 1) * perSecond)))
                .map(second -> second.millisOf(0.99))
                .sorted()
                .toList();
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
