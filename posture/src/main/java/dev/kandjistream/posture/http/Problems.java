package dev.kandjistream.posture.http;

import dev.kandjistream.posture.http.Problem.Kind;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.http.NotFoundResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whatever ends a request before its answer, as a problem. */
final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final int DEEPEST_CAUSE = 5;

    private Problems() {}

    static void register(JavalinConfig config) {
        config.router.javaLangErrorHandler(Problems::answerError);
        RoutesConfig routes = config.routes;
        routes.exception(Refusal.class, (refusal, ctx) -> answer(ctx, refusal.problem(), requestId()));
        routes.exception(NotFoundResponse.class, (fault, ctx) -> answer(ctx, unknownPath(), requestId()));
        routes.exception(
                MethodNotAllowedResponse.class,
                (fault, ctx) -> answer(ctx, notAllowed(fault.getDetails()), requestId()));
        routes.exception(Exception.class, Problems::answerUnexpected);
    }

    private static void answer(Context ctx, Problem problem, String requestId) {
        problem.headers().forEach(ctx::header);
        ctx.status(problem.kind().status()).contentType(Problem.CONTENT_TYPE).result(problem.json(requestId));
    }

    private static void answerUnexpected(Exception failure, Context ctx) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Refusal refusal) {
            answer(ctx, refusal.problem(), requestId());
            return;
        }
        answer(ctx, internal(), logged(cause));
    }

    /** Javalin keeps what is worse than an exception from its other handlers. */
    private static void answerError(HttpServletResponse response, Error failure) {
        byte[] json = internal().json(logged(failure));
        response.setStatus(Kind.INTERNAL.status());
        response.setContentType(Problem.CONTENT_TYPE);
        try {
            response.getOutputStream().write(json);
        } catch (IOException gone) {
            // Whoever asked is not there any more.
        }
    }

    /** @return what the log calls the request */
    private static String logged(Throwable failure) {
        String requestId = requestId();
        LOG.atError()
                .addKeyValue("request", requestId)
                .setCause(withoutMessages(failure, DEEPEST_CAUSE))
                .log("A request could not be answered");
        return requestId;
    }

    static Problem internal() {
        return Problem.of(
                Kind.INTERNAL, "expected an answer, found a fault in this service; its log tells by instance");
    }

    private static Problem unknownPath() {
        return Problem.of(Kind.UNKNOWN_PATH, "expected a path that GET /v1/openapi.yaml lists, found another one");
    }

    private static Problem notAllowed(Map<String, String> details) {
        // Javalin names the key after what the browser of a developer would like to read.
        String allowed = details.getOrDefault("availableMethods", details.getOrDefault("Available methods", ""));
        return Problem.of(Kind.METHOD_NOT_ALLOWED, "expected " + allowed + ", found another method", "Allow", allowed);
    }

    /** For whoever reads the log beside the answer. */
    static String requestId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        // A random UUID that costs no entropy: it is no secret.
        return new UUID(random.nextLong() & ~0xf000L | 0x4000L, random.nextLong() >>> 2 | Long.MIN_VALUE).toString();
    }

    /** What failed and where. Messages of exceptions may quote what was asked, and that is not for logs. */
    static Throwable withoutMessages(Throwable failure, int depth) {
        Throwable cause =
                failure.getCause() == null || depth == 0 ? null : withoutMessages(failure.getCause(), depth - 1);
        var copy = new Exception(failure.getClass().getName(), cause);
        copy.setStackTrace(failure.getStackTrace());
        return copy;
    }
}
