package dev.kandjistream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.sweeps.SweepReceipt;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;

/** Receipts stay readable for ever: whatever is added must be readable out of what was written before. */
class ReceiptEvolutionTest {
    private static final Set<String> ADDED = Set.of("withheld_retractions", "answers");

    @Test
    void aReceiptWrittenBeforeItListedWhatIsWithheldCanBeRead() {
        Schema now = SweepReceipt.getClassSchema();
        List<Schema.Field> before = now.getFields().stream()
                .filter(field -> !ADDED.contains(field.name()))
                .map(field -> new Schema.Field(field, field.schema()))
                .toList();
        Schema then = Schema.createRecord(now.getName(), now.getDoc(), now.getNamespace(), false, before);
        assertThat(now.getFields()).hasSize(before.size() + ADDED.size());
        assertThat(SchemaCompatibility.checkReaderWriterCompatibility(now, then).getType())
                .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
        assertThat(SchemaCompatibility.checkReaderWriterCompatibility(then, now).getType())
                .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }
}
