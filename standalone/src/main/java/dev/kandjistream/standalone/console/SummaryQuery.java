package dev.kandjistream.standalone.console;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A {@link Summary} out of the tables, by SQL that anybody could type. */
public final class SummaryQuery {
    private static final String DEVICES = """
            SELECT account_id, count(*) FROM (
                SELECT account_id FROM kandji.devices
                UNION ALL
                SELECT account_id FROM kandji.unattributed_devices) device
            GROUP BY account_id""";
    private static final String SWEEPS = """
            SELECT account_id, kind, verdict, reason, connection, rows, finished_at
            FROM kandji.sweeps WHERE kind IN ('devices', 'apps')
            ORDER BY account_id, kind DESC""";
    private static final String SEATS = """
            SELECT account_id, license_type, count(*) FROM kandji.licenses
            GROUP BY account_id, license_type ORDER BY account_id, license_type""";
    private static final String USERS = """
            SELECT account_id, status, count(*) FROM kandji.users
            GROUP BY account_id, status ORDER BY account_id, status""";
    private static final String UNATTRIBUTED = """
            SELECT account_id, '', count(*) FROM kandji.unattributed_devices
            GROUP BY account_id ORDER BY account_id""";
    /** What comes with the system is on every Mac and tells nobody anything. */
    private static final String APPS = """
            SELECT coalesce(mode() WITHIN GROUP (ORDER BY app_name), app_id), count(*), sum(device_count)
            FROM kandji.usage WHERE app_id NOT LIKE 'com.apple.%' GROUP BY app_id
            ORDER BY count(*) DESC, app_id LIMIT 10""";

    private static final String DISTINCT_APPS = "SELECT count(DISTINCT app_id) FROM kandji.usage";

    private SummaryQuery() {}

    /**
     * @param accounts ids of those that must be shown even if no table knows them yet
     * @param suppressed what the tables cannot tell, see {@link Summary#suppressed()}
     */
    public static Summary read(Connection database, List<String> accounts, List<Summary.Count> suppressed)
            throws SQLException {
        return new Summary(
                accounts(database, accounts),
                counts(database, SEATS),
                counts(database, USERS),
                apps(database),
                single(database, DISTINCT_APPS),
                counts(database, UNATTRIBUTED),
                suppressed);
    }

    private static List<Summary.Account> accounts(Connection database, List<String> known) throws SQLException {
        Map<String, Long> devices = new LinkedHashMap<>();
        known.forEach(id -> devices.put(id, 0L));
        query(database, DEVICES, row -> devices.put(row.getString(1), row.getLong(2)));
        Map<String, List<Summary.Sweep>> sweeps = new LinkedHashMap<>();
        query(database, SWEEPS, row -> {
            devices.putIfAbsent(row.getString(1), 0L);
            sweeps.computeIfAbsent(row.getString(1), id -> new ArrayList<>()).add(sweep(row));
        });
        return devices.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(account -> new Summary.Account(
                        account.getKey(), account.getValue(), sweeps.getOrDefault(account.getKey(), List.of())))
                .toList();
    }

    private static Summary.Sweep sweep(ResultSet row) throws SQLException {
        return new Summary.Sweep(
                row.getString("kind"),
                row.getString("verdict"),
                Optional.ofNullable(row.getString("reason")),
                row.getString("connection"),
                row.getLong("rows"),
                row.getObject("finished_at", OffsetDateTime.class).toInstant());
    }

    private static List<Summary.Count> counts(Connection database, String sql) throws SQLException {
        List<Summary.Count> counts = new ArrayList<>();
        query(database, sql, row -> counts.add(new Summary.Count(row.getString(1), row.getString(2), row.getLong(3))));
        return counts;
    }

    private static List<Summary.App> apps(Connection database) throws SQLException {
        List<Summary.App> apps = new ArrayList<>();
        query(database, APPS, row -> apps.add(new Summary.App(row.getString(1), row.getLong(2), row.getLong(3))));
        return apps;
    }

    private static long single(Connection database, String sql) throws SQLException {
        long[] value = {0};
        query(database, sql, row -> value[0] = row.getLong(1));
        return value[0];
    }

    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private static void query(Connection database, String sql, RowReader reader) throws SQLException {
        try (PreparedStatement statement = database.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                reader.read(rows);
            }
        }
    }
}
