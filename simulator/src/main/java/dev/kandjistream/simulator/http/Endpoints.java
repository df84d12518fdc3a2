package dev.kandjistream.simulator.http;

import dev.kandjistream.simulator.fleet.Fleet;

/** Leads a request that may be answered to whoever answers it. */
final class Endpoints {
    /**
     * A request that passed the gateway.
     *
     * @param path what follows {@code /api/v1}, trailing slashes cut
     * @param host of its {@code Host} header, with the port
     */
    record Request(Endpoint endpoint, String path, Query query, byte[] body, String host) {
        /** The path's part that names one item. */
        String id() {
            return path.replaceFirst("^/(devices|prism/export)/", "").replaceFirst("/apps$", "");
        }

        /** As the client wrote it, without the query. */
        String self() {
            return "http://" + host + ApiHandler.ROOT + path;
        }

        String hostName() {
            return host.replaceFirst(":\\d+$", "");
        }
    }

    private final Fleet fleet;
    private final Refusals refusals;
    private final Devices devices;
    private final PrismApps prismApps;
    private final AuditEvents auditEvents;
    private final Exports exports;
    private final ExportFiles files;

    Endpoints(Fleet fleet, TenantForm form, Exports exports, ExportFiles files) {
        this.fleet = fleet;
        this.refusals = new Refusals(form);
        this.devices = new Devices(fleet, form);
        this.prismApps = new PrismApps(fleet, form);
        this.auditEvents = new AuditEvents(fleet, form);
        this.exports = exports;
        this.files = files;
    }

    /** @throws BadRequest for what the API answers 400 to */
    Answer answer(Request request, PageShape shape) {
        return switch (request.endpoint()) {
            case DEVICES -> devices.list(request.query(), shape, request.self());
            case DEVICE -> devices.one(request.id(), shape).orElseGet(() -> refusals.of(404));
            case DEVICE_APPS -> devices.apps(request.id(), shape).orElseGet(() -> refusals.of(404));
            case PRISM_APPS -> prismApps.answer(request.query(), shape);
            case PRISM_COUNT -> count(request.query(), shape);
            case PRISM_EXPORT -> exports.begin(request.body(), shape);
            case PRISM_EXPORT_STATUS ->
                exports.look(request.id(), shape, (export, now) -> files.linkTo(request.hostName(), export, now))
                        .orElseGet(() -> refusals.of(404));
            case AUDIT -> auditEvents.answer(request.query(), shape, request.self());
            case LICENSING -> devices.licensing(shape);
            case USERS, EXPORT_FILE, UNKNOWN -> refusals.of(403);
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
}
