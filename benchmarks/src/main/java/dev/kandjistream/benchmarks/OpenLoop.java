package dev.kandjistream.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks at a steady rate, whether answers come or not, over a few connections that stay open. Each answer's time counts from when
 * its question was due, not from when it could be sent: a server that stands still for a moment is charged for all who would
 * have asked meanwhile. One thread without locks, for it shares the machine with what it measures.
 */
final class OpenLoop implements AutoCloseable {
    /** The longest it looks away; within the error that a figure in tenths of milliseconds has. */
    private static final long NAP_NANOS = 100_000;
    /** How long it waits for answers that are owed when all questions are sent. */
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final Selector selector = Selector.open();
    private final Deque<Wire> idle = new ArrayDeque<>();
    private final List<byte[]> requests;
    private int asked;

    /** @param requests sent one after the other, over and over */
    OpenLoop(InetSocketAddress address, List<byte[]> requests, int connections) throws IOException {
        this.requests = requests;
        for (int i = 0; i < connections; i++) {
            idle.add(new Wire(address, selector));
        }
    }

    /** @throws IllegalStateException where an answer is another one than 200, or none comes */
    Latencies run(int perSecond, Duration duration) throws IOException {
        int total = Math.toIntExact(duration.toSeconds() * perSecond);
        long[] nanos = new long[total];
        long start = System.nanoTime();
        long end = start + duration.plus(GRACE).toNanos();
        int sent = 0;
        int answered = 0;
        while (answered < total) {
            long now = System.nanoTime();
            while (sent < total && !idle.isEmpty() && due(start, sent, perSecond) <= now) {
                idle.poll().ask(requests.get(asked++ % requests.size()), due(start, sent++, perSecond));
            }
            answered = collect(nanos, answered);
            if (now > end) {
                throw new IllegalStateException(
                        "expected " + total + " answers, found " + answered + " " + GRACE + " after the last question");
            }
            long wait = sent < total ? due(start, sent, perSecond) - System.nanoTime() : NAP_NANOS;
            if (wait > 0) {
                LockSupport.parkNanos(Math.min(wait, NAP_NANOS));
            }
        }
        return new Latencies(nanos);
    }

    private static long due(long start, long question, int perSecond) {
        return start + question * 1_000_000_000L / perSecond;
    }

    private int collect(long[] nanos, int before) throws IOException {
        int answered = before;
        if (selector.selectNow() > 0) {
            for (var key : selector.selectedKeys()) {
                var wire = (Wire) key.attachment();
                if (wire.isAnswered()) {
                    nanos[answered++] = System.nanoTime() - wire.due();
                    idle.add(wire);
                }
            }
            selector.selectedKeys().clear();
        }
        return answered;
    }

    @Override
    public void close() throws IOException {
        for (var key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
