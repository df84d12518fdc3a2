package dev.kandjistream.poller.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.kandji.http.BadBody;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.DeviceApps;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of app rows as the API is known to write them, by hand. */
class AppRowParserTest {
    private static AppPage apps(String body) throws BadBody {
        return new AppRowParser().parse(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), 42);
    }

    private static DeviceApps app(String row) throws BadBody {
        var sweep = new AppsSweep();
        apps("{\"data\":[" + row + "]}").addTo(sweep);
        return sweep.seal().devices().iterator().next();
    }

    @Test
    void anAppRowIsReadAndNormalised() throws BadBody {
        DeviceApps apps = app("""
                {"device_id":"AAAA-1","device__name":"x","device__user_email":null,"name":"Café","bundle_id":"com.example.cafe",
                 "version":3.1,"short_version":"3010","path":"/Applications/Café.app","bundle_name":"","bundle_type":null,
                 "developer_name":"Example","team_id":"T1","obtained_from":"identified_developer","category":"Food",
                 "created_at":"2025-02-11T09:31:07.450012+00:00","updated_at":"2025-02-11T10:31:07+01:00",
                 "last_collected_at":"2025-03-01T00:00:00Z","download":{"a":[1,{"b":2}]},"bundle_size":12}""");
        assertThat(apps.deviceId()).isEqualTo("aaaa-1");
        assertThat(apps.app(0).name()).isEqualTo("Café");
        assertThat(apps.app(0).version()).isEqualTo("3.1");
        assertThat(apps.app(0).bundleName()).isNull();
        assertThat(apps.app(0).bundleType()).isNull();
        assertThat(apps.app(0).path()).isEqualTo("/Applications/Café.app");
        assertThat(apps.createdAt(0))
                .isEqualTo(Instant.parse("2025-02-11T09:31:07.450Z").toEpochMilli());
        assertThat(apps.updatedAt(0))
                .isEqualTo(Instant.parse("2025-02-11T09:31:07Z").toEpochMilli());
        assertThat(apps.collectedAt())
                .isEqualTo(Instant.parse("2025-03-01T00:00:00Z").toEpochMilli());
    }

    @Test
    void rowsWithFieldsInAnyOrderAreRead() throws BadBody {
        var sweep = new AppsSweep();
        apps("""
                        {"data":[{"device_id":"a","x":1,"name":"One","version":"1"},
                                 {"device_id":"a","x":[{}],"name":"Two","version":"2"},
                                 {"version":"3","name":"Three","device_id":"a"},
                                 {"name":"Four","more":{"name":"not this"},"device_id":"a","version":"4"}]}""").addTo(sweep);
        DeviceApps device = sweep.seal().devices().iterator().next();
        assertThat(device.order().stream()
                        .map(row -> device.app(row).name() + device.app(row).version())
                        .toList())
                .containsExactlyInAnyOrder("One1", "Two2", "Three3", "Four4");
    }

    @Test
    void theEnvelopeSaysWhatFollows() throws BadBody {
        AppPage page = apps("{\"offset\":null,\"limit\":25,\"total\":165,\"data\":[],\"cursor\":\"a=b+c/|\"}");
        assertThat(page.cursor).isEqualTo("a=b+c/|");
        assertThat(page.total).hasValue(165);
        assertThat(page.appliedLimit).hasValue(25);
        AppPage bare = apps("{\"total\":null,\"data\":[],\"cursor\":\"\"}");
        assertThat(bare.cursor).isNull();
        assertThat(bare.total).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{\"results\":[]}", "{\"data\":{}}", "{\"data\":null}", "\"no\""})
    void anotherEnvelopeIsRejectedLoudly(String body) {
        assertThatThrownBy(() -> apps(body)).isInstanceOf(BadBody.class).hasMessageContaining("expected");
    }

    @Test
    void appRowsWithoutDeviceAreCounted() throws BadBody {
        AppPage page = apps(
                "{\"data\":[{\"name\":\"x\"},null,{\"device_id\":{\"a\":1},\"name\":\"y\"},{\"device_id\":\"b\"}]}");
        assertThat(page.size()).isEqualTo(4);
        var sweep = new AppsSweep();
        page.addTo(sweep);
        assertThat(sweep.devices()).extracting(DeviceApps::deviceId).containsExactly("b");
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 100_000})
    void deepNestingIsPassedOverOrRefusedButBreaksNothing(int depth) {
        String deep = "[".repeat(depth) + "]".repeat(depth);
        try {
            apps("{\"data\":[{\"device_id\":\"a\",\"info\":" + deep + "}]}");
        } catch (BadBody refused) {
            assertThat(refused).hasMessageContaining("JSON");
        }
    }
}
