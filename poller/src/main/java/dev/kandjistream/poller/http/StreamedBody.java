package dev.kandjistream.poller.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A body that is read while it comes: no more of it is taken from the connection than is being read, and neither a server
 * that falls silent nor one that trickles holds the reader for longer than it was given. The JDK's own stream knows no
 * bound of time, and on some versions no interruption. To be read by one thread.
 */
final class StreamedBody extends InputStream implements BodySubscriber<StreamedBody> {
    /** Lists of buffers under way; a list is up to 16 kB. */
    private static final int AHEAD = 8;

    private final Duration silence;
    private final Duration longest;
    private final long startedAt = System.nanoTime();
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final Queue<ByteBuffer> buffers = new ArrayDeque<>();
    private volatile Subscription subscription;
    private volatile boolean closed;
    private Piece last;

    /**
     * @param buffers empty at the end
     * @param failure null where it ended well or goes on
     */
    private record Piece(List<ByteBuffer> buffers, Throwable failure) {}

    /**
     * @param silence longest time without a byte
     * @param longest time for all of it
     */
    StreamedBody(Duration silence, Duration longest) {
        this.silence = silence;
        this.longest = longest;
    }

    @Override
    public CompletionStage<StreamedBody> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Subscription newSubscription) {
        subscription = newSubscription;
        if (closed) {
            newSubscription.cancel();
        } else {
            newSubscription.request(AHEAD);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> more) {
        pieces.add(new Piece(more, null));
    }

    @Override
    public void onError(Throwable failure) {
        pieces.add(new Piece(List.of(), failure));
    }

    @Override
    public void onComplete() {
        pieces.add(new Piece(List.of(), null));
    }

    @Override
    public int read() throws IOException {
        return fill() ? buffers.element().get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        ByteBuffer buffer = buffers.element();
        int count = Math.min(length, buffer.remaining());
        buffer.get(into, offset, count);
        return count;
    }

    /** @return false at the end; else there is a buffer with something left in it */
    private boolean fill() throws IOException {
        while (true) {
            while (!buffers.isEmpty()) {
                if (buffers.element().hasRemaining()) {
                    return true;
                }
                buffers.remove();
            }
            Piece next = last == null ? next() : last;
            if (next.failure() != null) {
                throw new IOException("the connection ended before the body did", next.failure());
            }
            if (next.buffers().isEmpty()) {
                last = next;
                return false;
            }
            buffers.addAll(next.buffers());
            subscription.request(1);
        }
    }

    private Piece next() throws IOException {
        long left = longest.toNanos() - (System.nanoTime() - startedAt);
        if (left <= 0) {
            throw new IOException("not at its end after " + longest);
        }
        try {
            Piece next = pieces.poll(Math.min(left, silence.toNanos()), TimeUnit.NANOSECONDS);
            if (next != null) {
                return next;
            }
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("given up");
        }
        throw new IOException(left <= silence.toNanos() ? "not at its end after " + longest : "silent for " + silence);
    }

    @Override
    public void close() {
        closed = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
