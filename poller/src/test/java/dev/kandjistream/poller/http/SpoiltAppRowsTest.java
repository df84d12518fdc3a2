package dev.kandjistream.poller.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.App;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.DeviceApps;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A page of two rows each of three devices, columns of one of whose rows are lost, renamed, retyped, swapped and doubled.
 * Whatever is done to some columns of one row, all other rows and columns are read as they would have been without it.
 */
class SpoiltAppRowsTest {
    private static final Map<String, Function<App, String>> TEXTS = new LinkedHashMap<>();

    static {
        TEXTS.put("name", App::name);
        TEXTS.put("bundle_id", App::bundleId);
        TEXTS.put("version", App::version);
        TEXTS.put("short_version", App::shortVersion);
        TEXTS.put("path", App::path);
        TEXTS.put("bundle_name", App::bundleName);
        TEXTS.put("bundle_type", App::bundleType);
        TEXTS.put("developer_name", App::developerName);
        TEXTS.put("team_id", App::teamId);
        TEXTS.put("obtained_from", App::obtainedFrom);
        TEXTS.put("category", App::category);
    }

    private static final List<String> TIMES = List.of("created_at", "updated_at", "last_collected_at");
    private static final List<String> COLUMNS = columns();

    private static final List<String> VALUES = List.of(
            "null",
            "\"\"",
            "\"other\"",
            "true",
            "15.10",
            "1e999",
            "[]",
            "{\"name\":{\"path\":null}}",
            "\"\\u0000\"",
            "\"\\ud83d\"",
            "\"2025-13-41T00:00:00Z\"",
            "7".repeat(3_000),
            "\"" + "y".repeat(9_000) + "\"",
            "\"" + "\\ud83d\\ude00".repeat(9_000) + "\"",
            "[".repeat(3_000) + "]".repeat(3_000),
            "{\"" + "n".repeat(60_000) + "\":1}");

    private static List<String> columns() {
        var columns = new ArrayList<>(TEXTS.keySet());
        columns.addAll(TIMES);
        columns.addAll(List.of("info", "some_new_column"));
        return columns;
    }

    private static List<String[]> row(int number) {
        var row = new ArrayList<String[]>();
        row.add(new String[] {"device_id", "\"d" + number / 2 + "\""});
        for (String column : COLUMNS) {
            String value = TIMES.contains(column) ? "2025-01-01T00:00:00Z" : column + number;
            row.add(new String[] {column, "\"" + value + "\""});
        }
        return row;
    }

    private static String json(List<String[]> row) {
        return row.stream()
                .map(column -> "\"" + column[0] + "\":" + column[1])
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static AppPage page(List<String> rows) throws Exception {
        String body = "{\"total\":" + rows.size() + ",\"data\":" + rows + ",\"cursor\":null}";
        return new AppRowParser().parse(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), 42);
    }

    private static AppsSweep sweep(List<String> rows) throws Exception {
        var sweep = new AppsSweep();
        page(rows).addTo(sweep);
        return sweep.seal();
    }

    /** @return the columns that may have changed */
    private static Set<String> spoil(List<String[]> row, List<String> columns, Random random) {
        String column = columns.get(random.nextInt(columns.size()));
        String[] at = find(row, column);
        Set<String> hit = new TreeSet<>(Set.of(column));
        if (at == null) {
            return hit;
        }
        String value = VALUES.get(random.nextInt(VALUES.size()));
        switch (random.nextInt(5)) {
            case 0 -> row.remove(at);
            case 1 -> at[0] = column.toUpperCase(Locale.ROOT);
            case 2 -> at[1] = value;
            case 3 -> row.add(random.nextInt(row.size() + 1), new String[] {column, value});
            default -> {
                String[] other = row.get(1 + random.nextInt(row.size() - 1));
                String was = at[1];
                at[1] = other[1];
                other[1] = was;
                hit.add(other[0]);
            }
        }
        return hit;
    }

    private static String[] find(List<String[]> row, String column) {
        return row.stream().filter(each -> each[0].equals(column)).findFirst().orElse(null);
    }

    static IntStream seeds() {
        return IntStream.range(0, 400);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aFaultHitsNothingButItsColumn(int seed) throws Exception {
        var random = new Random(seed);
        List<String> rows = IntStream.range(0, 6).mapToObj(i -> json(row(i))).collect(Collectors.toList());
        Map<String, String> sound = SweepContents.of(sweep(rows));
        var spoilt = row(2);
        Set<String> hit = new TreeSet<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            hit.addAll(spoil(spoilt, COLUMNS, random));
        }
        rows.set(2, json(spoilt));
        AppsSweep sweep = sweep(rows);
        assertThat(sweep.isSound()).isTrue();
        Map<String, String> read = new TreeMap<>(SweepContents.of(sweep));
        read.remove("d1");
        sound.remove("d1");
        assertThat(read).isEqualTo(sound);
        DeviceApps device = device(sweep);
        if (device.unreadRows() > 0) {
            assertThat(hit).containsAnyOf("name", "bundle_id", "path");
            assertThat(apps(device)).containsExactly(row3());
        } else {
            App app = apps(device).stream()
                    .filter(each -> !each.equals(row3()))
                    .findFirst()
                    .orElseThrow();
            TEXTS.forEach((column, value) -> {
                if (!hit.contains(column)) {
                    assertThat(value.apply(app)).isEqualTo(column + 2);
                }
            });
            assertThat(hit)
                    .containsAll(app.shape().cut())
                    .containsAll(app.shape().unread());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aFaultInTheDeviceIdHitsNothingButItsRow(int seed) throws Exception {
        var random = new Random(seed);
        List<String> rows = IntStream.range(0, 6).mapToObj(i -> json(row(i))).collect(Collectors.toList());
        Map<String, String> sound = SweepContents.of(sweep(rows));
        var spoilt = row(2);
        spoil(spoilt, List.of("device_id"), random);
        rows.set(2, json(spoilt));
        assertThat(page(rows).size()).isEqualTo(6);
        Map<String, String> read = SweepContents.of(sweep(rows));
        assertThat(read).containsEntry("d0", sound.get("d0")).containsEntry("d2", sound.get("d2"));
    }

    private static App row3() throws RuntimeException {
        try {
            return apps(device(sweep(List.of(json(row(3)))))).get(0);
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
    }

    private static DeviceApps device(AppsSweep sweep) {
        return sweep.devices().stream()
                .filter(device -> device.deviceId().equals("d1"))
                .findFirst()
                .orElseThrow();
    }

    private static List<App> apps(DeviceApps device) {
        return device.order().stream().map(device::app).toList();
    }
}
