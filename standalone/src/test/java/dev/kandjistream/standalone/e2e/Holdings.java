package dev.kandjistream.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;

/** What the tables hold of an account at one moment, to see later that nothing was taken away. */
final class Holdings {
    private final String accountId;
    private final Map<ChangeTopic, Rows> rows = new EnumMap<>(ChangeTopic.class);

    private Holdings(String accountId) {
        this.accountId = accountId;
    }

    static Holdings of(String accountId, Tables tables) throws SQLException {
        var holdings = new Holdings(accountId);
        for (ChangeTopic topic : ChangeTopic.values()) {
            holdings.rows.put(topic, tables.current(topic).of(accountId));
        }
        return holdings;
    }

    /** @param key of a record of the topic */
    boolean hold(ChangeTopic topic, String key) {
        return rows.get(topic).keys().contains(key);
    }

    /** Every row stands in the later ones too, with its user and with as many devices. */
    void stillStandIn(Holdings later) {
        rows.forEach((topic, before) -> {
            Rows after = later.rows.get(topic);
            assertThat(after.keys()).as("%s of %s", topic.word, accountId).containsAll(before.keys());
            before.keys().forEach(key -> stillStands(key, before.get(key), after.get(key)));
        });
    }

    private static void stillStands(String key, Map<String, Object> before, Map<String, Object> after) {
        assertThat(after.get("user_id")).as("user of %s", key).isEqualTo(before.get("user_id"));
        if (before.containsKey("device_count")) {
            assertThat((Integer) after.get("device_count"))
                    .as("devices of %s", key)
                    .isGreaterThanOrEqualTo((Integer) before.get("device_count"));
        }
    }
}
