package dev.kandjistream.poller.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.kandji.http.DevicePage;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.Decision;
import dev.kandjistream.poller.domain.DeviceApps;
import dev.kandjistream.poller.domain.DevicesJudge;
import dev.kandjistream.poller.domain.DevicesSweep;
import dev.kandjistream.poller.domain.EvidenceRules;
import dev.kandjistream.poller.domain.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An API that takes 50 seconds for each answer: what it brings is as old as the request that it answers. */
class AgeTest {
    private static final Duration SLOW = Duration.ofSeconds(50);
    /** The clock ticks a millisecond whenever it is asked. */
    private static final long TICKS = 1_000;

    private final FakeApi api = new FakeApi();
    private final List<Long> arrivals = new ArrayList<>();

    @BeforeEach
    void takeTime() {
        api.beforeAnswering = () -> {
            arrivals.add(api.clock.now().toEpochMilli());
            api.clock.advance(SLOW);
        };
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static String device(String id) {
        return "{\"device_id\":\"" + id + "\",\"model\":\"Mac\"}";
    }

    private static String apps(String cursor, String... devices) {
        String rows = List.of(devices).stream()
                .map(id -> "{\"device_id\":\"" + id + "\",\"name\":\"app\",\"path\":" + cursor + "}")
                .collect(Collectors.joining(","));
        return "{\"data\":[" + rows + "],\"cursor\":" + cursor + "}";
    }

    private void assertObserved(long observedAt, int request) {
        assertThat(observedAt).isBetween(arrivals.get(request) - TICKS, arrivals.get(request));
    }

    /** The server dates its answers by the wall clock; by the client's they took so long. */
    private static void assertAsOfTheRequest(long asOf) {
        assertThat(Instant.ofEpochMilli(asOf).plus(SLOW))
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
    }

    private static long observedAt(DevicesSweep sweep, String deviceId) {
        return DevicesJudge.judge(new Ledger(), sweep, EvidenceRules.DEFAULT, 1).decisions().stream()
                .filter(decision -> decision.deviceId().equals(deviceId))
                .map(decision ->
                        ((Decision.Device) decision.publication()).row().observedAt())
                .findFirst()
                .orElseThrow();
    }

    private static long observedAt(AppsSweep sweep, String deviceId) {
        return sweep.devices().stream()
                .filter(device -> device.deviceId().equals(deviceId))
                .map(DeviceApps::observedAt)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aDeviceIsAsOldAsTheRequestForItsPage() throws Exception {
        String page = IntStream.range(0, DevicePage.LIMIT)
                .mapToObj(i -> device("d" + i))
                .collect(Collectors.joining(",", "[", "]"));
        api.answers(503, "", Map.of("Retry-After", "9"))
                .answers(200, page)
                .answers(200, "<html>")
                .answers(200, "[" + device("last") + "]")
                .answers(200, "[]");
        DevicesSweep sweep =
                new DevicesWalk(api.client(), (rows, total) -> {}).read().sweep();
        assertThat(sweep.isSound()).isTrue();
        assertObserved(observedAt(sweep, "d7"), 1);
        assertObserved(observedAt(sweep, "last"), 3);
        assertAsOfTheRequest(sweep.walk().asOf());
    }

    @Test
    void aDeviceReadByItselfIsAsOldAsItsRequestAlsoFromTheList() throws Exception {
        api.answers(200, device("a")).answers(404, "").answers(200, "[" + device("b") + "]");
        DevicesSweep sweep =
                new SingleDevices(api.client()).read(List.of("a", "b")).sweep();
        assertObserved(observedAt(sweep, "a"), 0);
        assertObserved(observedAt(sweep, "b"), 2);
    }

    @Test
    void aListOfAppsIsAsOldAsItsFirstPage() throws Exception {
        api.answers(200, apps("\"c1\"", "a", "b")).answers(200, apps("null", "b", "c"));
        AppsSweep sweep = new AppsWalk(api.client(), (rows, total) -> {}).read().sweep();
        assertObserved(observedAt(sweep, "a"), 0);
        assertObserved(observedAt(sweep, "b"), 0);
        assertObserved(observedAt(sweep, "c"), 1);
    }

    @Test
    void anExportIsAsOldAsTheRequestForIt() throws Exception {
        String names = "device_id,name,bundle_id,version,short_version,path,bundle_name,bundle_type,"
                + "developer_name,team_id,obtained_from,category,created_at,updated_at,last_collected_at\n";
        String job = "{\"id\":\"e1\",\"status\":\"%s\",\"signed_url\":\"" + api.origin() + "/file.csv\"}";
        api.answers(503, "", Map.of("Retry-After", "9"))
                .answers(200, job.formatted("pending"))
                .answers(200, job.formatted("success"))
                .answers(200, "{\"count\":1,\"approximate\":false}")
                .answers(200, names + "a,app,,,,,,,,,,,,,\n");
        var client = api.client();
        var optional = new OptionalEndpoints(() -> new Password("secret-token"), api.clock);
        AppsSweep sweep = new AppsExport(client, new RowCounts(client, optional), (rows, total) -> {})
                .read(1)
                .sweep();
        assertObserved(observedAt(sweep, "a"), 1);
        assertAsOfTheRequest(sweep.walk().asOf());
    }
}
