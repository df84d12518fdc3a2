package dev.kandjistream.kandji.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.kandji.domain.RowShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hand-written rows with one problem each: the values that are read, and the fields that the shape names. */
class DeviceRowReaderTest {
    /** All fields of an older tenant's row, except those that a case tests. */
    private static final String REST = """
            "device_name":"Mac","serial_number":"C02X","platform":"Mac","model":"MacBook","os_version":"15.6",
            "last_check_in":"2025-03-09T08:15:42.004210Z","user":{"email":"a@b.example","name":"A","id":7,"is_archived":false},
            "asset_tag":"","blueprint_id":null,"blueprint_name":"B","mdm_enabled":true,"agent_installed":true,
            "is_missing":false,"is_removed":false,"agent_version":"4","first_enrollment":"2025-02-11 09:30:05+00:00",
            "last_enrollment":"2025-02-11 09:30:05+00:00","tags":[]""";

    private static DevicePage page(String rows) throws BadBody {
        return DeviceParser.parse(("[" + rows + "]").getBytes(StandardCharsets.UTF_8), OptionalLong.empty(), 42);
    }

    private static DeviceRow row(String fields) throws BadBody {
        return page("{\"device_id\":\"a\"," + fields + "}").rows().get(0);
    }

    /** The row in which only this field has this value. */
    private static DeviceRow with(String field, String value) throws BadBody {
        String rest = REST.replaceAll("(?s)\"" + field + "\":(\\{.*?}|\\[]|\"[^\"]*\"|null|true|false)", "");
        assertThat(rest).isNotEqualTo(REST);
        return row(rest.replaceAll("^,|,(?=\\s*,)|,\\s*$", "") + ",\"" + field + "\":" + value);
    }

    private static RowShape missing(String... fields) {
        return new RowShape(Set.of(fields), Set.of(), Set.of(), Set.of());
    }

    private static RowShape unread(String... fields) {
        return new RowShape(Set.of(), Set.of(fields), Set.of(), Set.of());
    }

    private static RowShape cut(String... fields) {
        return new RowShape(Set.of(), Set.of(), Set.of(), Set.of(fields));
    }

    @Test
    void aRowOfAnOlderTenantIsFull() throws BadBody {
        assertThat(row(REST).shape()).isEqualTo(RowShape.FULL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "device_name",
                "serial_number",
                "platform",
                "model",
                "os_version",
                "last_check_in",
                "user",
                "asset_tag",
                "blueprint_id",
                "blueprint_name",
                "mdm_enabled",
                "agent_installed",
                "agent_version",
                "is_missing",
                "is_removed",
                "first_enrollment",
                "last_enrollment",
                "tags"
            })
    void aDocumentedFieldThatIsNotThereIsMissing(String field) throws BadBody {
        assertThat(row(REST.replace("\"" + field + "\":", "\"other_" + field + "\":"))
                        .shape())
                .isEqualTo(missing(field));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "email", "name", "is_archived"})
    void soIsAPartOfAUser(String part) throws BadBody {
        DeviceRow row = row(REST.replace("\"" + part + "\":", "\"other_" + part + "\":"));
        assertThat(row.shape()).isEqualTo(missing("user." + part));
        assertThat(row.user()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "device_name",
                "serial_number",
                "platform",
                "model",
                "os_version",
                "last_check_in",
                "user",
                "asset_tag",
                "blueprint_id",
                "blueprint_name",
                "mdm_enabled",
                "agent_installed",
                "agent_version",
                "is_missing",
                "is_removed",
                "first_enrollment",
                "last_enrollment",
                "tags"
            })
    void nullAndBlankTextAreEmptyValues(String field) throws BadBody {
        for (String empty : List.of("null", "\"\"", "\"  \"", "\"" + " ".repeat(9_000) + "\"")) {
            assertThat(with(field, empty).shape()).isEqualTo(RowShape.FULL);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "device_name | {}",
                "serial_number | [\"C02X\"]",
                "platform | true",
                "model | {\"a\":[1,{\"b\":null}]}",
                "os_version | [15,6]",
                "asset_tag | false",
                "blueprint_id | {\"id\":\"x\"}",
                "agent_version | []",
                "mdm_enabled | 1",
                "mdm_enabled | \"yes\"",
                "agent_installed | {}",
                "is_missing | 0",
                "is_removed | \"removed\"",
                "last_check_in | \"yesterday\"",
                "last_check_in | 1741508142",
                "first_enrollment | \"11.02.2025\"",
                "last_enrollment | {\"at\":\"2025-02-11T09:30:05Z\"}",
                "last_enrollment | \"2025-02-31T09:30:05Z\"",
                "tags | \"a\"",
                "tags | {\"a\":1}",
                "tags | [\"a\",{\"name\":\"b\"}]",
                "tags | [[\"a\"]]",
                "tags | 7",
                "serial_number | \"C0\\u00002X\"",
                "serial_number | \"C0\\ud8002X\"",
                "user | \"somebody\"",
                "user | 17",
                "user | true",
                "user | [{\"id\":\"u\"}]",
                "user | [\"a@b.example\"]"
            })
    void whatIsOfAnotherTypeOrFormCannotBeRead(String field, String value) throws BadBody {
        DeviceRow row = with(field, value);
        assertThat(row.shape()).isEqualTo(unread(field));
        assertThat(row.user() == null).isEqualTo(field.equals("user"));
        assertThat(row.tags()).isEmpty();
        assertThat(List.of(row.lastCheckIn(), row.firstEnrollment(), row.lastEnrollment())
                        .contains(Moment.UNKNOWN))
                .isEqualTo(field.startsWith("last") || field.startsWith("first"));
    }

    @Test
    void anUnreadFieldTakesNoOtherWithIt() throws BadBody {
        DeviceRow row = row("\"user\":\"somebody\",\"mdm_enabled\":false,\"os_version\":{},\"model\":\"MacBook\"");
        assertThat(row.mdmEnabled()).isFalse();
        assertThat(row.model()).isEqualTo("MacBook");
        assertThat(row.user()).isNull();
        assertThat(row.shape().unread()).containsExactly("os_version", "user");
    }

    @ParameterizedTest
    @ValueSource(strings = {"supplemental_build_version", "supplemental_os_version_extra", "lost_mode_status"})
    void fieldsThatOlderTenantsLackCountOnlyWhereTheyAreThere(String field) throws BadBody {
        assertThat(row(REST + ",\"" + field + "\":\"\"").shape()).isEqualTo(RowShape.FULL);
        assertThat(row(REST + ",\"" + field + "\":{}").shape()).isEqualTo(unread(field));
    }

    @ParameterizedTest
    @CsvSource({"true, true", "\"True\", true", "\" TRUE \", true", "false, false", "\"fAlse\", false"})
    void wordsOfABooleanAreOne(String value, boolean flag) throws BadBody {
        assertThat(with("mdm_enabled", value).mdmEnabled()).isEqualTo(flag);
        assertThat(with("mdm_enabled", value).shape()).isEqualTo(RowShape.FULL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"15.10", "1e2", "1.0", "-0", "1E+400", "123456789012345678901234567890", "0.10"})
    void aNumberKeepsItsDigitsWhereTextIsExpected(String number) throws BadBody {
        for (String field : List.of("os_version", "agent_version", "asset_tag", "serial_number")) {
            assertThat(with(field, number).shape()).isEqualTo(RowShape.FULL);
        }
        assertThat(with("os_version", number).osVersion()).isEqualTo(number);
        assertThat(with("tags", "[" + number + "]").tags()).containsExactly(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"macOS", "mac", "Mac ", "iPadOS", "tvOS", "7"})
    void aPlatformThatNobodyKnowsIsKeptAndNamed(String platform) throws BadBody {
        DeviceRow row = with("platform", platform.equals("7") ? platform : "\"" + platform + "\"");
        assertThat(row.platform()).isEqualTo(platform);
        assertThat(row.shape()).isEqualTo(new RowShape(Set.of(), Set.of(), Set.of("platform"), Set.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mac", "iPhone", "iPad", "AppleTV", "Android", "Windows", "Vision"})
    void aKnownPlatformIsNotNamed(String platform) throws BadBody {
        assertThat(with("platform", "\"" + platform + "\"").shape()).isEqualTo(RowShape.FULL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"id\":\" U1 \",\"email\":\" A@B.example\" | U1 | a@b.example | ",
                "\"id\":40117,\"email\":null | 40117 | | ",
                "\"id\":\"\",\"email\":\"a@b.example\" | | a@b.example | ",
                "\"id\":{},\"email\":\"a@b.example\" | | a@b.example | user.id",
                "\"id\":0.5,\"email\":\"a@b.example\" | | a@b.example | user.id",
                "\"id\":1e3,\"email\":\"a@b.example\" | | a@b.example | user.id",
                "\"id\":true,\"email\":\"a@b.example\" | | a@b.example | user.id",
                "\"id\":\"u\\u0000\",\"email\":\"a@b.example\" | | a@b.example | user.id",
                "\"id\":\"u\\ud83d\",\"email\":\"a@b.example\" | | a@b.example | user.id",
                "\"id\":\"LONG\",\"email\":\"a@b.example\" | | a@b.example | user.id",
                "\"id\":\"u1\",\"email\":\"LONG\" | u1 | | user.email",
                "\"id\":\"null\",\"email\":\"a@b.example\" | | a@b.example | user.id",
                "\"id\":\" N/A \",\"email\":\"a@b.example\" | | a@b.example | user.id",
                "\"id\":\"<None>\",\"email\":\"a@b.example\" | | a@b.example | user.id",
                "\"id\":0,\"email\":\"a@b.example\" | | a@b.example | user.id",
                "\"id\":-1,\"email\":\"a@b.example\" | | a@b.example | user.id",
                "\"id\":\"(null)\",\"email\":\"a@b.example\" | | a@b.example | user.id",
                "\"id\":\"Not Available\",\"email\":\"a@b.example\" | | a@b.example | user.id",
                "\"id\":\"0000\",\"email\":\"a@b.example\" | | a@b.example | user.id",
                "\"id\":\"8F14E45F-CEEA-467F-9C5A-0123456789AB\",\"email\":null | 8f14e45f-ceea-467f-9c5a-0123456789ab | | ",
                "\"id\":\"U-1\",\"email\":\"\u212Aate@ACME.example\" | U-1 | \u212Aate@acme.example | ",
                "\"id\":\"--\",\"email\":\"a@b.example\" | | a@b.example | user.id",
                "\"id\":\"00000000-0000-0000-0000-000000000000\",\"email\":\"a@b.example\" | | a@b.example | user.id",
                "\"id\":\"u1\",\"email\":\"null\" | u1 | | user.email",
                "\"id\":\"u1\",\"email\":\"@\" | u1 | | user.email",
                "\"id\":\"u1\",\"email\":\"a@\" | u1 | | user.email",
                "\"id\":\"u1\",\"email\":7 | u1 | | user.email",
                "\"id\":\"u1\",\"email\":[\"a@b.example\"] | u1 | | user.email",
                "\"id\":\"u1\",\"email\":\"a\\n@b.example\" | u1 | | user.email",
                "\"id\":\"u1\",\"id\":\"u2\",\"email\":\"a@b.example\" | | a@b.example | user.id"
            })
    void oneOfIdAndEmailIsAUser(String parts, String id, String email, String unreadPart) throws BadBody {
        String user = parts.replace("LONG", "x".repeat(400)) + ",\"name\":\"N\",\"is_archived\":\"true\"";
        DeviceRow row = with("user", "{" + user + "}");
        assertThat(row.user()).isEqualTo(new AssignedUser(id, email, "N", true));
        assertThat(row.shape()).isEqualTo(unreadPart == null ? RowShape.FULL : unread(unreadPart));
        assertThat(row.attributed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"uuid\":\"u\",\"mail\":\"a@b.example\"} | user.id,user.email,user.name,user.is_archived | user",
                "{\"name\":\"Only a name\",\"is_archived\":false} | user.id,user.email | user",
                "{\"id\":{\"a\":1},\"name\":\"\",\"is_archived\":null} | user.email | user,user.id",
                "{\"id\":\"\",\"email\":\" \",\"name\":\"A\",\"is_archived\":false} | | user",
                "{\"id\":\"none\",\"email\":\"none\",\"name\":\"A\",\"is_archived\":false} | | user,user.email,user.id",
                "{\"id\":null,\"email\":null,\"name\":null,\"is_archived\":null} | | user",
                "{\"id\":[],\"email\":7,\"name\":{},\"is_archived\":1} | | user,user.email,user.id,user.is_archived,user.name"
            })
    void anObjectWithoutReadableIdAndEmailIsNeitherAUserNorNobody(String user, String missing, String unread)
            throws BadBody {
        DeviceRow row = with("user", user);
        assertThat(row.user()).isNull();
        assertThat(row.shape().missing()).isEqualTo(missing == null ? Set.of() : Set.of(missing.split(",")));
        assertThat(row.shape().unread()).isEqualTo(Set.of(unread.split(",")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]"})
    void anEmptyContainerIsNoUserAndNotNobody(String container) throws BadBody {
        assertThat(with("user", container).user()).isNull();
        assertThat(with("user", container).shape().unread()).contains("user");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"  \"", "null"})
    void nobodyIsSaidExplicitly(String nobody) throws BadBody {
        assertThat(with("user", nobody).user()).isNull();
        assertThat(with("user", nobody).shape()).isEqualTo(RowShape.FULL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"platform\":\"Mac\"",
                "\"user\":{\"id\":7,\"email\":\"A@b.example\",\"is_archived\":false,\"name\":\"A\",\"new\":1}",
                "\"is_removed\":\"False\"",
                "\"asset_tag\":null",
                "\"last_check_in\":\"2025-03-09 08:15:42.004+00:00\"",
                "\"tags\":[]"
            })
    void aFieldThatComesTwiceWithEqualValuesIsRead(String again) throws BadBody {
        assertThat(row(REST + "," + again).shape()).isEqualTo(RowShape.FULL);
        assertThat(row(again + "," + REST).shape()).isEqualTo(RowShape.FULL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "platform | \"iPad\"",
                "platform | null",
                "user | \"\"",
                "user | {\"id\":8}",
                "user | \"somebody\"",
                "is_removed | true",
                "is_removed | {}",
                "mdm_enabled | false",
                "tags | [\"a\"]",
                "last_check_in | \"2025-03-09T08:15:43Z\"",
                "serial_number | \"C02Y\""
            })
    void ofTwoDifferentValuesNeitherCounts(String field, String value) throws BadBody {
        String again = "\"" + field + "\":" + value;
        for (String fields : List.of(REST + "," + again, again + "," + REST, again + "," + REST + "," + again)) {
            DeviceRow row = row(fields);
            assertThat(row.shape()).isEqualTo(unread(field));
            assertThat(row.mdmEnabled()).isEqualTo(field.equals("mdm_enabled") ? null : true);
            assertThat(row.user() == null).isEqualTo(field.equals("user"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"device_name", "model", "os_version", "asset_tag", "blueprint_name", "agent_version"})
    void aLongTextIsCutBetweenCodePoints(String field) throws BadBody {
        String pairs = "\ud83d\ude00".repeat(5_000);
        String shifted = "x" + pairs;
        assertThat(with(field, "\"" + pairs + "\"").shape()).isEqualTo(cut(field));
        assertThat(with("device_name", "\"" + pairs + "\"").deviceName())
                .isEqualTo(pairs.substring(0, 4_096))
                .endsWith("\ud83d\ude00");
        assertThat(with("device_name", "\"" + shifted + "\"").deviceName())
                .isEqualTo(shifted.substring(0, 4_095))
                .endsWith("\ud83d\ude00");
        String longest = "y".repeat(4_096);
        assertThat(with(field, "\"" + longest + "\"").shape()).isEqualTo(RowShape.FULL);
    }

    @Test
    void theNameOfAUserIsCutToo() throws BadBody {
        DeviceRow row =
                with("user", "{\"id\":7,\"email\":\"\",\"is_archived\":false,\"name\":\"" + "n".repeat(1_001) + "\"}");
        assertThat(row.user().name()).isEqualTo("n".repeat(1_000));
        assertThat(row.shape()).isEqualTo(cut("user.name"));
    }

    @Test
    void aSerialNumberIsNeverCutForTheRestWouldBeAnothers() throws BadBody {
        assertThat(with("serial_number", "\"" + "C".repeat(200) + "\"").shape()).isEqualTo(RowShape.FULL);
        assertThat(with("serial_number", "\"" + "C".repeat(201) + "\"").shape()).isEqualTo(unread("serial_number"));
        assertThat(with("serial_number", "\"" + "C".repeat(5_000) + "\"").serialNumber())
                .isNull();
    }

    @Test
    void tagsAreCutInLengthAndNumber() throws BadBody {
        String many =
                IntStream.range(0, 501).mapToObj(i -> "\"t" + i + "\"").collect(Collectors.joining(",", "[", "]"));
        assertThat(with("tags", many).tags()).hasSize(500).endsWith("t499");
        assertThat(with("tags", many).shape()).isEqualTo(cut("tags"));
        assertThat(with("tags", "[\"" + "t".repeat(501) + "\"]").tags()).containsExactly("t".repeat(500));
        assertThat(with("tags", "[\"" + "t".repeat(501) + "\"]").shape()).isEqualTo(cut("tags"));
        assertThat(with("tags", "[\"a\",null,\" \",\"b\"]").tags()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"some_new_field\":[%s]",
                "\"some_new_field\":\"%s\"",
                "\"asset_tag\":\"%s\"",
                "\"%s\":1",
                "\"user\":{\"id\":7,\"email\":null,\"name\":\"A\",\"is_archived\":false,\"x\":\"%s\"}"
            })
    void aLargeRowIsReadAndItsJsonCut(String field) throws IOException {
        String large =
                field.formatted((field.contains("[") ? "[],\\\"".replace("\\\"", "\"y\",") : "x\\u0000").repeat(20_000)
                        + (field.contains("[") ? "0" : ""));
        DeviceRow row = row(REST.replace("\"mdm_enabled\":true", "\"mdm_enabled\":false")
                        .replaceAll("\"asset_tag\":\"\",", "")
                        .replaceAll("(?s)\"user\":\\{.*?},", "")
                + "," + large);
        assertThat(row.mdmEnabled()).isFalse();
        assertThat(row.shape().cut()).contains("json");
        JsonNode json = Json.MAPPER.readTree(row.json());
        assertThat(row.json().length()).isLessThan(100_000);
        assertThat(json.path("device_id").textValue()).isEqualTo("a");
        assertThat(json.path("mdm_enabled").booleanValue()).isFalse();
        assertThat(json.path("platform").textValue()).isEqualTo("Mac");
        assertThat(json.has("some_new_field")).isFalse();
        if (row.user() != null) {
            assertThat(json.at("/user/id").intValue()).isEqualTo(7);
            assertThat(json.path("user").size()).isEqualTo(4);
        }
    }

    @Test
    void theJsonOfARowFullOfEverythingIsBoundedAndValid() throws IOException {
        String long16 = "\\u0001\u6f22\\ud83d\\ude00".repeat(50_000);
        String tags = "[" + ("\"" + "t".repeat(600) + "\",").repeat(2_000) + "7]";
        String fields = List.of(
                        "device_name",
                        "serial_number",
                        "platform",
                        "model",
                        "os_version",
                        "asset_tag",
                        "blueprint_id",
                        "blueprint_name",
                        "agent_version",
                        "lost_mode_status")
                .stream()
                .map(field -> "\"" + field + "\":\"" + long16 + "\"")
                .collect(Collectors.joining(","));
        DeviceRow row =
                row(fields + ",\"tags\":" + tags + ",\"asset_tag\":\"once more\",\"is_missing\":" + "7".repeat(70_000)
                        + ",\"user\":{\"id\":7,\"name\":\"" + long16 + "\",\"is_archived\":" + "[".repeat(9_000)
                        + "]".repeat(9_000)
                        + "}");
        assertThat(row.json().getBytes(StandardCharsets.UTF_8).length).isLessThan(400_000);
        JsonNode json = Json.MAPPER.readTree(row.json());
        assertThat(json.path("tags").size()).isEqualTo(100);
        assertThat(json.at("/user/id").intValue()).isEqualTo(7);
        assertThat(row.shape().unread())
                .containsExactly("asset_tag", "is_missing", "serial_number", "user.is_archived");
        assertThat(row.shape().cut())
                .contains("json", "tags", "user.name", "platform")
                .doesNotContain("serial_number");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"some_new_field\":1",
                ",\"platform\":{},\"user\":\"somebody\",\"tags\":7",
                ",\"Platform\":\"Mac\",\"USER\":\"\""
            })
    void aRowOfWhichNothingButTheIdCanBeReadIsUnread(String fields) throws BadBody {
        DevicePage page = page("{\"device_id\":\"A\"" + fields + "},{\"device_id\":\"b\",\"platform\":null}");
        assertThat(page.unread()).containsOnlyKeys("a");
        assertThat(page.unread().get("a")).contains("device id").hasSizeLessThan(200);
        assertThat(page.rows()).extracting(DeviceRow::deviceId).containsExactly("b");
        assertThat(page.unusable()).isZero();
        assertThat(page.size()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"device_id\":\"A\",\"device_id\":\"a\"",
                "\"device_id\":\" a \",\"x\":{\"device_id\":\"b\"},\"device_id\":\"a\""
            })
    void aDeviceIdMayComeTwiceIfItIsTheSame(String ids) throws BadBody {
        assertThat(page("{" + ids + "," + REST + "}").rows())
                .extracting(DeviceRow::deviceId)
                .containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"device_id\":\"a\",\"device_id\":\"b\"",
                "\"device_id\":\"a\",\"device_id\":null",
                "\"device_id\":[],\"device_id\":\"a\"",
                "\"device_id\":true"
            })
    void differentDeviceIdsAreNone(String ids) throws BadBody {
        assertThat(page("{" + ids + "," + REST + "}").unusable()).isOne();
    }
}
