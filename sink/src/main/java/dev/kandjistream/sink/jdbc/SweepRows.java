package dev.kandjistream.sink.jdbc;

import dev.kandjistream.sink.domain.Receipt;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tables {@code sweeps} and {@code accounts}. Receipts are few: each is written by statements of its own, in order. */
final class SweepRows {
    /**
     * What is pending adds up: where a newer receipt replaces one that has not come through, it waits for both. Offsets only
     * grow, so {@code ||}, which lets the newer value of a member win, is their maximum. A receipt that has nothing to wait
     * for is applied as soon as it stands here. A receipt read once more (a rebuild) stays applied; one that meets a row of before
     * a rebuild inherits nothing, since offsets of topics created anew begin again.
     */
    private static final String PUT = """
            INSERT INTO kandji.sweeps AS s (account_id, kind, sweep_id, started_at, finished_at, verdict, reason, connection,
                endpoint, status, requests, pages, rows, devices, claimed_total, published, unchanged, retracted, withheld,
                oversized, unread, quota_limit, quota_spent, quota_remaining, last_complete_at, confirmed_at,
                last_complete_sweep_id, raw_end_offsets, pending_end_offsets, applied_at, record_key, record_partition,
                generation)
            SELECT v.*, v.raw_end_offsets, CASE WHEN v.raw_end_offsets = '{}' THEN now() END, ?, ?, ?
            FROM (VALUES (?, ?, ?, ?::timestamptz, ?::timestamptz, ?, ?, ?, ?, ?::integer, ?, ?, ?, ?, ?::bigint, ?, ?, ?, ?, ?, ?,
                ?::bigint, ?::bigint, ?::bigint, ?::timestamptz, ?::timestamptz, ?, ?::jsonb))
                AS v (account_id, kind, sweep_id, started_at, finished_at, verdict, reason, connection, endpoint, status,
                requests, pages, rows, devices, claimed_total, published, unchanged, retracted, withheld, oversized,
                unread, quota_limit, quota_spent, quota_remaining, last_complete_at, confirmed_at, last_complete_sweep_id,
                raw_end_offsets)
            ON CONFLICT (account_id, kind) DO UPDATE SET sweep_id = excluded.sweep_id, started_at = excluded.started_at,
                finished_at = excluded.finished_at, verdict = excluded.verdict, reason = excluded.reason,
                connection = excluded.connection, endpoint = excluded.endpoint, status = excluded.status,
                requests = excluded.requests, pages = excluded.pages, rows = excluded.rows, devices = excluded.devices,
                claimed_total = excluded.claimed_total, published = excluded.published, unchanged = excluded.unchanged,
                retracted = excluded.retracted, withheld = excluded.withheld, oversized = excluded.oversized,
                unread = excluded.unread, quota_limit = excluded.quota_limit, quota_spent = excluded.quota_spent,
                quota_remaining = excluded.quota_remaining, last_complete_at = excluded.last_complete_at,
                confirmed_at = excluded.confirmed_at, last_complete_sweep_id = excluded.last_complete_sweep_id, raw_end_offsets = excluded.raw_end_offsets,
                pending_end_offsets = CASE WHEN s.sweep_id = excluded.sweep_id THEN s.pending_end_offsets
                    WHEN s.generation = excluded.generation THEN s.pending_end_offsets || excluded.pending_end_offsets
                    ELSE excluded.pending_end_offsets END,
                applied_at = CASE WHEN s.sweep_id = excluded.sweep_id THEN s.applied_at
                    WHEN s.generation = excluded.generation
                        AND s.pending_end_offsets || excluded.pending_end_offsets = '{}' THEN now()
                    WHEN s.generation <> excluded.generation AND excluded.pending_end_offsets = '{}' THEN now() END,
                record_key = excluded.record_key, record_partition = excluded.record_partition,
                generation = excluded.generation""";

    private static final String PUT_ACCOUNT = """
            INSERT INTO kandji.accounts AS a (account_id, connection, connection_since, endpoint, status,
                last_devices_sweep_at, devices_confirmed_at, last_devices_sweep_id,
                last_apps_sweep_at, apps_confirmed_at, last_apps_sweep_id, updated_at)
            SELECT v.account_id, v.connection, v.finished_at, v.endpoint, v.status,
                CASE WHEN v.kind = 'devices' THEN v.last_complete_at END,
                CASE WHEN v.kind = 'devices' THEN v.confirmed_at END, CASE WHEN v.kind = 'devices' THEN v.sweep_id END,
                CASE WHEN v.kind = 'apps' THEN v.last_complete_at END,
                CASE WHEN v.kind = 'apps' THEN v.confirmed_at END, CASE WHEN v.kind = 'apps' THEN v.sweep_id END,
                v.finished_at
            FROM (VALUES (?, ?, ?, ?, ?::integer, ?::timestamptz, ?::timestamptz, ?::timestamptz, ?))
                AS v (account_id, kind, connection, endpoint, status, finished_at, last_complete_at, confirmed_at, sweep_id)
            ON CONFLICT (account_id) DO UPDATE SET connection = excluded.connection,
                connection_since = CASE WHEN a.connection = excluded.connection THEN a.connection_since
                    ELSE excluded.connection_since END,
                endpoint = excluded.endpoint, status = excluded.status,
                last_devices_sweep_at = coalesce(excluded.last_devices_sweep_at, a.last_devices_sweep_at),
                last_devices_sweep_id = coalesce(excluded.last_devices_sweep_id, a.last_devices_sweep_id),
                devices_confirmed_at = CASE WHEN excluded.last_devices_sweep_at IS NULL THEN a.devices_confirmed_at
                    ELSE excluded.devices_confirmed_at END,
                apps_confirmed_at = CASE WHEN excluded.last_apps_sweep_at IS NULL THEN a.apps_confirmed_at
                    ELSE excluded.apps_confirmed_at END,
                last_apps_sweep_at = coalesce(excluded.last_apps_sweep_at, a.last_apps_sweep_at),
                last_apps_sweep_id = coalesce(excluded.last_apps_sweep_id, a.last_apps_sweep_id),
                updated_at = excluded.updated_at
            WHERE a.updated_at <= excluded.updated_at""";

    private static final String REMOVE = "DELETE FROM kandji.sweeps WHERE record_key = ?";
    private static final String REMOVE_ACCOUNTS_WITHOUT_SWEEPS = "DELETE FROM kandji.accounts a"
            + " WHERE NOT EXISTS (SELECT FROM kandji.sweeps s WHERE s.account_id = a.account_id)";

    private SweepRows() {}

    static void write(Connection connection, List<StagedRows.StagedReceipt> receipts) throws SQLException {
        for (StagedRows.StagedReceipt staged : receipts) {
            if (staged.receipt() == null) {
                remove(connection, staged.key());
            } else {
                put(connection, staged);
                putAccount(connection, staged.receipt());
            }
        }
    }

    static void removeLeftBehind(Connection connection, int partition, int generation) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "DELETE FROM kandji.sweeps WHERE record_partition = ? AND generation < ?")) {
            statement.setInt(1, partition);
            statement.setInt(2, generation);
            statement.executeUpdate();
        }
        removeAccountsWithoutSweeps(connection);
    }

    static List<PendingSweep> pending(Connection connection) throws SQLException {
        List<PendingSweep> pending = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT s.sweep_id, p.key, p.value::bigint FROM kandji.sweeps s,"
                                + " jsonb_each_text(s.pending_end_offsets) p WHERE s.applied_at IS NULL ORDER BY s.sweep_id");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                String sweepId = rows.getString(1);
                if (pending.isEmpty()
                        || !pending.get(pending.size() - 1).sweepId().equals(sweepId)) {
                    pending.add(new PendingSweep(sweepId, new TreeMap<>()));
                }
                pending.get(pending.size() - 1).rawEndOffsets().put(rows.getString(2), rows.getLong(3));
            }
        }
        return pending;
    }

    /** Only that sweep: a newer receipt of the same account and kind may have taken the row meanwhile. */
    static boolean markApplied(Connection connection, String sweepId) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE kandji.sweeps SET applied_at = now(), pending_end_offsets = '{}'"
                        + " WHERE sweep_id = ? AND applied_at IS NULL")) {
            statement.setString(1, sweepId);
            return statement.executeUpdate() > 0;
        }
    }

    static List<Freshness> freshness(Connection connection) throws SQLException {
        List<Freshness> freshness = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT account_id, kind, coalesce(confirmed_at, last_complete_at) FROM kandji.sweeps"
                                + " WHERE last_complete_at IS NOT NULL");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                freshness.add(new Freshness(
                        rows.getString(1),
                        rows.getString(2),
                        rows.getTimestamp(3).toInstant()));
            }
        }
        return freshness;
    }

    private static void put(Connection connection, StagedRows.StagedReceipt staged) throws SQLException {
        Receipt r = staged.receipt();
        Receipt.Counts c = r.counts();
        Receipt.Quota q = r.quota();
        Object[] values = {
            clean(staged.key()),
            staged.partition(),
            staged.generation(),
            clean(r.accountId()),
            clean(r.kind()),
            clean(r.sweepId()),
            r.startedAt(),
            r.finishedAt(),
            clean(r.verdict()),
            clean(r.reason()),
            clean(r.connection()),
            clean(r.failure().endpoint()),
            r.failure().status(),
            c.requests(),
            c.pages(),
            c.rows(),
            c.devices(),
            c.claimedTotal(),
            c.published(),
            c.unchanged(),
            c.retracted(),
            c.withheld(),
            c.oversized(),
            c.unread(),
            q == null ? null : q.limit(),
            q == null ? null : q.spent(),
            q == null ? null : q.remaining(),
            r.lastCompleteAt(),
            r.confirmedAt(),
            clean(r.lastCompleteSweepId()),
            json(r.rawEndOffsets())
        };
        execute(connection, PUT, values);
    }

    private static void putAccount(Connection connection, Receipt r) throws SQLException {
        Object[] values = {
            clean(r.accountId()),
            clean(r.kind()),
            clean(r.connection()),
            clean(r.failure().endpoint()),
            r.failure().status(),
            r.finishedAt(),
            r.lastCompleteAt(),
            r.confirmedAt(),
            clean(r.lastCompleteSweepId())
        };
        execute(connection, PUT_ACCOUNT, values);
    }

    private static void remove(Connection connection, String key) throws SQLException {
        execute(connection, REMOVE, new Object[] {clean(key)});
        removeAccountsWithoutSweeps(connection);
    }

    private static void removeAccountsWithoutSweeps(Connection connection) throws SQLException {
        execute(connection, REMOVE_ACCOUNTS_WITHOUT_SWEEPS, new Object[0]);
    }

    private static void execute(Connection connection, String sql, Object[] values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                if (values[i] instanceof Instant time) {
                    statement.setObject(i + 1, OffsetDateTime.ofInstant(time, ZoneOffset.UTC));
                } else if (values[i] == null) {
                    statement.setNull(i + 1, Types.NULL);
                } else {
                    statement.setObject(i + 1, values[i]);
                }
            }
            statement.executeUpdate();
        }
    }

    /** Topic names hold nothing that JSON would want escaped; anything else is refused by the database. */
    private static String json(Map<String, Long> offsets) {
        var text = new StringBuilder("{");
        offsets.forEach((partition, offset) -> text.append(text.length() > 1 ? "," : "")
                .append('"')
                .append(partition)
                .append("\":")
                .append(offset));
        return text.append('}').toString();
    }

    private static String clean(String text) {
        return text == null || text.indexOf(0) < 0 ? text : text.replace("\0", "");
    }
}
