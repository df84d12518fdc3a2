package dev.kandjistream.sink.jdbc;

import dev.kandjistream.sink.domain.DecisionRow;
import java.util.List;

/** The decisions of a batch, encoded and ready to be sent. */
final class StagedDecisions {
    /** In the order of the record's fields, and what is worked out behind them. */
    static final List<String> COLUMNS = List.of(
            "decision_id",
            "decided_at",
            "client",
            "serial_number",
            "platform",
            "user_email",
            "context",
            "decision",
            "rule",
            "monitored",
            "missing",
            "source",
            "data_age_ms",
            "account_id",
            "device_id",
            "attributes",
            "policy_version",
            "device_key");

    final AppendSql sql = new AppendSql("decisions", String.join(", ", COLUMNS), "decision_id");
    final CopyBuffer rows = new CopyBuffer();

    void add(DecisionRow row) {
        rows.beginRow(COLUMNS.size());
        rows.uuid(row.id());
        rows.time(row.decidedAt());
        rows.text(row.client());
        rows.text(row.asked().serialNumber());
        rows.text(row.asked().platform());
        rows.text(row.asked().userEmail());
        rows.jsonb(row.asked().context());
        rows.text(row.answer().decision());
        rows.text(row.answer().rule());
        rows.texts(row.answer().monitored());
        rows.texts(row.answer().missing());
        rows.text(row.known().source());
        rows.bigint(row.known().dataAgeMillis());
        rows.text(row.known().accountId());
        rows.text(row.known().deviceId());
        rows.jsonb(row.known().attributes());
        rows.text(row.answer().policyVersion());
        rows.text(row.known().deviceKey());
    }
}
