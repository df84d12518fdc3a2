package dev.kandjistream.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Fleet;
import dev.kandjistream.simulator.truth.Truth;
import dev.kandjistream.simulator.truth.TruthRules;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares what stands in tables and topics with the fleets' truth, and the log with the contract. Knows the contract and
 * the simulator; nothing of poller, enricher or sink but the names of what they write.
 *
 * <pre>
 * truth == tables == fold of the topics      the log is lawful      history == log
 * </pre>
 */
public final class Judge {
    private static final Set<String> RECEIPT = Set.of(
            "account_id",
            "kind",
            "sweep_id",
            "started_at",
            "finished_at",
            "verdict",
            "reason",
            "connection",
            "endpoint",
            "status",
            "requests",
            "pages",
            "rows",
            "devices",
            "claimed_total",
            "published",
            "unchanged",
            "retracted",
            "withheld",
            "oversized",
            "last_complete_at",
            "last_complete_sweep_id");

    private final String prefix;
    private final EventLog events;
    private final EventLog states;
    private final EventLog receipts;
    private final EventLog deadLetters;

    public Judge(String prefix) {
        this.prefix = prefix;
        events = new EventLog(Arrays.stream(ChangeTopic.values())
                .map(topic -> prefix + "." + topic.word)
                .toList());
        states = new EventLog(Stream.of("unattributed", "raw.devices", "raw.apps")
                .map(word -> prefix + "." + word)
                .toList());
        receipts = new EventLog(List.of(prefix + ".sweeps"));
        deadLetters = new EventLog(List.of(prefix + ".deadletters"));
    }

    /** The change events, as far as read: {@link #read} reads on. */
    public EventLog events() {
        return events;
    }

    /** Raw records and unattributed devices, as far as read. */
    public EventLog states() {
        return states;
    }

    public void read(Map<String, Object> clientProperties) {
        EventLog.readOn(List.of(events, states, receipts, deadLetters), clientProperties);
    }

    /** All there is to judge but the truth, which a fault or an absence not yet believed may keep away. */
    public void lawsHold(Connection database) throws SQLException {
        var tables = new Tables(database);
        assertThat(LogLaws.brokenBy(events.records(), prefix, sweepIds()))
                .as("breaches of the contract's laws in the log")
                .isEmpty();
        for (ChangeTopic topic : ChangeTopic.values()) {
            assertThat(tables.current(topic).differencesFrom(folded(topic)))
                    .as("table %s against its folded topic", topic.word)
                    .isEmpty();
            assertThat(historyAgainstLog(topic, tables))
                    .as("table %s against its topic", topic.history)
                    .isEmpty();
        }
        assertThat(tables.unattributed().differencesFrom(foldedUnattributed()))
                .as("table unattributed_devices against its topic")
                .isEmpty();
        assertThat(tables.sweeps().only(RECEIPT).differencesFrom(lastReceipts().only(RECEIPT)))
                .as("table sweeps against its topic")
                .isEmpty();
        assertThat(deadLetters.records()).as("dead letters").isEmpty();
    }

    private Rows lastReceipts() {
        var rows = new Rows();
        EventLog.last(receipts.records()).forEach((key, record) -> rows.put(key, record.value()));
        return rows;
    }

    /** The raw topics against the fleet: every listed device, and every row of theirs, suppressed or not. */
    public void rawStands(String accountId, Fleet fleet) {
        var listed = new TreeMap<String, Object>();
        var rows = new TreeMap<String, Object>();
        fleet.reading(() -> {
            for (Device device : fleet.devices()) {
                listed.put(accountId + "/" + device.id(), device.name());
                if (!device.rows().isEmpty()) {
                    rows.put(accountId + "/" + device.id(), device.rows().size());
                }
            }
            return null;
        });
        var rawDevices = new TreeMap<String, Object>();
        var rawRows = new TreeMap<String, Object>();
        EventLog.last(states.of(prefix + ".raw.devices")).values().stream()
                .filter(record -> accountId.equals(record.text("account_id")))
                .forEach(record -> rawDevices.put(record.key(), record.text("device_name")));
        EventLog.last(states.of(prefix + ".raw.apps")).values().stream()
                .filter(record -> accountId.equals(record.text("account_id")))
                .filter(record -> !((List<?>) record.value().get("apps")).isEmpty())
                .forEach(record ->
                        rawRows.put(record.key(), ((List<?>) record.value().get("apps")).size()));
        assertThat(rawDevices).as("names in raw.devices of %s", accountId).isEqualTo(listed);
        assertThat(rawRows).as("app rows in raw.apps of %s", accountId).isEqualTo(rows);
    }

    /** The views that people ask first, against the truth of one account. */
    public void viewsStand(String accountId, Truth truth, Connection database) throws SQLException {
        var tables = new Tables(database);
        assertThat(counts(tables, accountId, "license_type", "seats", "seats"))
                .isEqualTo(counted(truth.licenses(), Truth.License::licenseType));
        assertThat(counts(tables, accountId, "app_id", "users", "app_discovery"))
                .isEqualTo(counted(truth.usages(), Truth.Usage::appId));
        assertThat(openPeriods(tables, accountId, "license_periods"))
                .isEqualTo(truth.licenses().size());
        assertThat(openPeriods(tables, accountId, "usage_periods"))
                .isEqualTo(truth.usages().size());
    }

    private static Map<String, Long> counts(Tables tables, String accountId, String of, String count, String view)
            throws SQLException {
        var counts = new TreeMap<String, Long>();
        for (var row : tables.query("SELECT * FROM kandji." + view + " WHERE account_id = '" + accountId + "'")) {
            counts.put((String) row.get(of), (Long) row.get(count));
        }
        return counts;
    }

    private static <T> Map<String, Long> counted(List<T> told, Function<T, String> what) {
        return told.stream().collect(Collectors.groupingBy(what, TreeMap::new, Collectors.counting()));
    }

    private static int openPeriods(Tables tables, String accountId, String view) throws SQLException {
        return tables.query(
                        "SELECT * FROM kandji." + view + " WHERE valid_to IS NULL AND account_id = '" + accountId + "'")
                .size();
    }

    /** Tables against the truth of one account. */
    public void truthStands(String accountId, Truth truth, Connection database) throws SQLException {
        var tables = new Tables(database);
        for (ChangeTopic topic : ChangeTopic.values()) {
            compare(topic.word, accountId, tables.current(topic), TruthRows.of(topic, accountId, truth));
        }
        compare("unattributed_devices", accountId, tables.unattributed(), TruthRows.unattributed(accountId, truth));
    }

    /** Whether {@link #truthStands} would pass; for waiting. */
    public boolean isTruth(String accountId, Truth truth, Connection database) throws SQLException {
        try {
            truthStands(accountId, truth, database);
            return true;
        } catch (AssertionError notYet) {
            return false;
        }
    }

    private static void compare(String table, String accountId, Rows all, Rows truth) {
        Rows rows = all.of(accountId);
        assertThat(rows.without(TruthRows.NOT_IN_TRUTH)
                        .without(Set.of("last_check_in"))
                        .differencesFrom(truth.without(Set.of("last_check_in"))))
                .as("table %s of %s against the fleet's truth", table, accountId)
                .isEmpty();
        for (String key : rows.keys()) {
            Instant told = (Instant) rows.get(key).get("last_check_in");
            Instant truly = (Instant) truth.get(key).get("last_check_in");
            assertThat(told == null || !told.isAfter(truly))
                    .as("last check-in of %s is %s, which has not come yet: it is %s", key, told, truly)
                    .isTrue();
        }
    }

    private Rows folded(ChangeTopic topic) {
        var rows = new Rows();
        for (Logged record : events.of(prefix + "." + topic.word)) {
            if (record.isNull() || record.after() == null) {
                rows.remove(record.key());
            } else {
                rows.replace(record.key(), record.after());
            }
        }
        return rows;
    }

    private Rows foldedUnattributed() {
        var rows = new Rows();
        EventLog.last(states.of(prefix + ".unattributed")).forEach((key, record) -> rows.put(key, record.value()));
        return rows;
    }

    /** Event by event, in the order of each key. */
    private List<String> historyAgainstLog(ChangeTopic topic, Tables tables) throws SQLException {
        Map<String, List<Map<String, Object>>> logged = new LinkedHashMap<>();
        Set<String> replays = new HashSet<>();
        for (Logged record : events.of(prefix + "." + topic.word)) {
            // History has what was replayed twice once, by its id.
            if (!record.isNull() && (!record.text("cause").equals("REPLAY") || replays.add(record.text("event_id")))) {
                logged.computeIfAbsent(record.key(), key -> new ArrayList<>()).add(historyRow(topic, record));
            }
        }
        Map<String, List<Map<String, Object>>> stored = new HashMap<>();
        for (Map<String, Object> row : tables.history(topic)) {
            stored.computeIfAbsent(Rows.key(topic.keyColumns, row), key -> new ArrayList<>())
                    .add(row);
        }
        var differences = new ArrayList<String>();
        logged.forEach((key, rows) -> {
            List<Map<String, Object>> found = stored.remove(key);
            if (!rows.equals(found)) {
                differences.add(key + ": history holds " + found + " where the log holds " + rows);
            }
        });
        stored.forEach((key, rows) -> differences.add(key + ": not in the log: " + rows));
        return differences.stream().limit(5).collect(Collectors.toList());
    }

    private static Map<String, Object> historyRow(ChangeTopic topic, Logged record) {
        var row = new TreeMap<String, Object>();
        for (String column : List.of("event_id", "event_type", "cause", "op", "collected_at", "observed_at")) {
            row.put(column, record.value().get(column));
        }
        topic.keyColumns.forEach(column -> row.put(column, record.entity().get(column)));
        row.put("sweep_id", record.source().get("sweep_id"));
        row.put("emitted_at", Instant.ofEpochMilli((Long) record.value().get("ts_ms")));
        row.put("before", record.before());
        row.put("after", record.after());
        return row;
    }

    private Set<String> sweepIds() {
        return sweepReadings().keySet();
    }

    /** Between these two moments a sweep was read. */
    public record Reading(Instant begin, Instant end) {}

    /** When each sweep was read that has a receipt, by its id; as far as read. */
    public Map<String, Reading> sweepReadings() {
        return receipts.records().stream()
                .filter(record -> !record.isNull())
                .collect(Collectors.toMap(
                        record -> record.text("sweep_id"),
                        record -> new Reading((Instant) record.value().get("started_at"), (Instant)
                                record.value().get("finished_at"))));
    }

    static TruthRules truthRules(Rules rules) {
        return new TruthRules(rules.suppressedWords(), rules.licenseTypes());
    }
}
