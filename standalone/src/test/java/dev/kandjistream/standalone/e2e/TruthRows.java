package dev.kandjistream.standalone.e2e;

import dev.kandjistream.simulator.truth.Truth;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The simulator's truth as rows with the contract's column names. */
final class TruthRows {
    /** What depends on when somebody looked; the truth does not have it. */
    static final Set<String> NOT_IN_TRUTH = Set.of("assigned_at", "collected_at");

    private TruthRows() {}

    static Rows of(ChangeTopic topic, String accountId, Truth truth) {
        List<? extends Record> told =
                switch (topic) {
                    case DEVICES -> truth.devices();
                    case LICENSES -> truth.licenses();
                    case USERS -> truth.users();
                    case USAGE -> truth.usages();
                };
        return rows(topic.keyColumns, accountId, told);
    }

    static Rows unattributed(String accountId, Truth truth) {
        return rows(ChangeTopic.DEVICES.keyColumns, accountId, truth.unattributed());
    }

    private static Rows rows(List<String> keyColumns, String accountId, List<? extends Record> told) {
        var rows = new Rows();
        for (Record entity : told) {
            Map<String, Object> row = row(entity);
            row.put("account_id", accountId);
            rows.put(Rows.key(keyColumns, row), row);
        }
        return rows;
    }

    private static Map<String, Object> row(Record entity) {
        var row = new TreeMap<String, Object>();
        try {
            for (RecordComponent component : entity.getClass().getRecordComponents()) {
                row.put(column(component.getName()), component.getAccessor().invoke(entity));
            }
        } catch (ReflectiveOperationException notARecordOfOurs) {
            throw new IllegalStateException(notARecordOfOurs);
        }
        return row;
    }

    private static String column(String component) {
        return component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
