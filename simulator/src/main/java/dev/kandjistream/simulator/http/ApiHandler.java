package dev.kandjistream.simulator.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.kandjistream.simulator.fleet.Fleet;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** <pre>request -> routed? -> budget -> token -> permission -> faults -> endpoint -> gateway headers -> answer</pre> */
final class ApiHandler implements HttpHandler {
    private static final String ROOT = "/api/v1";
    private static final int HUNG_UP = 0;

    private final Fleet fleet;
    private final Access access;
    private final Budget budget;
    private final Faults faults;
    private final RequestLog requests;
    private final Refusals refusals;
    private final Devices devices;
    private final PrismApps prismApps;

    ApiHandler(Fleet fleet, TenantForm form, Access access, Budget budget, Faults faults, RequestLog requests) {
        this.fleet = fleet;
        this.access = access;
        this.budget = budget;
        this.faults = faults;
        this.requests = requests;
        this.refusals = new Refusals(form);
        this.devices = new Devices(fleet, form);
        this.prismApps = new PrismApps(fleet, form);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Wire.drain(exchange);
        String path = exchange.getRequestURI().getPath().replaceAll("/+$", "");
        Endpoint endpoint = path.startsWith(ROOT + "/") ? Endpoint.of(path.substring(ROOT.length())) : Endpoint.UNKNOWN;
        String uri = exchange.getRequestURI().toString();
        Answer refusal = refuse(exchange, endpoint);
        if (refusal != null) {
            requests.add(new RequestLog.Request(endpoint, uri, refusal.status()));
            Wire.write(exchange, refusal);
            return;
        }
        List<Effect> effects = faults.take(endpoint);
        var shape = new PageShape(effects);
        happen(effects);
        if (shape.has(Effect.HangUp.class)) {
            requests.add(new RequestLog.Request(endpoint, uri, HUNG_UP));
            exchange.close();
            return;
        }
        Answer answer = budget.tell(answer(exchange, endpoint, path.substring(ROOT.length()), shape));
        requests.add(new RequestLog.Request(endpoint, uri, answer.status()));
        if (shape.has(Effect.CutBody.class)) {
            Wire.writeHalf(exchange, answer);
        } else {
            Wire.write(exchange, answer);
        }
    }

    /** Null if the request may be answered. */
    private Answer refuse(HttpExchange exchange, Endpoint endpoint) {
        if (endpoint == Endpoint.UNKNOWN) {
            return refusals.unrouted(requests.count());
        }
        Instant again = budget.take();
        if (again != null) {
            return budget.tell(refusals.of(429)).with("Retry-After", budget.retryAfter(again));
        }
        if (!access.knows(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return refusals.of(401);
        }
        if (!access.permits(endpoint)) {
            return refusals.of(403);
        }
        return exchange.getRequestMethod().equals("GET")
                ? null
                : refusals.methodNotAllowed(exchange.getRequestMethod());
    }

    private static void happen(List<Effect> effects) throws IOException {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Before before) {
                before.happening().run();
            } else if (effect instanceof Effect.Delay delay) {
                Wire.sleep(delay.by());
            }
        }
    }

    private Answer answer(HttpExchange exchange, Endpoint endpoint, String path, PageShape shape) {
        Answer faulty = shape.of(Effect.Status.class, this::failure, null);
        if (faulty != null) {
            return faulty;
        }
        if (shape.has(Effect.HtmlInstead.class)) {
            return Answer.html(200, "Just a moment…");
        }
        try {
            return answer(endpoint, path, Query.parse(exchange.getRequestURI().getRawQuery()), shape, self(exchange));
        } catch (BadRequest e) {
            String quoted = e.getMessage().replace("\\", "\\\\").replace("\"", "\\\"");
            return Answer.json(400, "{\"detail\":\"" + quoted + "\"}");
        }
    }

    private Answer failure(Effect.Status told) {
        Answer answer = refusals.of(told.status());
        return told.retryAfter() == null
                ? answer
                : answer.with("Retry-After", budget.retryAfter(Instant.now().plus(told.retryAfter())));
    }

    private Answer answer(Endpoint endpoint, String path, Query query, PageShape shape, String self) {
        String id = path.replaceFirst("^/devices/", "").replaceFirst("/apps$", "");
        return switch (endpoint) {
            case DEVICES -> devices.list(query, shape, self);
            case DEVICE -> devices.one(id, shape).orElseGet(() -> refusals.of(404));
            case DEVICE_APPS -> devices.apps(id).orElseGet(() -> refusals.of(404));
            case PRISM_APPS -> prismApps.answer(query, shape);
            case PRISM_COUNT -> count(query, shape);
            case LICENSING -> devices.licensing(shape);
            case USERS, AUDIT, PRISM_EXPORT, UNKNOWN -> refusals.of(403);
        };
    }

    private Answer count(Query query, PageShape shape) {
        String category = query.text("category").replace(' ', '_');
        if (!category.equals("apps")) {
            throw new BadRequest("Invalid category: " + category);
        }
        int rows = shape.has(Effect.EmptyFleet.class)
                ? 0
                : fleet.reading(() -> fleet.rows().size());
        return Answer.json(200, "{\"count\":" + shape.total(rows) + ",\"approximate\":false}");
    }

    private static String self(HttpExchange exchange) {
        return "http://" + exchange.getRequestHeaders().getFirst("Host")
                + exchange.getRequestURI().getPath();
    }
}
