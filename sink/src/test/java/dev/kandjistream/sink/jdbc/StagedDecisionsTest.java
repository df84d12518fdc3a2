package dev.kandjistream.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.decisions.Decision;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class StagedDecisionsTest {
    @Test
    void columnsAreTheFieldsOfTheRecordInTheirOrderAndTheKeyOfTheDevice() {
        Stream<String> fields = Decision.getClassSchema().getFields().stream().map(Schema.Field::name);

        assertThat(StagedDecisions.COLUMNS)
                .isEqualTo(Stream.concat(fields, Stream.of("device_key")).toList());
    }
}
