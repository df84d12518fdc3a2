package dev.kandjistream.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.Kind;
import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Platform;
import dev.kandjistream.sweeps.SweepReceipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts on topics, stores, schemas and tables that version 0.1.0 left, over the fleet that it had swept. */
@Tag("recovery")
class UpgradeIT {
    private static final int APPS_LISTS = 20;

    @TempDir
    Path data;

    private Account acme;

    @BeforeEach
    void unpack() throws Exception {
        Fixture.unpack("0.1.0", data);
        acme = Account.start(FixtureFleet.tenant(), Account.onDemand());
        FixtureFleet.of(acme.simulator()).toItsEnd();
    }

    /** Without the stores, they are restored from the changelogs, as on another machine. */
    @ParameterizedTest(name = "with its stores: {0}")
    @ValueSource(booleans = {true, false})
    void servicesGoOnWhereTheFormerOnesStopped(boolean stores) throws Exception {
        if (!stores) {
            delete(data.resolve("enricher"));
        }
        try (Stack stack = Stack.start(data, List.of(acme))) {
            int mark = stack.read();
            assertThat(mark).isPositive();
            Map<String, Object> tables = tables(stack);

            // Every list of apps is published again. The id of one app had white space around it, which ids have no
            // more.
            assertThat(stack.sweep(acme, Kind.APPS).getPublished()).isEqualTo(APPS_LISTS);
            mark = toldSince(
                    stack,
                    mark,
                    "usage.ended d APP_REMOVED Wide Tool of dana.kim@acme.example",
                    "usage.started c APP_INSTALLED Wide Tool of dana.kim@acme.example");
            assertThat(stack.sweep(acme, Kind.APPS).getPublished()).isZero();
            mark = toldSince(stack, mark);
            assertThat(withoutWideTool(tables(stack))).isEqualTo(withoutWideTool(tables));

            Device mac = macWithUser();
            String name = acme.fleet().reading(() -> mac.person().email());
            acme.fleet().install(mac, App.mac("Brand New", "com.example.brand-new", "1.0"));
            acme.fleet().collect(mac);
            stack.sweep(acme, Kind.APPS);
            toldSince(stack, mark, "usage.started c APP_INSTALLED Brand New of " + name);
            assertThat(deadLetters(stack)).isZero();
            stack.judgeLaws();
        }
    }

    /** One serial number had white space around it and small letters, which the normal form has not. */
    @Test
    void aSweepOfDevicesAfterAnUpgradeTellsTheNormalFormOfSerialNumbersOnly() throws Exception {
        try (Stack stack = Stack.start(data, List.of(acme))) {
            int mark = stack.read();
            Map<String, Object> tables = tables(stack);
            SweepReceipt receipt = stack.sweep(acme, Kind.DEVICES);
            mark = toldSince(
                    stack,
                    mark,
                    "device.updated u DEVICE_CHANGED Dana’s Mac",
                    "license.updated u DEVICE_CHANGED Dana’s Mac");
            assertThat(withSerialNumber(tables(stack), "C02XY-LOW")).hasSize(2);
            assertThat(without(tables(stack), "C02XY-LOW")).isEqualTo(without(tables, " c02xy-low "));
            assertThat(receipt.getRetracted()).isZero();
            assertThat(receipt.getWithheld()).isZero();

            stack.sweep(acme, Kind.DEVICES);
            toldSince(stack, mark);
        }
    }

    private static Map<String, Object> withSerialNumber(Map<String, Object> tables, String serialNumber) {
        var those = new TreeMap<>(tables);
        those.values().removeIf(row -> !serialNumber.equals(((Map<?, ?>) row).get("serial_number")));
        return those;
    }

    private static Map<String, Object> without(Map<String, Object> tables, String serialNumber) {
        var rest = new TreeMap<>(tables);
        rest.keySet().removeAll(withSerialNumber(tables, serialNumber).keySet());
        return rest;
    }

    /** @return a mark behind these events */
    private int toldSince(Stack stack, int mark, String... lines) {
        int now = stack.read();
        assertThat(stack.lines(acme, mark)).containsExactlyInAnyOrder(lines);
        return now;
    }

    private static Map<String, Object> withoutWideTool(Map<String, Object> tables) {
        var rest = new TreeMap<>(tables);
        rest.keySet().removeIf(key -> key.contains("com.wide.Tool"));
        return rest;
    }

    private Device macWithUser() {
        return acme.fleet().reading(() -> acme.fleet().devices().stream()
                .filter(device -> device.platform() == Platform.MAC && device.person() != null)
                .findFirst()
                .orElseThrow());
    }

    private static Map<String, Object> tables(Stack stack) throws SQLException {
        try (Connection database = stack.pipeline().database()) {
            var tables = new Tables(database);
            var all = new TreeMap<String, Object>();
            for (ChangeTopic topic : ChangeTopic.values()) {
                Rows rows = tables.current(topic);
                rows.keys().forEach(key -> all.put(topic.word + " " + key, rows.get(key)));
            }
            Rows rows = tables.unattributed();
            rows.keys().forEach(key -> all.put("unattributed " + key, rows.get(key)));
            return all;
        }
    }

    private static long deadLetters(Stack stack) throws Exception {
        try (var admin = Admin.create(
                Map.of("bootstrap.servers", stack.pipeline().clientProperties().get("bootstrap.servers")))) {
            var only = new TopicPartition("kandji.deadletters", 0);
            return admin.listOffsets(Map.of(only, OffsetSpec.latest()))
                    .partitionResult(only)
                    .get()
                    .offset();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
