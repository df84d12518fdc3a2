package dev.kandjistream.standalone.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads the tables by plain JDBC. */
public final class Tables {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> OF_THE_SINK = Set.of("record_key", "record_partition", "generation");

    private final Connection connection;

    public Tables(Connection connection) {
        this.connection = connection;
    }

    Rows current(ChangeTopic topic) throws SQLException {
        return rows(topic.word, topic.keyColumns);
    }

    Rows unattributed() throws SQLException {
        return rows("unattributed_devices", ChangeTopic.DEVICES.keyColumns);
    }

    private Rows rows(String table, List<String> keyColumns) throws SQLException {
        var rows = new Rows();
        for (Map<String, Object> row : query("SELECT * FROM kandji." + table)) {
            String key = Rows.key(keyColumns, row);
            if (!key.equals(row.get("record_key"))) {
                throw new IllegalStateException(table + " holds " + key + " under the key " + row.get("record_key"));
            }
            row.keySet().removeAll(OF_THE_SINK);
            rows.put(key, row);
        }
        return rows;
    }

    /** Events in the order of their arrival; {@code before} and {@code after} as rows. */
    List<Map<String, Object>> history(ChangeTopic topic) throws SQLException {
        List<Map<String, Object>> events = query("SELECT * FROM kandji." + topic.history + " ORDER BY arrival");
        for (Map<String, Object> event : events) {
            event.remove("arrival");
            event.put("before", entity((String) event.get("before")));
            event.put("after", entity((String) event.get("after")));
        }
        return events;
    }

    /** The latest receipt of each account and kind, keyed {@code account/kind}. */
    Rows sweeps() throws SQLException {
        return rows("sweeps", List.of("account_id", "kind"));
    }

    public List<Map<String, Object>> query(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            var rows = new ArrayList<Map<String, Object>>();
            while (result.next()) {
                rows.add(row(result));
            }
            return rows;
        }
    }

    private static Map<String, Object> row(ResultSet result) throws SQLException {
        var row = new TreeMap<String, Object>();
        var meta = result.getMetaData();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            Object value = result.getObject(i);
            if (value != null) {
                value = switch (meta.getColumnTypeName(i)) {
                    case "timestamptz" ->
                        result.getObject(i, OffsetDateTime.class).toInstant();
                    case "_text" -> texts(result.getArray(i));
                    case "uuid", "jsonb" -> result.getString(i);
                    default -> value;
                };
            }
            row.put(meta.getColumnName(i), value);
        }
        return row;
    }

    private static List<String> texts(Array array) throws SQLException {
        return Arrays.asList((String[]) array.getArray());
    }

    private static Map<String, Object> entity(String json) {
        if (json == null) {
            return null;
        }
        try {
            var row = new TreeMap<String, Object>();
            JSON.readTree(json)
                    .properties()
                    .forEach(field -> row.put(field.getKey(), value(field.getKey(), field.getValue())));
            return row;
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("no JSON: " + json, broken);
        }
    }

    private static Object value(String column, JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        if (column.endsWith("_at") || column.equals("last_check_in")) {
            return Instant.parse(value.textValue());
        }
        if (value.isArray()) {
            var texts = new ArrayList<String>();
            value.forEach(text -> texts.add(text.textValue()));
            return texts;
        }
        return value.isBoolean()
                ? (Object) value.booleanValue()
                : value.isInt() ? (Object) value.intValue() : value.textValue();
    }
}
