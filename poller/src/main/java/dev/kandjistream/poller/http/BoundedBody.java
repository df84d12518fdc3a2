package dev.kandjistream.poller.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.zip.GZIPInputStream;

/** Gathers a body up to a size; a larger one fails the request instead of the heap. */
final class BoundedBody implements BodySubscriber<byte[]> {
    private final int limit;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Subscription subscription;

    BoundedBody(int limit) {
        this.limit = limit;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Subscription newSubscription) {
        subscription = newSubscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            if (bytes.size() + buffer.remaining() > limit) {
                subscription.cancel();
                body.completeExceptionally(tooLarge(limit));
                return;
            }
            byte[] chunk = new byte[buffer.remaining()];
            buffer.get(chunk);
            bytes.write(chunk, 0, chunk.length);
        }
    }

    @Override
    public void onError(Throwable error) {
        body.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
        body.complete(bytes.toByteArray());
    }

    /** The body as it was before the gateway compressed it, within the same limit. */
    static byte[] decompressed(HttpHeaders headers, byte[] body, int limit) throws IOException {
        if (!headers.firstValue("content-encoding").orElse("").equalsIgnoreCase("gzip")) {
            return body;
        }
        try (var plain = new GZIPInputStream(new ByteArrayInputStream(body), 1 << 14)) {
            byte[] read = plain.readNBytes(limit + 1);
            if (read.length > limit) {
                throw tooLarge(limit);
            }
            return read;
        }
    }

    private static BadBody tooLarge(int limit) {
        return BadBody.garbled("body of more than " + limit + " bytes", null);
    }
}
