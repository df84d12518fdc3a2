package dev.kandjistream.posture.http;

import dev.kandjistream.posture.http.Problem.Kind;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Problems of requests that never come as far as {@link Api}: no HTTP, too long, during the stop. */
final class ErrorPages extends ErrorHandler {
    private final RequestMetrics metrics;

    ErrorPages(RequestMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    /** @param message not passed on: it may quote what was asked */
    @Override
    protected void generateResponse(
            Request request, Response response, int code, String message, Throwable cause, Callback callback) {
        Problem problem = problem(code);
        metrics.countRefusedByServer(problem.kind().status());
        response.setStatus(problem.kind().status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
        problem.headers().forEach(response.getHeaders()::put);
        response.write(true, ByteBuffer.wrap(problem.json(Problems.requestId())), callback);
    }

    private static Problem problem(int code) {
        return switch (code) {
            case 404 -> Problem.of(Kind.UNKNOWN_PATH, "expected a path that is known, found another one");
            case 408 -> Problem.of(Kind.TOO_SLOW, "expected the whole request, found a pause in it that was too long");
            case 413 -> Problem.of(Kind.TOO_LARGE, "expected a shorter body");
            case 414 -> Problem.of(Kind.ADDRESS_TOO_LONG, "expected a shorter address");
            case 431 -> Problem.of(Kind.HEADERS_TOO_LARGE, "expected shorter headers");
            case 503 -> Problem.of(Kind.NOT_READY, "the service is about to stop; ask again", "Retry-After", "2");
            default -> code >= 500 ? Problems.internal() : Problem.of(Kind.INVALID_REQUEST, "expected HTTP/1.1");
        };
    }
}
