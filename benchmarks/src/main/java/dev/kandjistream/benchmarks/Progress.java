package dev.kandjistream.benchmarks;

import dev.kandjistream.schemas.Topics;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** How far a run has come, seen from outside: from receipts, committed offsets and tables. */
final class Progress implements AutoCloseable {
    private final Topics topics;
    private final Surroundings surroundings;
    private final String database;
    private final Admin admin;
    private final Receipts receipts;

    Progress(Surroundings surroundings, String prefix) {
        this.surroundings = surroundings;
        topics = new Topics(prefix);
        database = prefix;
        admin = Admin.create(Map.of("bootstrap.servers", surroundings.bootstrapServers()));
        receipts = new Receipts(surroundings, topics);
    }

    boolean isDone(String service) throws Exception {
        return switch (service) {
            case "poller" -> receipts.bothComplete();
            case "enricher" -> isEnriched();
            default -> isApplied();
        };
    }

    /** App rows read by the poller, or rows in all tables. */
    long rows(String service) throws Exception {
        return service.equals("sink") ? tableRows() : receipts.appRows();
    }

    private boolean isEnriched() throws Exception {
        var committed = admin.listConsumerGroupOffsets(
                        topics.enricherApplicationId(), new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata()
                .get();
        var inputs = List.of(topics.rawDevices().name(), topics.rawApps().name(), topics.userContributions());
        var partitions = committed.keySet().stream()
                .filter(partition -> inputs.contains(partition.topic()))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        if (partitions.keySet().stream().map(TopicPartition::topic).distinct().count() < inputs.size()) {
            return false;
        }
        var ends = admin.listOffsets(partitions).all().get();
        // A log may end in a transaction marker, which no consumer position counts as read.
        return partitions.keySet().stream()
                .allMatch(partition ->
                        committed.get(partition).offset() >= ends.get(partition).offset() - 1);
    }

    private boolean isApplied() throws Exception {
        try (Connection connection = connect();
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT count(*) FROM kandji.sweeps WHERE applied_at IS NOT NULL")) {
            rows.next();
            return rows.getLong(1) >= 2;
        }
    }

    private long tableRows() throws SQLException {
        long sum = 0;
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            for (String table : List.of(
                    "devices",
                    "licenses",
                    "users",
                    "usage",
                    "unattributed_devices",
                    "device_events",
                    "license_events",
                    "user_events",
                    "usage_events")) {
                try (var rows = statement.executeQuery("SELECT count(*) FROM kandji." + table)) {
                    rows.next();
                    sum += rows.getLong(1);
                }
            }
        }
        return sum;
    }

    private Connection connect() throws SQLException {
        var postgres = surroundings.postgres();
        String url = postgres.jdbcUrl().replaceFirst("/[^/?]*(\\?|$)", "/" + database + "$1");
        return DriverManager.getConnection(url, postgres.user(), postgres.password());
    }

    @Override
    public void close() {
        admin.close();
        receipts.close();
    }
}
