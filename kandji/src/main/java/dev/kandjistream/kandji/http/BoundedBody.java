package dev.kandjistream.kandji.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.zip.GZIPInputStream;

/**
 * Gathers a body up to a size; a larger one fails the request instead of the heap. The client's buffers are kept as they
 * come and read as a stream: joined into one array, each page would be a humongous object to the garbage collector.
 */
final class BoundedBody implements BodySubscriber<List<ByteBuffer>> {
    private final int limit;
    private final List<ByteBuffer> buffers = new ArrayList<>();
    private final CompletableFuture<List<ByteBuffer>> body = new CompletableFuture<>();
    private Subscription subscription;
    private long size;

    BoundedBody(int limit) {
        this.limit = limit;
    }

    @Override
    public CompletionStage<List<ByteBuffer>> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Subscription newSubscription) {
        subscription = newSubscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> more) {
        for (ByteBuffer buffer : more) {
            size += buffer.remaining();
            buffers.add(buffer);
        }
        if (size > limit) {
            subscription.cancel();
            buffers.clear();
            body.completeExceptionally(tooLarge(limit));
        }
    }

    @Override
    public void onError(Throwable error) {
        body.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
        body.complete(buffers);
    }

    /** The body as it was before the gateway compressed it; reading more than the limit fails. */
    static InputStream stream(HttpHeaders headers, List<ByteBuffer> body, int limit) throws IOException {
        InputStream sent = new Buffers(body);
        boolean gzip =
                headers.firstValue("content-encoding").orElse("").equalsIgnoreCase("gzip") && sent.available() > 0;
        return gzip ? new Bounded(new GZIPInputStream(sent, 1 << 14), limit) : sent;
    }

    private static BadBody tooLarge(int limit) {
        return BadBody.shape("body of more than " + limit + " bytes");
    }

    private static final class Buffers extends InputStream {
        private final List<ByteBuffer> buffers;
        private int at;

        Buffers(List<ByteBuffer> buffers) {
            // Positions of its own: the body may be read again.
            this.buffers = buffers.stream().map(ByteBuffer::duplicate).toList();
        }

        @Override
        public int read() {
            return available() == 0 ? -1 : buffers.get(at).get() & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            int left = available();
            if (length == 0 || left == 0) {
                return length == 0 ? 0 : -1;
            }
            int count = Math.min(length, left);
            buffers.get(at).get(into, offset, count);
            return count;
        }

        /** What is left of the buffer at hand; 0 at the end. */
        @Override
        public int available() {
            while (at < buffers.size() && !buffers.get(at).hasRemaining()) {
                at++;
            }
            return at < buffers.size() ? buffers.get(at).remaining() : 0;
        }
    }

    /** A small body may decompress to any size. */
    private static final class Bounded extends InputStream {
        private final InputStream in;
        private final int limit;
        private long read;

        Bounded(InputStream in, int limit) {
            this.in = in;
            this.limit = limit;
        }

        @Override
        public int read() throws IOException {
            int next = in.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = in.read(into, offset, length);
            count(Math.max(0, count));
            return count;
        }

        private void count(int more) throws BadBody {
            read += more;
            if (read > limit) {
                throw tooLarge(limit);
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
