package dev.kandjistream.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;

/** Confluent's compatibility levels, decided by Avro's own rules. */
final class Compatibility {
    static final Set<String> LEVELS = Set.of(
            "NONE", "BACKWARD", "BACKWARD_TRANSITIVE", "FORWARD", "FORWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE");

    private Compatibility() {}

    /**
     * Why the level forbids the new schema after these; empty when it does not.
     *
     * @param earlier the subject's versions, the oldest first; levels that are not transitive look at the last alone
     */
    static List<String> objections(String level, Schema schema, List<RegistryState.Version> earlier) {
        if (level.equals("NONE") || earlier.isEmpty()) {
            return List.of();
        }
        boolean transitive = level.endsWith("_TRANSITIVE");
        var objections = new ArrayList<String>();
        for (var version : transitive ? earlier : earlier.subList(earlier.size() - 1, earlier.size())) {
            Schema old = new Schema.Parser().parse(version.schema());
            if (level.startsWith("BACKWARD") || level.startsWith("FULL")) {
                objections.addAll(reasons(schema, old, "The new schema cannot read version " + version.version()));
            }
            if (level.startsWith("FORWARD") || level.startsWith("FULL")) {
                objections.addAll(reasons(old, schema, "Version " + version.version() + " cannot read the new schema"));
            }
        }
        return objections;
    }

    private static List<String> reasons(Schema reader, Schema writer, String what) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult()
                .getIncompatibilities()
                .stream()
                .map(reason ->
                        what + ": " + reason.getType() + " at " + reason.getLocation() + ": " + reason.getMessage())
                .toList();
    }
}
