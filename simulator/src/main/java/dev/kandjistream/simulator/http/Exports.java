package dev.kandjistream.simulator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kandjistream.simulator.fleet.AppRow;
import dev.kandjistream.simulator.fleet.Fleet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code POST /prism/export} and {@code GET /prism/export/{id}}. An export holds the rows of the moment it was asked for.
 * The last few are kept; those with many rows, some 32 bytes each, push others out sooner.
 */
final class Exports {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MOST_EXPORTS = 16;
    private static final long MOST_ROWS = 4_000_000;

    private final Fleet fleet;
    private final TenantForm form;
    private final ExportPace pace;
    private final Map<String, Export> exports = new LinkedHashMap<>();

    Exports(Fleet fleet, TenantForm form, ExportPace pace) {
        this.fleet = fleet;
        this.form = form;
        this.pace = pace;
    }

    /**
     * Begins an export.
     *
     * @throws BadRequest for what the API answers 400 to
     */
    Answer begin(byte[] body, PageShape shape) {
        JsonNode asked = object(body);
        String category = asked.path("category").asText("").replace(' ', '_');
        if (!category.equals("apps")) {
            throw new BadRequest("Invalid category: " + category);
        }
        var selection = PrismSelection.of(asked, shape);
        var export = new Export(
                UUID.randomUUID().toString(),
                args(selection),
                shape.of(Effect.FailedExport.class, failure -> failure, null),
                fleet.now(),
                fleet.reading(() -> file(selection, shape)));
        keep(export);
        return Answer.json(200, export.toJson(shape).toString());
    }

    private ExportFile file(PrismSelection selection, PageShape shape) {
        RowFaults faults = RowFaults.of(shape, fleet);
        List<AppRow> selected = shape.has(Effect.EmptyFleet.class)
                ? List.of()
                : faults.keptApps(selection.of(fleet.rows(), form.newer()));
        List<AppRow> shown = shape.shown(selected);
        boolean withUsers = !shape.has(Effect.NoUsers.class);
        return faults.changeNoRow()
                ? new SharedExportFile(shown, form, withUsers)
                : new ChangedExportFile(shown, form, withUsers, faults);
    }

    private void keep(Export export) {
        synchronized (exports) {
            long rows = export.file().rows();
            for (Export old : exports.values()) {
                rows += old.file().rows();
            }
            var oldestFirst = exports.values().iterator();
            while (oldestFirst.hasNext() && (rows > MOST_ROWS || exports.size() >= MOST_EXPORTS)) {
                rows -= oldestFirst.next().file().rows();
                oldestFirst.remove();
            }
            exports.put(export.id(), export);
        }
    }

    private static ObjectNode args(PrismSelection selection) {
        ObjectNode args = selection.toJson();
        args.putArray("columns");
        return args;
    }

    private static JsonNode object(byte[] body) {
        try {
            JsonNode parsed = MAPPER.readTree(body);
            if (parsed != null && parsed.isObject()) {
                return parsed;
            }
        } catch (JsonProcessingException e) {
            throw new BadRequest("JSON parse error");
        } catch (IOException e) {
            throw new BadRequest("The body could not be read");
        }
        throw new BadRequest("An object is required");
    }

    /** Empty where there is no such export. */
    Optional<Answer> look(String id, PageShape shape, Export.LinkMaker links) {
        return find(id).map(export -> {
            export.look(pace, fleet.now(), links);
            return Answer.json(200, export.toJson(shape).toString().getBytes(StandardCharsets.UTF_8));
        });
    }

    /** Empty where there is none, or none any more. */
    Optional<Export> find(String id) {
        synchronized (exports) {
            return Optional.ofNullable(exports.get(id));
        }
    }

    /** The fleet's present, by which links expire. */
    Instant now() {
        return fleet.now();
    }
}
