package dev.kandjistream.poller.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.kandjistream.poller.domain.DevicesJudge;
import dev.kandjistream.poller.domain.DevicesSweep;
import dev.kandjistream.poller.domain.EvidenceRules;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.Verdict;
import dev.kandjistream.poller.http.AuditEvents.Named;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Looks for changes, answered word by word. */
class LooksTest {
    private static final long SINCE = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
    private static final String DATE = "Sun, 01 Mar 2026 12:30:00 GMT";

    private final FakeApi api = new FakeApi();
    private final AuditEvents audit = new AuditEvents();

    @AfterEach
    void close() {
        api.close();
    }

    private static String event(String id, String type, String target, String at) {
        return String.format(
                "{\"id\":\"%s\",\"target_type\":\"%s\",\"target_id\":\"%s\",\"occurred_at\":\"%s\",\"new_state\":{\"a\":[1,{}]}}",
                id, type, target, at);
    }

    private static String page(String next, String... events) {
        String link = next == null ? "null" : "\"" + next + "\"";
        return "{\"results\":[" + String.join(",", events) + "],\"previous\":null,\"next\":" + link + "}";
    }

    private Named read() throws InterruptedException {
        return audit.read(api.client(), SINCE);
    }

    private List<String> asked() {
        return api.asked.stream()
                .map(HttpExchange::getRequestURI)
                .map(uri -> uri.getPath() + "?" + uri.getQuery())
                .toList();
    }

    @Test
    void eventsNameDevicesAndUsersAndNothingElse() throws Exception {
        api.answers(
                200,
                page(
                        null,
                        event("1", "device", "AB-1", "2026-03-01T12:10:00Z"),
                        event("2", "User", "U-7", "2026-03-01T12:09:00Z"),
                        event("3", "blueprint", "b-1", "2026-03-01T12:08:00Z"),
                        "{\"id\":\"4\",\"target_type\":\"device\",\"target_id\":null,\"occurred_at\":\"2026-03-01T12:07:00Z\"}"),
                Map.of("Date", DATE));
        Named named = read();
        assertThat(named.devices()).containsExactly("ab-1");
        assertThat(named.users()).containsExactly("u-7");
        assertThat(named.whole()).isTrue();
        assertThat(named.rows()).isEqualTo(4);
    }

    @Test
    void theEndIsWhereTheWindowEndsWhateverFollows() throws Exception {
        api.answers(
                200,
                page(
                        "https://elsewhere.example/api/v1/audit/events?cursor=a%3D%3D&limit=500",
                        event("1", "device", "d-1", "2026-03-01T12:10:00Z")));
        api.answers(
                200,
                page(
                        "https://elsewhere.example/api/v1/audit/events?cursor=b",
                        event("0", "device", "d-0", "2026-03-01T11:59:59Z")));
        Named named = read();
        assertThat(named.devices()).containsExactly("d-1");
        assertThat(named.whole()).isTrue();
        assertThat(asked()).hasSize(2);
        assertThat(asked().get(1)).contains("cursor=a==").contains("start_date=2026-03-01T12:00:00Z");
    }

    @Test
    void aHistoryWithoutEndIsLeftToTheDeviceList() throws Exception {
        for (int i = 0; i < 20; i++) {
            api.answers(200, page("?cursor=" + i, event("e" + i, "device", "d-" + i, "2026-03-01T12:10:00Z")));
        }
        Named named = read();
        assertThat(named.whole()).isFalse();
        assertThat(named.pages()).isEqualTo(10);
    }

    @Test
    void aCursorThatComesTwiceEndsIt() throws Exception {
        api.answers(200, page("?cursor=a", event("1", "device", "d-1", "2026-03-01T12:10:00Z")));
        api.answers(200, page("?cursor=a", event("2", "device", "d-2", "2026-03-01T12:10:00Z")));
        assertThat(read().whole()).isFalse();
        assertThat(asked()).hasSize(2);
    }

    @Test
    void anEventIsToldUntilItIsHeardAndThenNoMore() throws Exception {
        for (int i = 0; i < 3; i++) {
            api.answers(200, page(null, event("1", "device", "d-1", "2026-03-01T12:10:00Z")));
        }
        read();
        Named again = read();
        assertThat(again.devices()).containsExactly("d-1");
        audit.heard(again);
        assertThat(read().devices()).isEmpty();
    }

    @Test
    void anEventWhoseTimeCannotBeReadIsToldButAddsNoPages() throws Exception {
        api.answers(200, page("?cursor=a", event("1", "device", "d-1", "yesterday")));
        Named named = read();
        assertThat(named.devices()).containsExactly("d-1");
        assertThat(named.whole()).isTrue();
        assertThat(asked()).hasSize(1);
    }

    @Test
    void whatIsNoListOfEventsIsAFailure() throws Exception {
        for (String body : List.of("[]", "{}", "{\"results\":{}}", "{\"results\":[1]}", "\"no\"")) {
            api.answers(200, body);
            assertThat(read().failure()).as(body).isPresent();
        }
        String many = IntStream.range(0, 10_001).mapToObj(i -> "{}").collect(Collectors.joining(","));
        api.answers(200, "{\"results\":[" + many + "]}");
        assertThat(read().failure().orElseThrow().getMessage()).contains("at most 500 rows");
    }

    private static String row(String id) {
        return "{\"device_id\":\"" + id + "\",\"platform\":\"Mac\",\"user\":\"\"}";
    }

    private Verdict single(String id) throws InterruptedException {
        Reading<DevicesSweep> reading = new SingleDevices(api.client()).read(List.of(id));
        return DevicesJudge.judge(new Ledger(), reading.sweep(), EvidenceRules.DEFAULT, SINCE);
    }

    @Test
    void aDeviceIsReadByItself() throws Exception {
        api.answers(200, row("D-1"));
        Verdict verdict = single("d-1");
        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.COMPLETE);
        assertThat(verdict.decisions()).hasSize(1);
        assertThat(asked()).containsExactly("/api/v1/devices/d-1?null");
    }

    @Test
    void anotherDeviceThanTheOneAskedForIsNotTakenForIt() throws Exception {
        api.answers(200, row("d-2"));
        Verdict verdict = single("d-1");
        assertThat(verdict.decisions()).isEmpty();
        assertThat(verdict.reason()).contains("answered with another device");
    }

    @Test
    void aDeviceIsNotFoundOnlyWhereTheListIsEmptyForItToo() throws Exception {
        api.answers(404, "<html>").answers(200, "[]");
        assertThat(new SingleDevices(api.client()).read(List.of("d-1")).sweep().notFound())
                .containsExactly("d-1");
        assertThat(asked().get(1)).contains("/api/v1/devices?").contains("device_id=d-1");

        api.answers(404, "{}").answers(200, "[" + row("d-1") + "]");
        assertThat(single("d-1").decisions()).hasSize(1);

        api.answers(404, "{}").answers(200, "[" + row("d-8") + "," + row("d-9") + "]");
        Verdict unheeded = single("d-1");
        assertThat(unheeded.decisions()).isEmpty();
        assertThat(unheeded.reason()).contains("does not heed the filter");

        api.answers(404, "{}").answers(404, "{\"message\":\"no Route matched with those values\"}");
        assertThat(single("d-1").outcome()).isEqualTo(Verdict.Outcome.INCOMPLETE);
    }

    @Test
    void whatIsNoDeviceEndsTheLookAsIncomplete() throws Exception {
        for (String body : List.of("[]", "1", "\"gone\"")) {
            api.answers(200, body);
            Verdict verdict = single("d-1");
            assertThat(verdict.decisions()).as(body).isEmpty();
            assertThat(verdict.outcome()).as(body).isNotEqualTo(Verdict.Outcome.COMPLETE);
        }
    }

    private static String apps(String device, String collected, String updated) {
        return "{\"offset\":null,\"limit\":300,\"total\":1,\"cursor\":null,\"data\":[{\"device_id\":\"" + device
                + "\",\"name\":\"Figma\",\"bundle_id\":\"com.figma\",\"created_at\":\"2026-01-01T00:00:00+00:00\",\"updated_at\":\""
                + updated + "\",\"last_collected_at\":\"" + collected + "\"}]}";
    }

    @Test
    void aRowFromBeforeTheWindowShowsThatTheFilterIsNotHeeded() throws Exception {
        String old = "2026-03-01T11:59:59.999999+00:00";
        String late = "2026-03-01T12:00:00.000000+00:00";
        var changes = new ChangedApps();
        api.answers(200, apps("d-1", old, old)).answers(200, apps("d-1", old, late));
        var byUpdate = changes.read(api.client(), SINCE);
        assertThat(byUpdate.sweep().isSound()).isTrue();
        assertThat(byUpdate.sweep().devices()).hasSize(1);
        assertThat(asked().get(0)).contains("last_collected_at");
        assertThat(asked().get(1)).contains("updated_at");

        api.answers(200, apps("d-1", old, old)).answers(200, apps("d-1", old, old));
        var neither = changes.read(api.client(), SINCE);
        assertThat(neither.sweep().isSound()).isFalse();
        assertThat(neither.sweep().devices()).isEmpty();

        api.answers(400, "{\"detail\":\"unknown column\"}").answers(200, apps("d-1", late, late));
        var refused = changes.read(api.client(), SINCE);
        assertThat(refused.sweep().isSound()).isTrue();
    }
}
