package dev.kandjistream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a released version wrote stays readable for ever, and its readers read what is written now: both run side by side
 * during an upgrade. The files are the schemas that the release registered.
 */
class ReleasedSchemasTest {
    private static final List<String> RELEASES = List.of("0.1.0");
    private static final Topics TOPICS = new Topics("kandji");

    record Released(String version, Topic<?> topic, Schema schema) {
        @Override
        public String toString() {
            return topic.name() + " of " + version;
        }

        Schema present() {
            return SpecificData.get().getSchema(topic.valueType());
        }
    }

    static Stream<Released> released() {
        return RELEASES.stream().flatMap(version -> TOPICS.all().stream()
                .flatMap(topic -> schema(version, topic).stream().map(schema -> new Released(version, topic, schema))));
    }

    /** Empty if the release had no such topic, or its values are no Avro. */
    private static List<Schema> schema(String version, Topic<?> topic) {
        String file = "/released/" + version + "/"
                + topic.name().substring(TOPICS.prefix().length() + 1) + ".avsc";
        try (InputStream in = ReleasedSchemasTest.class.getResourceAsStream(file)) {
            return in == null ? List.of() : List.of(new Schema.Parser().parse(in));
        } catch (IOException unreadable) {
            throw new AssertionError(file, unreadable);
        }
    }

    @ParameterizedTest
    @MethodSource("released")
    void eachReadsWhatTheOtherWrites(Released released) {
        assertThat(reasons(released.present(), released.schema()))
                .as("present reader, released writer")
                .isEmpty();
        assertThat(reasons(released.schema(), released.present()))
                .as("released reader, present writer")
                .isEmpty();
    }

    private static List<Incompatibility> reasons(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult()
                .getIncompatibilities();
    }

    /** Avro's rules also allow a field with a default to vanish; the contract does not. */
    @ParameterizedTest
    @MethodSource("released")
    void fieldsAreAddedAndNoneVanishes(Released released) {
        assertThat(fields("", released.present()).toList())
                .containsAll(fields("", released.schema()).toList());
    }

    /** Path and type of each field, at any depth. */
    private static Stream<String> fields(String path, Schema schema) {
        return switch (schema.getType()) {
            case RECORD ->
                schema.getFields().stream().flatMap(field -> fields(path + "." + field.name(), field.schema()));
            case ARRAY -> fields(path + "[]", schema.getElementType());
            case MAP -> fields(path + "{}", schema.getValueType());
            case UNION -> schema.getTypes().stream().flatMap(member -> fields(path, member));
            default -> Stream.of(path + " " + schema.getType() + " " + schema.getProp("logicalType"));
        };
    }

    @Test
    void aReleaseHasSchemas() {
        assertThat(released().map(Released::toString).collect(Collectors.toSet()))
                .contains("kandji.raw.devices of 0.1.0", "kandji.licenses of 0.1.0", "kandji.sweeps of 0.1.0")
                .hasSize(11);
    }
}
