package dev.kandjistream.posture.http;

import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** {@code posture_requests_seconds} by route and status; the route is the pattern, for a path names a device. */
final class RequestMetrics {
    private static final String NO_ROUTE = "none";

    private final MeterRegistry registry;
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    RequestMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void count(Context ctx, float milliseconds) {
        Endpoint endpoint = ctx.endpoints().lastHttpEndpoint();
        String route = endpoint == null || endpoint.path.isEmpty() ? NO_ROUTE : endpoint.path;
        timer(route, ctx.statusCode()).record((long) (milliseconds * 1e6), TimeUnit.NANOSECONDS);
    }

    /** Of a request that came to no route, and whose time nobody took. */
    void countRefusedByServer(int status) {
        timer(NO_ROUTE, status).record(Duration.ZERO);
    }

    private Timer timer(String route, int status) {
        return timers.computeIfAbsent(route + ' ' + status, key -> Timer.builder("posture.requests")
                .description("Requests to the posture API, from the first byte of the head to the answer")
                .tag("route", route)
                .tag("status", Integer.toString(status))
                .register(registry));
    }
}
