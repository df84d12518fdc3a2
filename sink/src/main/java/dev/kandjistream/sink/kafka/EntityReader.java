package dev.kandjistream.sink.kafka;

import dev.kandjistream.sink.domain.CurrentTable;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/** An Avro entity to the values of its table's columns, by name of field; positions are looked up once. */
final class EntityReader {
    private final int[] positions;

    EntityReader(CurrentTable table, Schema entity) {
        positions = table.columns().stream()
                .mapToInt(column -> entity.getField(column.name()).pos())
                .toArray();
    }

    /** Values in the order of the columns; null for null. */
    List<Object> values(SpecificRecord entity) {
        if (entity == null) {
            return null;
        }
        Object[] values = new Object[positions.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = entity.get(positions[i]);
        }
        return Arrays.asList(values);
    }
}
