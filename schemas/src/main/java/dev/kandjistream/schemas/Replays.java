package dev.kandjistream.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What operators ask the enricher to publish again, and its answers: the records of topic {@code replays}, as JSON. A request's key
 * is its id, an answer's {@code id/step/partition}.
 */
public final class Replays {
    /** So long after it was issued a request is carried out by partitions that have not done so yet. */
    public static final Duration VALID = Duration.ofHours(24);

    /** Topics that a partition of devices writes, by the word after the prefix. */
    public static final Set<String> OF_DEVICES = Set.of("devices", "licenses", "unattributed");

    /** Topics that a partition of users writes, by the word after the prefix. */
    public static final Set<String> OF_USERS = Set.of("users", "usage");

    private static final ObjectMapper JSON = new ObjectMapper();

    private Replays() {}

    /** Every entity that can be replayed, in order. */
    public static Set<String> entities() {
        var all = new TreeSet<>(OF_DEVICES);
        all.addAll(OF_USERS);
        return all;
    }

    /**
     * A wish to have the current state published again.
     *
     * @param account null: of all accounts
     * @param entities names of topics without their prefix
     * @param dryRun whether to count only
     */
    public record Request(String id, String account, Set<String> entities, boolean dryRun, Instant issuedAt) {
        public Request {
            entities = Set.copyOf(entities);
        }

        public String key() {
            return Keys.of(id);
        }

        public byte[] value() {
            var json = JSON.createObjectNode()
                    .put("account", account)
                    .put("dry_run", dryRun)
                    .put("issued_at", issuedAt.toEpochMilli());
            new TreeSet<>(entities).forEach(json.putArray("entities")::add);
            return json.toString().getBytes(StandardCharsets.UTF_8);
        }

        /** Whether partitions that have not carried it out yet do so now. */
        public boolean isValid(Instant now) {
            return now.isBefore(issuedAt.plus(VALID));
        }
    }

    /**
     * How far one partition is with a request.
     *
     * @param step {@code devices} or {@code users}
     * @param records records so far, by entity
     * @param done whether that is all of them
     */
    public record Answer(String id, String step, int partition, Map<String, Long> records, boolean done) {
        public Answer {
            records = Map.copyOf(records);
        }

        public String key() {
            return Keys.of(id, step, String.valueOf(partition));
        }

        public byte[] value() {
            var json = JSON.createObjectNode().put("done", done);
            var counts = json.putObject("records");
            new TreeMap<>(records).forEach(counts::put);
            return json.toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    /** The request of a record; empty where it is none, or cannot be read. */
    public static Optional<Request> request(String key, byte[] value) {
        List<String> segments = segments(key);
        JsonNode json = segments.size() == 1 ? json(value) : null;
        if (json == null
                || !json.path("entities").isArray()
                || !json.path("issued_at").isIntegralNumber()) {
            return Optional.empty();
        }
        var entities = new TreeSet<String>();
        json.path("entities").forEach(entity -> entities.add(entity.asText()));
        return Optional.of(new Request(
                segments.get(0),
                json.path("account").textValue(),
                entities,
                json.path("dry_run").asBoolean(),
                Instant.ofEpochMilli(json.path("issued_at").asLong())));
    }

    /** The answer of a record; empty where it is none, or cannot be read. */
    public static Optional<Answer> answer(String key, byte[] value) {
        List<String> segments = segments(key);
        JsonNode json = segments.size() == 3 && segments.get(2).matches("[0-9]{1,9}") ? json(value) : null;
        if (json == null) {
            return Optional.empty();
        }
        var records = new TreeMap<String, Long>();
        json.path("records")
                .properties()
                .forEach(count -> records.put(count.getKey(), count.getValue().asLong()));
        return Optional.of(new Answer(
                segments.get(0),
                segments.get(1),
                Integer.parseInt(segments.get(2)),
                records,
                json.path("done").asBoolean()));
    }

    private static List<String> segments(String key) {
        try {
            return key == null ? List.of() : Keys.split(key);
        } catch (IllegalArgumentException garbled) {
            return List.of();
        }
    }

    private static JsonNode json(byte[] value) {
        try {
            JsonNode json = value == null ? null : JSON.readTree(value);
            return json != null && json.isObject() ? json : null;
        } catch (IOException garbled) {
            return null;
        }
    }
}
