package dev.kandjistream.embedded;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/**
 * What the registry knows: the fold of its topic. Pure; whoever reads the same records in the same order knows the same.
 *
 * <p>A schema has one id, whatever subjects it stands under; ids are handed out in order and never again.
 */
final class RegistryState {
    static final String DEFAULT_LEVEL = "BACKWARD";

    /** A schema under a subject. Deleted ones keep their version and id. */
    record Version(String subject, int version, int id, String schema, boolean deleted) {}

    private final NavigableMap<String, NavigableMap<Integer, Version>> subjects = new TreeMap<>();
    private final Map<Integer, String> schemas = new HashMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<String, String> levels = new HashMap<>();
    private String globalLevel = DEFAULT_LEVEL;
    private int greatestId;

    void put(Version version) {
        subjects.computeIfAbsent(version.subject(), unknown -> new TreeMap<>()).put(version.version(), version);
        schemas.putIfAbsent(version.id(), version.schema());
        ids.putIfAbsent(canonical(version.schema()), version.id());
        greatestId = Math.max(greatestId, version.id());
    }

    /** For good; its id stays known, records may carry it. */
    void remove(String subject, int version) {
        versions(subject).remove(version);
    }

    /** Hides the subject's versions up to the given one. */
    void delete(String subject, int upTo) {
        versions(subject)
                .replaceAll((number, version) ->
                        number > upTo ? version : new Version(subject, number, version.id(), version.schema(), true));
    }

    /**
     * @param subject empty for the registry's own level
     * @param level empty to go back to the default
     */
    void setLevel(Optional<String> subject, Optional<String> level) {
        if (subject.isEmpty()) {
            globalLevel = level.orElse(DEFAULT_LEVEL);
        } else if (level.isEmpty()) {
            levels.remove(subject.get());
        } else {
            levels.put(subject.get(), level.get());
        }
    }

    String globalLevel() {
        return globalLevel;
    }

    Optional<String> level(String subject) {
        return Optional.ofNullable(levels.get(subject));
    }

    /** Subjects with at least one version that is not deleted, in text order. */
    List<String> subjects() {
        return subjects.keySet().stream()
                .filter(subject -> !live(subject).isEmpty())
                .toList();
    }

    /** Versions of the subject that are not deleted, the oldest first; empty where there is no such subject. */
    List<Version> live(String subject) {
        return versions(subject).values().stream()
                .filter(version -> !version.deleted())
                .toList();
    }

    Optional<Version> find(String subject, String schema) {
        String wanted = canonical(schema);
        return live(subject).stream()
                .filter(version -> canonical(version.schema()).equals(wanted))
                .findFirst();
    }

    Optional<String> schema(int id) {
        return Optional.ofNullable(schemas.get(id));
    }

    List<Version> using(int id) {
        var found = new ArrayList<Version>();
        subjects.values().stream()
                .map(Map::values)
                .flatMap(Collection::stream)
                .filter(version -> version.id() == id && !version.deleted())
                .forEach(found::add);
        return found;
    }

    /** The record that would register the schema as the subject's next version. */
    Version next(String subject, String schema) {
        var versions = versions(subject);
        int number = versions.isEmpty() ? 1 : versions.lastKey() + 1;
        String canonical = canonical(schema);
        return new Version(subject, number, ids.getOrDefault(canonical, greatestId + 1), canonical, false);
    }

    private NavigableMap<Integer, Version> versions(String subject) {
        return subjects.getOrDefault(subject, new TreeMap<>());
    }

    /** White space and the order of attributes make no difference. What is not Avro is compared as it stands. */
    private static String canonical(String schema) {
        try {
            return new Schema.Parser().parse(schema).toString();
        } catch (SchemaParseException notAvro) {
            return schema;
        }
    }
}
