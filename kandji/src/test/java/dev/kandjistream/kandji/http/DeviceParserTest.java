package dev.kandjistream.kandji.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.Moment;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Device lists as the API is known to write them, by hand. */
class DeviceParserTest {
    private static final String ROW = """
            {"device_id": "AAAA-1", "device_name": "Zoë’s “Mac”", "serial_number": "C02X", "platform": "Mac",
             "model": "MacBook Air (M1, 2020)", "os_version": "15.6", "last_check_in": "2025-03-09T08:15:42.004210Z",
             "user": {"email": " Zoe@Acme.Example", "name": "Zoë", "id": 40117, "is_archived": false},
             "asset_tag": "", "blueprint_id": null, "blueprint_name": "Default", "mdm_enabled": true,
             "agent_installed": "True", "is_missing": false, "is_removed": false, "agent_version": "4.8.0 (5400)",
             "first_enrollment": "2025-02-11 09:30:05.120034+00:00", "last_enrollment": "2025-02-11 09:30:05+00:00",
             "tags": ["a", "b"], "future_field": {"x": [1, 2]}}""";

    private static DevicePage devices(String body) throws BadBody {
        return DeviceParser.parse(body.getBytes(StandardCharsets.UTF_8), OptionalLong.empty(), 42);
    }

    private static DeviceRow device(String row) throws BadBody {
        return devices("[" + row + "]").rows().get(0);
    }

    @Test
    void aDeviceRowIsReadAndNormalised() throws BadBody {
        DeviceRow row = device(ROW);
        assertThat(row.deviceId()).isEqualTo("aaaa-1");
        assertThat(row.deviceName()).isEqualTo("Zoë’s “Mac”");
        assertThat(row.user().id()).isEqualTo("40117");
        assertThat(row.user().email()).isEqualTo("zoe@acme.example");
        assertThat(row.user().archived()).isFalse();
        assertThat(row.assetTag()).isNull();
        assertThat(row.blueprintId()).isNull();
        assertThat(row.lostModeStatus()).isNull();
        assertThat(row.agentInstalled()).isTrue();
        assertThat(row.lastCheckIn())
                .isEqualTo(Instant.parse("2025-03-09T08:15:42.004Z").toEpochMilli());
        assertThat(row.firstEnrollment())
                .isEqualTo(Instant.parse("2025-02-11T09:30:05.120Z").toEpochMilli());
        assertThat(row.lastEnrollment())
                .isEqualTo(Instant.parse("2025-02-11T09:30:05Z").toEpochMilli());
        assertThat(row.tags()).isEqualTo(List.of("a", "b"));
        assertThat(row.json()).isEqualTo(ROW);
        assertThat(row.attributed()).isTrue();
    }

    @Test
    void twoRowsOfOneDeviceWithDifferentValuesAreNeitherRead() throws BadBody {
        String refused = ROW.replace("\"mdm_enabled\": true", "\"mdm_enabled\": false");
        for (String rows :
                List.of(refused + "," + ROW, ROW + "," + refused, ROW + "," + ROW + "," + refused + "," + ROW)) {
            DevicePage page = devices("[" + rows + ",{\"device_id\":\"other\",\"model\":\"m\"}]");
            assertThat(page.rows()).extracting(DeviceRow::deviceId).containsExactly("other");
            assertThat(page.unread()).containsOnlyKeys("aaaa-1");
            assertThat(page.unusable()).isEqualTo(page.size() - 2);
        }
    }

    /** One row is the device's own. Each of the others may stand in the place of another device's row. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "row,id | 1",
                "id,row | 1",
                "id,id | 1",
                "row,row,id | 2",
                "row,id,row | 2",
                "id,other,id,unread | 2",
                "row,other,capitals | 1"
            })
    void aFurtherRowOfADeviceThatCannotBeReadIsUnusable(String words, int unusable) throws BadBody {
        Map<String, String> rows = Map.of(
                "row", ROW,
                "id", "{\"device_id\":\"aaaa-1\"}",
                "capitals", "{\"device_id\":\"AAAA-1\"}",
                "unread", "{\"device_id\":\"aaaa-1\",\"platform\":{},\"user\":5}",
                "other", "{\"device_id\":\"other\",\"model\":\"m\"}");
        DevicePage page =
                devices(Stream.of(words.split(",")).map(rows::get).toList().toString());
        assertThat(page.rows()).noneMatch(row -> row.deviceId().equals("aaaa-1"));
        assertThat(page.unread()).containsOnlyKeys("aaaa-1");
        assertThat(page.unusable()).isEqualTo(unusable);
        assertThat(page.size()).isEqualTo(words.split(",").length);
        assertThat(page.deviceIds()).isSubsetOf("aaaa-1", "other").hasSize(page.size());
    }

    @Test
    void equalRowsOfOneDeviceAreBothThere() throws BadBody {
        DevicePage page = devices("[" + ROW + "," + ROW.replace("08:15:42", "08:15:43") + "]");
        assertThat(page.rows()).hasSize(2);
        assertThat(page.unread()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "null",
                "[]",
                "{}",
                "{\"id\":\"\",\"email\":\" \"}",
                "{\"id\":null,\"name\":\"Only a name\"}"
            })
    void nobodyIsAssigned(String user) throws BadBody {
        assertThat(device("{\"device_id\":\"a\",\"model\":\"\",\"user\":" + user + "}")
                        .attributed())
                .isFalse();
        assertThat(device("{\"device_id\":\"a\",\"model\":\"\"}").attributed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"id\":\"0b1c\"}", "{\"id\":7}", "{\"email\":\"a@b.example\"}"})
    void anIdOrAnEmailIsSomebody(String user) throws BadBody {
        assertThat(device("{\"device_id\":\"a\",\"user\":" + user + "}").attributed())
                .isTrue();
        assertThat(device("{\"device_id\":\"a\",\"is_removed\":true,\"user\":" + user + "}")
                        .attributed())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "null", "17", "\"yesterday\"", "\"2025-02-31T00:00:00Z\""})
    void whatIsNoTimeIsUnknown(String time) throws BadBody {
        assertThat(device("{\"device_id\":\"a\",\"model\":\"\",\"last_check_in\":" + time + "}")
                        .lastCheckIn())
                .isEqualTo(Moment.UNKNOWN);
    }

    @Test
    void aCheckInWithinTheHourIsNoChangeAndNeitherIsTheOrderOfFields() throws BadBody {
        String later = ROW.replace("08:15:42", "08:59:59");
        String muchLater = ROW.replace("08:15:42", "09:00:00");
        assertThat(device(later).details()).isEqualTo(device(ROW).details());
        assertThat(device(muchLater).details()).isNotEqualTo(device(ROW).details());
        assertThat(device(muchLater).lasting()).isEqualTo(device(ROW).lasting());
        assertThat(device(ROW.replace("\"Mac\"", "\"iPad\"")).lasting())
                .isNotEqualTo(device(ROW).lasting());
        assertThat(device("{\"os_version\":\"1\",\"device_id\":\"a\"}").details())
                .isEqualTo(device("{\"device_id\":\"a\",\"os_version\":\"1\"}").details());
    }

    @Test
    void everyFieldCountsAndTheUserForItself() throws BadBody {
        DeviceRow row = device(ROW);
        DeviceRow otherFuture = device(ROW.replace("[1, 2]", "[2, 1]"));
        assertThat(otherFuture.details()).isNotEqualTo(row.details());
        assertThat(otherFuture.attribution()).isEqualTo(row.attribution());
        DeviceRow otherUser = device(ROW.replace("40117", "40118"));
        assertThat(otherUser.details()).isEqualTo(row.details());
        assertThat(otherUser.attribution()).isNotEqualTo(row.attribution());
        assertThat(device(ROW.replace("\"is_removed\": false", "\"is_removed\": true"))
                        .attribution())
                .isNotEqualTo(row.attribution());
    }

    @Test
    void devicesMayComeInAnEnvelope() throws BadBody {
        assertThat(devices("{\"next\":null,\"results\":[" + ROW + "]}").rows()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"data\":[]}", "\"no\"", "7", "null", "{\"results\":{}}"})
    void anotherShapeIsRejectedLoudly(String body) {
        assertThatThrownBy(() -> devices(body)).isInstanceOf(BadBody.class).hasMessageContaining("expected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[", "[{\"device_id\":", "<html></html>", "[] []", "[{\"a\":1]"})
    void aGarbledBodyMayBeBetterNextTime(String body) {
        assertThatThrownBy(() -> devices(body)).isInstanceOfSatisfying(BadBody.class, bad -> assertThat(bad.passing())
                .isTrue());
    }

    @Test
    void aRowWithoutIdIsCountedAndNamed() throws BadBody {
        DevicePage page =
                devices("[{\"device_id\":\"\"},{\"serial_number\":\"x\"},7,{\"device_id\":\"b\",\"tags\":[]}]");
        assertThat(page.rows()).extracting(DeviceRow::deviceId).containsExactly("b");
        assertThat(page.unusable()).isEqualTo(3);
        assertThat(page.firstUnusable()).contains("device_id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"some_new_field\":DEEP",
                "\"user\":{\"id\":DEEP}",
                "\"tags\":[DEEP]",
                "\"some_new_field\":DIGITS",
                "\"mdm_enabled\":DIGITS",
                "\"some_new_field\":-0.DIGITSe-99999",
                "\"NAME\":1",
                "\"user\":{\"NAME\":1}"
            })
    void noFieldTakesItsPageWithIt(String field) throws BadBody {
        String hostile = field.replace("DEEP", "[".repeat(100_000) + "{\"a\":[]}" + "]".repeat(100_000))
                .replace("DIGITS", "7".repeat(200_000))
                .replace("NAME", "n".repeat(200_000));
        DevicePage page = devices("[" + ROW + ",{\"device_id\":\"b\",\"model\":\"x\"," + hostile + "},"
                + ROW.replace("AAAA-1", "c") + "]");
        assertThat(page.rows()).extracting(DeviceRow::deviceId).containsExactly("aaaa-1", "b", "c");
        assertThat(page.rows()).extracting(DeviceRow::model).contains("x");
        assertThat(page.rows().get(0).json()).isEqualTo(ROW);
    }

    @Test
    void nestingWithoutEndIsRefused() {
        String deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
        assertThatThrownBy(() -> devices("[{\"device_id\":\"a\",\"info\":" + deep + "}]"))
                .isInstanceOf(BadBody.class)
                .hasMessageContaining("nesting");
    }
}
