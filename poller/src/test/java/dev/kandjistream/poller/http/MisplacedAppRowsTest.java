package dev.kandjistream.poller.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.AppsJudge;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.CompleteSweeps;
import dev.kandjistream.poller.domain.EvidenceRules;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.SingleReads;
import dev.kandjistream.poller.domain.Verdict;
import dev.kandjistream.poller.domain.Verdict.Outcome;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * App rows that stand where rows of other devices should be, under a total that counts all rows. Thirty devices with five
 * apps each are published, and report again before every sweep; all apps are still installed unless a test says otherwise.
 */
class MisplacedAppRowsTest {
    private static final EvidenceRules RULES = EvidenceRules.DEFAULT;
    private static final List<String> APPS = List.of("Slack", "Zoom", "Firefox", "1Password", "Notes");

    private final Ledger ledger = new Ledger();
    private HostileApi api;
    private int day = 1;

    /** One row of one device. */
    private record Row(int device, String app, String version, String more) {
        static Row of(int device, String app) {
            return new Row(device, app, "1.0", "");
        }

        Row with(String otherVersion) {
            return new Row(device, app, otherVersion, more);
        }

        /** A later value replaces an earlier one where the keys are equal. */
        Row spoilt(String field) {
            return new Row(device, app, version, field);
        }

        String json(int day) {
            String name = "\"name\":\"" + app + "\"";
            String bundleId = "\"bundle_id\":\"com.example." + app + "\"";
            if (more.startsWith("\"name\"")) {
                name = more;
            } else if (more.startsWith("\"bundle_id\"")) {
                bundleId = more;
            }
            return "{\"device_id\":\"d" + device + "\"," + name + "," + bundleId + ",\"path\":\"/Applications/" + app
                    + ".app\",\"version\":\"" + version
                    + "\",\"created_at\":\"2026-01-01T00:00:00Z\",\"updated_at\":\"2026-01-01T00:00:00Z\","
                    + String.format("\"last_collected_at\":\"2026-02-%02dT00:00:00Z\"}", day);
        }
    }

    @BeforeEach
    void publishApps() throws Exception {
        api = new HostileApi((request, out) -> out.text("{}"));
        assertThat(sweep(fleet(), false).outcome()).isEqualTo(Outcome.COMPLETE);
        ledger.complete(Ledger.APPS, new CompleteSweeps(true, 1, "first"));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static List<Row> fleet() {
        return IntStream.range(0, 30)
                .boxed()
                .flatMap(device -> APPS.stream().map(app -> Row.of(device, app)))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** By a walk, or by an export whose rows were counted before and after. Devices that lack rows are not read again. */
    private Verdict sweep(List<Row> rows, boolean export) throws Exception {
        day++;
        AppsSweep sweep;
        if (export) {
            sweep = new AppsSweep();
            sweep.walk().counted(rows.size(), rows.size());
            byte[] csv = csv(rows).getBytes(StandardCharsets.UTF_8);
            new AppsCsv(sweep, 1).read(new CappedStream(new ByteArrayInputStream(csv), Long.MAX_VALUE), () -> true);
            sweep.seal();
        } else {
            answer(rows);
            sweep = new AppsWalk(api.client(), (read, total) -> {}).read().sweep();
        }
        return judged(sweep);
    }

    private void answer(List<Row> rows) {
        String data = rows.stream().map(row -> row.json(day)).collect(Collectors.joining(","));
        api.answers(
                (request, out) -> out.text("{\"total\":" + rows.size() + ",\"data\":[" + data + "],\"cursor\":null}"));
    }

    /** Each device's list alone is asked for by these rows, as the API would have it. */
    private Verdict sweepAndReread(List<Row> rows, List<Row> alone) throws Exception {
        day++;
        answer(rows);
        AppsSweep sweep = new AppsWalk(api.client(), (read, total) -> {}).read().sweep();
        List<String> reread = SingleReads.worthRereading(ledger, sweep, RULES);
        answer(alone.stream().filter(row -> reread.contains("d" + row.device())).toList());
        assertThat(new AppsOfDevices(api.client()).reread(reread, sweep)).isEmpty();
        return judged(sweep);
    }

    private Verdict judged(AppsSweep sweep) {
        Verdict verdict = AppsJudge.judge(ledger, sweep, RULES, api.clock.now().toEpochMilli());
        verdict.decisions().forEach(decision -> ledger.put(decision.deviceId(), decision.after()));
        return verdict;
    }

    private String csv(List<Row> rows) {
        return "device_id,name,bundle_id,version,short_version,path,bundle_name,bundle_type,developer_name,team_id,"
                + "obtained_from,category,created_at,updated_at,last_collected_at\n"
                + rows.stream()
                        .map(row -> "d" + row.device() + "," + row.app()
                                + (row.more().isEmpty() ? "" : "\uFFFD") + ",com.example." + row.app() + ","
                                + row.version() + ",,/Applications/" + row.app()
                                + ".app,,,,,,,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z,"
                                + String.format("2026-02-%02dT00:00:00Z%n", day).stripTrailing() + "\n")
                        .collect(Collectors.joining());
    }

    /** Rows of devices 0 to 4 in place of a row each of devices 10 to 14. */
    private static List<Row> misplaced(List<Row> first, List<Row> second) {
        List<Row> rows = fleet();
        for (int i = 0; i < 5; i++) {
            rows.set(rows.indexOf(Row.of(i, "Slack")), first.get(i));
            rows.set(rows.indexOf(Row.of(10 + i, "Zoom")), second.get(i));
        }
        return rows;
    }

    private static List<Row> slacks(String version, String spoilt) {
        return IntStream.range(0, 5)
                .mapToObj(i -> Row.of(i, "Slack").with(version).spoilt(spoilt))
                .toList();
    }

    private void assertNothingEnds(List<Row> rows) throws Exception {
        for (boolean export : new boolean[] {false, true, false, true, false}) {
            Verdict verdict = sweep(rows, export);
            assertThat(verdict.retracted()).as("by export: " + export).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"name\":[\"Slack\"]", "\"bundle_id\":{\"id\":\"com.example.Slack\"}", "\"name\":true"})
    void anUnreadableRowThatComesTwiceMayStandInThePlaceOfAnother(String spoilt) throws Exception {
        assertNothingEnds(misplaced(slacks("1.0", spoilt), slacks("1.0", spoilt)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"name\":[\"Slack\"]", "\"bundle_id\":{\"id\":\"com.example.Slack\"}"})
    void unreadableRowsBeyondThoseThatWerePublishedMayStandInThePlaceOfOthers(String spoilt) throws Exception {
        assertNothingEnds(misplaced(slacks("1.0", spoilt), slacks("2.0", spoilt)));
        assertNothingEnds(misplaced(slacks("1.0", ""), slacks("2.0", spoilt)));
    }

    /** A row was updated while it was read: before and after. Sweep after sweep, so that the double row is published. */
    @Test
    void aRowThatComesTwiceWithAnotherVersionMayStandInThePlaceOfAnother() throws Exception {
        assertNothingEnds(misplaced(slacks("1.0", ""), slacks("1.1", "")));
    }

    @Test
    void aRowThatComesTwiceMayStandInThePlaceOfAnother() throws Exception {
        assertNothingEnds(misplaced(slacks("1.0", ""), slacks("1.0", "")));
    }

    /** Some devices do have an app twice. They make no sweep doubtful, and what others lose ends by their own lists. */
    @Test
    void anAppThatADeviceHasTwiceDelaysWhatOtherDevicesLoseByOneReading() throws Exception {
        List<Row> rows = fleet();
        for (int i = 0; i < 10; i++) {
            rows.add(Row.of(i, "Slack").with("2.0"));
        }
        for (int i = 0; i < 3; i++) {
            Verdict verdict = sweepAndReread(rows, rows);
            assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(verdict.reason()).isNull();
        }
        rows.remove(Row.of(20, "Zoom"));
        assertThat(sweepAndReread(rows, rows).retracted()).isZero();
        Verdict verdict = sweepAndReread(rows, rows);
        assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(verdict.retracted()).isEqualTo(1);
    }

    @Test
    void appsAtTwoPathsAreTwoAppsAndDelayNothing() throws Exception {
        List<Row> rows = fleet();
        rows.add(Row.of(0, "Helper"));
        assertThat(sweep(rows, false).reason()).isNull();
        rows.remove(Row.of(20, "Zoom"));
        assertThat(sweep(rows, false).retracted()).isEqualTo(1);
    }

    /** In the answer about some devices, too, one device's row may stand in the place of another's. */
    @Test
    void devicesReadTogetherAreReadOneByOneWhereARowComesTwice() throws Exception {
        var sweep = new AppsSweep().seal();
        List<Row> both = new ArrayList<>();
        APPS.forEach(app -> both.add(Row.of(0, app)));
        APPS.forEach(app -> both.add(Row.of(1, app)));
        both.set(both.indexOf(Row.of(1, "Zoom")), Row.of(0, "Zoom").with("2.0"));
        String together = both.stream().map(row -> row.json(9)).collect(Collectors.joining(","));
        api.answers((request, out) -> {
            String data = request == 0
                    ? together
                    : APPS.stream().map(app -> Row.of(request - 1, app).json(9)).collect(Collectors.joining(","));
            out.text("{\"total\":" + (request == 0 ? 10 : 5) + ",\"data\":[" + data + "],\"cursor\":null}");
        });
        assertThat(new AppsOfDevices(api.client()).reread(List.of("d0", "d1"), sweep))
                .isEmpty();
        assertThat(api.requests).hasValue(3);
        assertThat(sweep.devices())
                .extracting(apps -> apps.deviceId() + " " + apps.size())
                .contains("d0 5", "d1 5");
    }

    /** The device's own list has the app twice, in the place of the one that is missing: it must stand. */
    @Test
    void aListThatHasAnAppTwiceProvesNoLossByItself() throws Exception {
        List<Row> rows = fleet();
        rows.set(rows.indexOf(Row.of(3, "Zoom")), Row.of(3, "Slack").with("2.0"));
        for (int i = 0; i < 4; i++) {
            assertThat(sweepAndReread(rows, rows).retracted()).isZero();
        }
    }

    @Test
    void aFilterThatIsNotHeededCostsOnePage() throws Exception {
        api.answers((request, out) -> out.text("{\"data\":["
                + IntStream.range(0, 300)
                        .mapToObj(i -> Row.of(i, "app" + request).json(9))
                        .collect(Collectors.joining(","))
                + "],\"cursor\":\"c" + request + "\"}"));
        var sweep = new AppsSweep().seal();
        assertThat(new AppsOfDevices(api.client()).reread(List.of("d0", "d1"), sweep))
                .isPresent();
        assertThat(api.requests).hasValue(1);
    }

    static IntStream seeds() {
        return IntStream.range(0, 80);
    }

    /** Up to nine rows are replaced by such rows, by walk and by export in turn; all apps are still installed. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whateverStandsInTheirPlaceNoAppEnds(int seed) throws Exception {
        var random = new Random(seed);
        List<Row> rows = fleet();
        Set<Integer> places = new TreeSet<>();
        for (int i = 1 + random.nextInt(9); i > 0; i--) {
            places.add(random.nextInt(rows.size()));
        }
        for (int place : places) {
            Row other = Row.of(random.nextInt(30), APPS.get(random.nextInt(APPS.size())));
            if (rows.indexOf(other) == place) {
                continue;
            }
            Row instead =
                    switch (random.nextInt(4)) {
                        case 0 -> other;
                        case 1 -> other.with("2.0");
                        case 2 -> other.spoilt("\"name\":[1]");
                        default -> other.with("2.0").spoilt("\"bundle_id\":{}");
                    };
            rows.set(place, instead);
            if (random.nextBoolean() && rows.contains(other)) {
                rows.set(rows.indexOf(other), instead);
            }
        }
        assertNothingEnds(rows);
    }

    /** Every page has a fresh cursor and rows that have come before, in another order. */
    @Test
    void pagesWithoutANewRowDoNotGoOnForEver() throws Exception {
        List<String> rows = fleet().stream().map(row -> row.json(9)).toList();
        api.answers((request, out) -> {
            var shuffled = new ArrayList<>(rows);
            Collections.shuffle(shuffled, new Random(request));
            out.text("{\"data\":[" + String.join(",", shuffled) + "],\"cursor\":\"c" + request + "\"}");
        });
        assertEndless();
    }

    @Test
    void pagesOfUnusableRowsDoNotGoOnForEver() throws Exception {
        api.answers((request, out) ->
                out.text("{\"data\":[" + "null,".repeat(request % 300) + "null],\"cursor\":\"c" + request + "\"}"));
        assertEndless();
    }

    @Test
    void pagesOfOneNewRowEachDoNotGoOnForEver() throws Exception {
        api.answers((request, out) -> out.text(
                "{\"total\":1,\"data\":[" + Row.of(1, "a" + request).json(9) + "],\"cursor\":\"c" + request + "\"}"));
        assertEndless();
    }

    private void assertEndless() throws InterruptedException {
        AppsSweep sweep = new AppsWalk(api.client(), (read, total) -> {}).read().sweep();
        Verdict verdict = AppsJudge.judge(ledger, sweep, RULES, 1);
        assertThat(verdict.outcome()).isEqualTo(Outcome.INCOMPLETE);
        assertThat(verdict.reason()).containsAnyOf("did not end", "does not end");
        assertThat(api.requests.get()).isLessThan(200);
    }
}
