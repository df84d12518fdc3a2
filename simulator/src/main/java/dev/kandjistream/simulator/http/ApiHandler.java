package dev.kandjistream.simulator.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;

/** <pre>request -> routed? -> budget -> token -> permission -> faults -> endpoint -> gateway headers -> answer</pre> */
final class ApiHandler implements HttpHandler {
    static final String ROOT = "/api/v1";

    private final Endpoints endpoints;
    private final Access access;
    private final Budget budget;
    private final Faults faults;
    private final RequestLog requests;
    private final Refusals refusals;

    ApiHandler(Endpoints endpoints, TenantForm form, Access access, Budget budget, Faults faults, RequestLog requests) {
        this.endpoints = endpoints;
        this.access = access;
        this.budget = budget;
        this.faults = faults;
        this.requests = requests;
        this.refusals = new Refusals(form);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        byte[] body = Wire.drain(exchange);
        String path = exchange.getRequestURI().getPath().replaceAll("/+$", "");
        Endpoint endpoint = path.startsWith(ROOT + "/") ? Endpoint.of(path.substring(ROOT.length())) : Endpoint.UNKNOWN;
        String uri = exchange.getRequestURI().toString();
        Answer refusal = refuse(exchange, endpoint);
        if (refusal != null) {
            requests.add(new RequestLog.Request(endpoint, uri, refusal.status()));
            Wire.write(exchange, refusal);
            return;
        }
        var shape = new PageShape(faults.take(endpoint));
        Wire.happen(shape);
        if (shape.has(Effect.HangUp.class)) {
            requests.add(new RequestLog.Request(endpoint, uri, Wire.HUNG_UP));
            exchange.close();
            return;
        }
        Answer answer = budget.tell(answer(exchange, endpoint, path.substring(ROOT.length()), body, shape));
        requests.add(new RequestLog.Request(endpoint, uri, answer.status()));
        Wire.write(exchange, answer, shape);
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
        if (!exchange.getRequestMethod().equals(endpoint.method())) {
            return refusals.methodNotAllowed(exchange.getRequestMethod());
        }
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        boolean json = type != null && type.toLowerCase(Locale.ROOT).startsWith("application/json");
        return endpoint.method().equals("POST") && !json ? refusals.notJson(type) : null;
    }

    private Answer answer(HttpExchange exchange, Endpoint endpoint, String path, byte[] body, PageShape shape) {
        Answer faulty = shape.of(Effect.Status.class, this::failure, null);
        if (faulty != null) {
            return faulty;
        }
        if (shape.has(Effect.HtmlInstead.class)) {
            return Answer.html(200, "Just a moment…");
        }
        try {
            Query query = Query.parse(exchange.getRequestURI().getRawQuery());
            String host = exchange.getRequestHeaders().getFirst("Host");
            return endpoints.answer(new Endpoints.Request(endpoint, path, query, body, host), shape);
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
}
