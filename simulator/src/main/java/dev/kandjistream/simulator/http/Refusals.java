package dev.kandjistream.simulator.http;

/** Error answers as recorded: each service behind the API words them differently. */
final class Refusals {
    private final TenantForm form;

    Refusals(TenantForm form) {
        this.form = form;
    }

    Answer of(int status) {
        return switch (status) {
            case 400 -> Answer.json(400, "{\"error\":\"Bad request\"}");
            case 401 ->
                Answer.json(401, form.newer() ? "{\"error\":\"Unauthorized\"}" : "{\"detail\":\"Invalid token.\"}");
            case 403 -> Answer.json(403, "{\"detail\":\"You do not have permission to perform this action.\"}");
            case 404 -> form.newer() ? Answer.json(404, "{\"detail\":\"Not found.\"}") : Answer.html(404, "Not Found");
            case 429 ->
                Answer.json(
                        429,
                        form.newer()
                                ? "{\"message\":\"API rate limit exceeded\"}"
                                : "{\"detail\":\"Request was throttled.\"}");
            case 500 -> Answer.html(500, "Server Error (500)");
            case 502, 503, 504 ->
                form.newer()
                        ? Answer.json(
                                status, "{\"message\":\"An invalid response was received from the upstream server\"}")
                        : Answer.html(status, "Bad Gateway");
            default -> Answer.json(status, "{\"detail\":\"Error " + status + "\"}");
        };
    }

    /** The gateway knows no such path: a wrong base URL, a doubled {@code /api/v1}. */
    Answer unrouted(long request) {
        return form.newer()
                ? Answer.json(
                        404,
                        "{\"message\":\"no Route matched with those values\",\"request_id\":\""
                                + String.format("%032x", request) + "\"}")
                : Answer.html(404, "Not Found");
    }

    Answer notJson(String contentType) {
        String told = contentType == null ? "" : contentType.replaceAll("[^A-Za-z0-9/.+-]", "");
        return Answer.json(415, "{\"detail\":\"Unsupported media type \\\"" + told + "\\\" in request.\"}");
    }

    Answer methodNotAllowed(String method) {
        return Answer.json(405, "{\"detail\":\"Method \\\"" + method.replaceAll("[^A-Z]", "") + "\\\" not allowed.\"}");
    }
}
