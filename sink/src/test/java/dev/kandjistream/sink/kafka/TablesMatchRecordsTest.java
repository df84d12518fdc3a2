package dev.kandjistream.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.devices.Device;
import dev.kandjistream.licenses.License;
import dev.kandjistream.sink.domain.Column;
import dev.kandjistream.sink.domain.ColumnType;
import dev.kandjistream.sink.domain.CurrentTable;
import dev.kandjistream.usage.Usage;
import dev.kandjistream.users.User;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Columns are one to one with the fields of the entities, in order and kind. */
class TablesMatchRecordsTest {
    private static final Map<CurrentTable, Schema> ENTITIES = Map.of(
            CurrentTable.DEVICES, Device.getClassSchema(),
            CurrentTable.UNATTRIBUTED_DEVICES, Device.getClassSchema(),
            CurrentTable.LICENSES, License.getClassSchema(),
            CurrentTable.USERS, User.getClassSchema(),
            CurrentTable.USAGE, Usage.getClassSchema());

    @Test
    void everyTableHasTheFieldsOfItsEntity() {
        for (CurrentTable table : CurrentTable.values()) {
            List<Column> fields = ENTITIES.get(table).getFields().stream()
                    .map(field -> new Column(field.name(), type(field.schema())))
                    .toList();
            assertThat(table.columns()).as(table.tableName()).isEqualTo(fields);
        }
    }

    private static ColumnType type(Schema schema) {
        return switch (schema.getType()) {
            case UNION -> type(schema.getTypes().get(1));
            case STRING -> ColumnType.TEXT;
            case INT -> ColumnType.INTEGER;
            case BOOLEAN -> ColumnType.BOOLEAN;
            case LONG -> ColumnType.TIME;
            case ARRAY -> ColumnType.TEXTS;
            default -> throw new AssertionError(schema);
        };
    }
}
