package dev.kandjistream.poller.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;

/**
 * Fetches an export's file from wherever its signed URL leads: without the account's token, without following redirects,
 * and within bounds of size and time. It is read as it comes and never held. The URL is a secret for as long as it is
 * valid: it stands in no log and in no exception.
 */
final class ExportDownload {
    private final HttpClient http;
    private final URI uri;
    private final Bounds bounds;

    /**
     * @param bytes of the file, as sent and as unpacked
     * @param silence longest time without a byte
     * @param longest time for all of it
     */
    record Bounds(long bytes, Duration silence, Duration longest) {}

    /** Reads the file. */
    interface Reading<T> {
        T read(CappedStream file) throws IOException, InterruptedException;
    }

    /** @param http one that follows no redirects */
    ExportDownload(HttpClient http, URI uri, Bounds bounds) {
        this.http = http;
        this.uri = uri;
        this.bounds = bounds;
    }

    /**
     * Fetches it once.
     *
     * @throws ExportFailure lasting, where trying again would not help
     * @throws IOException where the network failed
     */
    <T> T read(Reading<T> reading) throws IOException, InterruptedException {
        HttpResponse<StreamedBody> response = begin();
        try (StreamedBody body = response.body()) {
            requireFile(response);
            return reading.read(unpacked(response.headers(), body));
        } catch (IOException failure) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw failure;
        }
    }

    private HttpResponse<StreamedBody> begin() throws IOException, InterruptedException {
        HttpRequest request;
        try {
            request = HttpRequest.newBuilder(uri)
                    .header("User-Agent", "kandji-stream")
                    .GET()
                    .build();
        } catch (IllegalArgumentException unfit) {
            // Its message would quote the URL.
            throw ExportFailure.lasting("expected a URL of the export's file, found something else");
        }
        CompletableFuture<HttpResponse<StreamedBody>> answer =
                http.sendAsync(request, info -> new StreamedBody(bounds.silence(), bounds.longest()));
        boolean taken = false;
        try {
            HttpResponse<StreamedBody> response = answer.get(bounds.silence().toMillis(), TimeUnit.MILLISECONDS);
            taken = true;
            return response;
        } catch (TimeoutException slow) {
            throw new IOException("no answer within " + bounds.silence());
        } catch (ExecutionException failure) {
            // What the client says of a failed connection may name the URL; what kind it was is enough.
            throw new IOException(failure.getCause().getClass().getSimpleName());
        } finally {
            if (!taken) {
                // It may come at this very moment; nobody would read it, and its connection would stay open.
                answer.thenAccept(late -> late.body().close());
                answer.cancel(true);
            }
        }
    }

    private void requireFile(HttpResponse<StreamedBody> response) throws IOException {
        int status = response.statusCode();
        if (status >= 500 || status == 429) {
            throw new IOException("status " + status);
        }
        if (status != 200) {
            throw ExportFailure.lasting("expected status 200, found " + status);
        }
        long announced = response.headers().firstValueAsLong("Content-Length").orElse(0);
        if (announced > bounds.bytes()) {
            throw ExportFailure.lasting(
                    "expected a file of at most " + bounds.bytes() + " bytes, found one of " + announced);
        }
    }

    private CappedStream unpacked(HttpHeaders headers, InputStream body) throws IOException {
        String encoding =
                headers.firstValue("Content-Encoding").orElse("").strip().toLowerCase(Locale.ROOT);
        var sent = new CappedStream(body, bounds.bytes());
        return switch (encoding) {
            case "", "identity" -> sent;
            case "gzip" -> new CappedStream(new GZIPInputStream(sent, 1 << 16), bounds.bytes());
            default -> throw ExportFailure.lasting("expected a file as it is or in gzip, found another encoding");
        };
    }
}
