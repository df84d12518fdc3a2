package dev.kandjistream.schemas.serde;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;

/**
 * The rule that separates a bad record from a wrong registry: is the record the cause of a schema id that cannot be used, or
 * did the registry lose schemas, or is it another one?
 *
 * <p>Every id that records of a topic were read with is remembered with its schema. A registry that contradicts any of them is
 * not ours, and no record is judged by it. Otherwise an id that it does not know, or knows as another topic's schema, was
 * never written by us: the record is bad. Where no id of the topic is remembered, at least one other record of the topic must
 * be readable before one is called bad.
 *
 * <p>Pure: registry, memory and topic answer as the test or {@link TrustedSerdes} says.
 */
final class SchemaTrust {

    /** The schema of an id, now; empty where the registry has none, or none that is Avro. */
    interface Registry {
        Optional<Schema> find(int id);
    }

    /** An id, as it stands in records of a topic. */
    record Known(String topic, int id) {}

    /** The ids that records were read with, and their schemas. */
    interface Memory {
        Map<Known, Schema> all();

        void remember(Known known, Schema schema);
    }

    /** Ids that some of the topic's records carry, readable or not. */
    interface Sample {
        Set<Integer> ids(String topic);
    }

    /** The cause of a failure. */
    enum Blame {
        NOTHING,
        RECORD,
        REGISTRY
    }

    /** @param reason a sentence that says what was expected and found; empty if there is no problem */
    record Finding(Blame blame, String reason) {
        static final Finding FINE = new Finding(Blame.NOTHING, "");

        private static Finding record(String reason) {
            return new Finding(Blame.RECORD, reason);
        }

        private static Finding registry(String reason) {
            return new Finding(Blame.REGISTRY, reason);
        }
    }

    private final Registry registry;
    private final Memory memory;
    private final Sample sample;

    SchemaTrust(Registry registry, Memory memory, Sample sample) {
        this.registry = registry;
        this.memory = memory;
        this.sample = sample;
    }

    /**
     * Whether records of the topic with this id can be read; if so, the id is remembered.
     *
     * @param wanted schema of the class that reads them
     */
    Finding judge(String topic, Schema wanted, int id) {
        var known = new Known(topic, id);
        Optional<Schema> found = registry.find(id);
        Schema remembered = memory.all().get(known);
        if (remembered != null) {
            return isSame(remembered, found) ? Finding.FINE : contradicted(known, found);
        }
        Finding registryAsAWhole = check();
        if (registryAsAWhole.blame() != Blame.NOTHING) {
            return registryAsAWhole;
        }
        if (found.isPresent() && isNamedLike(wanted, found.get())) {
            return newSchema(known, wanted, found.get());
        }
        String what = "Schema id " + id
                + found.map(schema -> " is " + schema.getFullName() + " in the schema registry, expected "
                                + wanted.getFullName())
                        .orElse(" is unknown to the schema registry");
        if (isProvenFor(topic, wanted)) {
            return Finding.record(what + ". topic=" + topic);
        }
        return Finding.registry(what + ", and no record of " + topic + " can be read with it."
                + " Set schema_registry.url to the registry that " + topic + " was written with");
    }

    /** Whether the registry knows every remembered id as it was. */
    Finding check() {
        for (var entry : memory.all().entrySet()) {
            Optional<Schema> found = registry.find(entry.getKey().id());
            if (!isSame(entry.getValue(), found)) {
                return contradicted(entry.getKey(), found);
            }
        }
        return Finding.FINE;
    }

    private Finding newSchema(Known known, Schema wanted, Schema found) {
        if (!isReadable(wanted, found)) {
            return Finding.registry("Schema id " + known.id() + " is a version of " + wanted.getFullName()
                    + " that this version cannot read. Upgrade this service to the version that writes "
                    + known.topic());
        }
        memory.remember(known, found);
        return Finding.FINE;
    }

    private boolean isProvenFor(String topic, Schema wanted) {
        if (memory.all().keySet().stream().anyMatch(known -> known.topic().equals(topic))) {
            return true;
        }
        boolean proven = false;
        for (int id : sample.ids(topic)) {
            Optional<Schema> found = registry.find(id);
            if (found.isPresent() && isNamedLike(wanted, found.get()) && isReadable(wanted, found.get())) {
                memory.remember(new Known(topic, id), found.get());
                proven = true;
            }
        }
        return proven;
    }

    private static Finding contradicted(Known known, Optional<Schema> found) {
        return Finding.registry("The schema registry " + (found.isEmpty() ? "does not know" : "has another schema for")
                + " schema id " + known.id() + ", which records of " + known.topic()
                + " were read with: it lost schemas, or"
                + " it is another registry. Restore its schemas, or set schema_registry.url to the former registry");
    }

    /** Names, types and order decide the bytes; docs and defaults may differ. */
    private static boolean isSame(Schema remembered, Optional<Schema> found) {
        return found.isPresent()
                && SchemaNormalization.toParsingForm(found.get()).equals(SchemaNormalization.toParsingForm(remembered));
    }

    private static boolean isNamedLike(Schema wanted, Schema found) {
        return found.getType() == Schema.Type.RECORD && found.getFullName().equals(wanted.getFullName());
    }

    private static boolean isReadable(Schema wanted, Schema found) {
        return SchemaCompatibility.checkReaderWriterCompatibility(wanted, found).getType()
                == SchemaCompatibilityType.COMPATIBLE;
    }
}
