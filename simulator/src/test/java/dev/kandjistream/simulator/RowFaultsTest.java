package dev.kandjistream.simulator;

import static dev.kandjistream.simulator.ApiClient.encode;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Enrolment;
import dev.kandjistream.simulator.fleet.Platform;
import dev.kandjistream.simulator.truth.TruthRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults in single rows, switched on over HTTP like an external client. */
class RowFaultsTest {
    private KandjiSimulator simulator;
    private ApiClient api;

    /** Six Macs with serial numbers SN0 to SN5, each with a user of its own, with the apps a0 to a3. */
    @BeforeEach
    void start() {
        simulator = KandjiSimulator.start(Tenant.us("acme", 1).withDevices(0));
        api = new ApiClient(simulator);
        for (int i = 0; i < 6; i++) {
            var person = simulator.fleet().hire("P" + i, "p" + i + "@acme.example");
            simulator
                    .fleet()
                    .enrol(Enrolment.of(Platform.MAC, "SN" + i, "d" + i)
                            .assignedTo(person)
                            .with(app(0), app(1), app(2), app(3)));
        }
    }

    private static App app(int number) {
        return App.mac("a" + number, "com.example.a" + number, "1");
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private void fault(String json) {
        assertThat(post(json)).doesNotContain("\"error\"");
    }

    private String post(String json) {
        return api.send("POST", "/simulator/faults", null, json).body();
    }

    private JsonNode listed(String serial) {
        for (JsonNode row : api.json("/devices")) {
            if (row.path("serial_number").asText().equals(serial)) {
                return row;
            }
        }
        throw new AssertionError("not listed: " + serial);
    }

    private JsonNode rowOf(String serial) {
        return api.json("/devices/" + device(serial).id());
    }

    private Device device(String serial) {
        return simulator.fleet().devices().stream()
                .filter(device -> device.hardware().serial().equals(serial))
                .findFirst()
                .orElseThrow();
    }

    private List<String> values(String field) {
        var values = new ArrayList<String>();
        api.json("/devices")
                .forEach(row -> values.add(row.at("/" + field.replace('.', '/')).toString()));
        return values;
    }

    @Test
    void aLostFieldIsAbsentInTheListAndInAnswersAboutOneDevice() {
        fault("{\"effect\":\"lose\",\"field\":\"platform\"}");

        assertThat(values("platform")).containsOnly("");
        assertThat(rowOf("SN1").has("platform")).isFalse();
        assertThat(api.json("/devices?serial_number=SN1").get(0).has("platform"))
                .isFalse();
        assertThat(rowOf("SN1").has("os_version")).isTrue();
    }

    @Test
    void partsOfTheUserAreFieldsToo() {
        fault("{\"effect\":\"lose\",\"field\":\"user.id\"}");

        assertThat(rowOf("SN1").path("user").has("id")).isFalse();
        assertThat(rowOf("SN1").at("/user/email").asText()).isEqualTo("p1@acme.example");
    }

    @Test
    void aPartOfAUserThatIsNotThereStaysAway() {
        simulator.fleet().unassign(device("SN1"));
        fault("{\"effect\":\"set\",\"field\":\"user.id\",\"to\":\"7\"}");

        assertThat(rowOf("SN1").path("user").toString()).isEqualTo("\"\"");
        assertThat(rowOf("SN2").at("/user/id").asText()).isEqualTo("7");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"effect\":\"null\",\"field\":\"user\" | user | null",
                "\"effect\":\"blank\",\"field\":\"platform\" | platform | \"\"",
                "\"effect\":\"retype\",\"field\":\"user\",\"to\":\"text\" | user | \"P1\"",
                "\"effect\":\"retype\",\"field\":\"mdm_enabled\",\"to\":\"number\" | mdm_enabled | 1",
                "\"effect\":\"retype\",\"field\":\"mdm_enabled\",\"to\":\"text\" | mdm_enabled | \"true\"",
                "\"effect\":\"retype\",\"field\":\"platform\",\"to\":\"object\" | platform | {\"value\":\"Mac\"}",
                "\"effect\":\"retype\",\"field\":\"platform\",\"to\":\"array\" | platform | [\"Mac\"]",
                "\"effect\":\"retype\",\"field\":\"platform\",\"to\":\"boolean\" | platform | true",
                "\"effect\":\"retype\",\"field\":\"platform\",\"to\":\"objects\" | platform | [{\"name\":\"Mac\"}]",
                "\"effect\":\"set\",\"field\":\"platform\",\"to\":\"macOS\" | platform | \"macOS\"",
                "\"effect\":\"set\",\"field\":\"mdm_enabled\",\"to\":null | mdm_enabled | null",
                "\"effect\":\"set\",\"field\":\"new_field\",\"to\":[1,{}] | new_field | [1,{}]",
                "\"effect\":\"set\",\"field\":\"os_version\",\"to\":15.10 | os_version | 15.10",
            })
    void aFieldBecomesWhatIsAskedFor(String fault, String field, String shown) {
        fault("{" + fault + ",\"serials\":[\"sn1\"]}");

        String row = api.get("/devices/" + device("SN1").id()).body();
        assertThat(row).contains("\"" + field + "\":" + shown);
        assertThat(rowOf("SN2").path(field).toString()).isNotEqualTo(shown);
    }

    @Test
    void tagsCanBeObjects() {
        fault("{\"effect\":\"retype\",\"field\":\"tags\",\"to\":\"objects\"}");

        assertThat(rowOf("SN1").path("tags").get(0).isObject()).isTrue();
    }

    @Test
    void aTextOfDigitsBecomesANumberWithTheSameDigits() {
        fault("{\"effect\":\"set\",\"field\":\"os_version\",\"to\":\"15.10\"}");
        fault("{\"effect\":\"retype\",\"field\":\"os_version\",\"to\":\"number\"}");

        assertThat(api.get("/devices").body()).contains("\"os_version\":15.10,");
    }

    @Test
    void idsThatBecomeNumbersStayDistinct() {
        fault("{\"effect\":\"retype\",\"field\":\"user.id\",\"to\":\"number\"}");

        assertThat(new HashSet<>(values("user.id"))).hasSize(6).allMatch(id -> id.matches("\\d+"));
    }

    @Test
    void aRenamedFieldHasItsValueUnderTheOtherKey() {
        fault("{\"effect\":\"rename\",\"field\":\"mdm_enabled\",\"to\":\"mdmEnabled\"}");
        fault("{\"effect\":\"rename\",\"field\":\"user.id\",\"to\":\"uuid\"}");

        JsonNode row = listed("SN1");
        assertThat(row.has("mdm_enabled")).isFalse();
        assertThat(row.path("mdmEnabled").asBoolean()).isTrue();
        assertThat(row.path("user").has("id")).isFalse();
        assertThat(row.at("/user/uuid").asText())
                .isEqualTo(device("SN1").person().id());
    }

    @Test
    void swappingExchangesTheValuesOfTwoHalves() {
        List<String> before = values("user.email");
        fault("{\"effect\":\"swap\",\"field\":\"user\"}");

        List<String> after = values("user.email");
        assertThat(after).containsExactlyInAnyOrderElementsOf(before);
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i)).isNotEqualTo(before.get(i));
            assertThat(after.get(before.indexOf(after.get(i))))
                    .as("the exchange is mutual")
                    .isEqualTo(before.get(i));
        }
    }

    @Test
    void twoDevicesCanSwapTheirSerialNumbers() {
        String first = device("SN1").id();
        String second = device("SN2").id();
        fault("{\"effect\":\"swap\",\"field\":\"serial_number\",\"devices\":[\"" + first + "\",\"" + second + "\"]}");

        assertThat(listed("SN1").path("device_id").asText()).isEqualTo(second);
        assertThat(listed("SN2").path("device_id").asText()).isEqualTo(first);
        assertThat(listed("SN3").path("device_id").asText())
                .isEqualTo(device("SN3").id());
        assertThat(api.json("/prism/apps?filter=" + encode("{\"device_id\":{\"in\":[\"" + first + "\"]}}"))
                        .findValuesAsText("serial_number"))
                .containsOnly("SN2");
    }

    @Test
    void aKeyCanComeTwice() {
        fault("{\"effect\":\"twice\",\"field\":\"mdm_enabled\",\"serials\":[\"SN1\"]}");
        fault("{\"effect\":\"twice\",\"field\":\"user.id\",\"to\":\"x\",\"serials\":[\"SN2\"]}");

        assertThat(api.get("/devices").body())
                .containsOnlyOnce("\"mdm_enabled\":true,\"mdm_enabled\":false")
                .contains("\"id\":\"" + device("SN2").person().id() + "\",\"id\":\"x\"");
    }

    @Test
    void aTextCanBeOversized() {
        fault("{\"effect\":\"oversize\",\"field\":\"device_name\",\"to\":5000,\"serials\":[\"SN1\"]}");

        assertThat(listed("SN1").path("device_name").asText())
                .startsWith("d1xx")
                .hasSize(5000);
        assertThat(listed("SN2").path("device_name").asText()).isEqualTo("d2");
    }

    @Test
    void aRowCanBeTooLargeOrNoObject() {
        fault("{\"effect\":\"large-row\",\"serials\":[\"SN1\"]}");
        fault("{\"effect\":\"no-object\",\"serials\":[\"SN2\"]}");

        JsonNode rows = api.json("/devices");
        assertThat(rows).hasSize(6);
        assertThat(listed("SN1").toString()).hasSizeGreaterThan(65_536);
        assertThat(listed("SN1").path("platform").asText()).isEqualTo("Mac");
        assertThat(rows).filteredOn(row -> row.isTextual()).hasSize(1);
    }

    @Test
    void aDroppedDeviceIsAbsentFromListsAndFromTheirTotals() {
        String id = device("SN1").id();
        fault("{\"effect\":\"drop\",\"endpoints\":[\"devices\",\"prism-apps\"],\"serials\":[\"SN1\"]}");

        assertThat(api.json("/devices?limit=3").findValuesAsText("serial_number"))
                .as("the next device moves up")
                .containsExactly("SN0", "SN2", "SN3");
        assertThat(api.json("/devices?serial_number=SN1")).isEmpty();
        assertThat(api.json("/prism/apps?limit=300").path("data")).hasSize(20);
        assertThat(api.json("/prism/apps?limit=300").path("total").asInt()).isEqualTo(20);
        assertThat(api.get("/devices/" + id).statusCode())
                .as("asked for by itself it is still known")
                .isEqualTo(200);

        fault("{\"effect\":\"drop\",\"endpoints\":[\"device\",\"device-apps\"],\"devices\":[\"" + id + "\"]}");
        assertThat(api.get("/devices/" + id).statusCode()).isEqualTo(404);
        assertThat(api.get("/devices/" + id + "/apps").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&cursor="})
    void aPartialAppListHasTheFirstRowsAndClaimsNoTotal(String cursor) {
        String id = device("SN1").id();
        fault("{\"effect\":\"partial-apps\",\"rows\":2,\"serials\":[\"SN1\"]}");

        JsonNode all = api.json("/prism/apps?limit=300" + cursor);
        assertThat(all.path("data")).hasSize(22);
        assertThat(all.path("total").isNull()).isTrue();
        JsonNode filtered = api.json(
                "/prism/apps?limit=300" + cursor + "&filter=" + encode("{\"device_id\":{\"in\":[\"" + id + "\"]}}"));
        assertThat(filtered.path("data").findValuesAsText("name")).containsExactly("a0", "a1");
        assertThat(filtered.path("total").isNull()).isTrue();

        fault("{\"effect\":\"total\",\"total\":24}");
        assertThat(api.json("/prism/apps?limit=300" + cursor).path("total").asInt())
                .as("a fault of its own claims one")
                .isEqualTo(24);
    }

    @Test
    void fieldsOfAppRowsChangeToo() {
        fault("{\"effect\":\"lose\",\"field\":\"bundle_id\",\"serials\":[\"SN1\"]}");
        fault("{\"effect\":\"set\",\"field\":\"version\",\"to\":7,\"serials\":[\"SN2\"]}");

        JsonNode rows = api.json("/prism/apps?limit=300").path("data");
        assertThat(rows).filteredOn(row -> !row.has("bundle_id")).hasSize(4);
        assertThat(rows).filteredOn(row -> row.path("version").isInt()).hasSize(4);
    }

    @Test
    void aShareIsExactStableAndNested() {
        assertThat(hitBy(0.5)).hasSize(3).isEqualTo(hitBy(0.5)).containsAll(hitBy(0.3));
        assertThat(hitBy(0.3)).hasSize(2);
        assertThat(hitBy(0.01)).hasSize(1);
        assertThat(hitBy(1)).hasSize(6);
    }

    private Set<String> hitBy(double share) {
        simulator.faults().clear();
        fault("{\"effect\":\"blank\",\"field\":\"platform\",\"share\":" + share + "}");
        var hit = new TreeSet<String>();
        api.json("/devices").forEach(row -> {
            if (row.path("platform").asText().isEmpty()) {
                hit.add(row.path("serial_number").asText());
            }
        });
        return hit;
    }

    @Test
    void itActsOnSomeAnswersOfItsEndpointsOnly() {
        fault("{\"effect\":\"lose\",\"field\":\"platform\",\"endpoints\":[\"devices\"],\"after\":1,\"times\":1}");

        assertThat(rowOf("SN1").has("platform")).isTrue();
        assertThat(listed("SN1").has("platform")).isTrue();
        assertThat(listed("SN1").has("platform")).isFalse();
        assertThat(listed("SN1").has("platform")).isTrue();
        assertThat(simulator.faults().standing()).isEmpty();
    }

    @Test
    void severalFaultsStandAtOnceAndActInTheirOrder() {
        fault("{\"effect\":\"set\",\"field\":\"platform\",\"to\":\"macOS\"}");
        fault("{\"effect\":\"rename\",\"field\":\"platform\",\"to\":\"os\",\"serials\":[\"SN1\"]}");

        assertThat(listed("SN1").path("os").asText()).isEqualTo("macOS");
        assertThat(listed("SN2").path("platform").asText()).isEqualTo("macOS");
    }

    @Test
    void theTruthKnowsNothingOfFaults() {
        var truth = simulator.truth(TruthRules.standard());
        fault("{\"effect\":\"drop\",\"share\":0.5}");
        fault("{\"effect\":\"lose\",\"field\":\"user\"}");
        api.get("/devices");

        assertThat(simulator.truth(TruthRules.standard())).isEqualTo(truth);
        simulator.faults().clear();
        assertThat(values("user.email")).contains("\"p1@acme.example\"");
        assertThat(api.json("/prism/apps?limit=300").path("data")).hasSize(24);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"effect\":\"lose\" | field: must be text, is missing",
                "\"effect\":\"lose\",\"field\":7 | field: must be text, was 7",
                "\"effect\":\"lose\",\"field\":\"platfrom\" | field: rows have no \"platfrom\"; expected one of [",
                "\"effect\":\"rename\",\"field\":\"platform\" | to: must be text, is missing",
                "\"effect\":\"retype\",\"field\":\"platform\",\"to\":\"float\" | to: must be one of [number, text, ",
                "\"effect\":\"set\",\"field\":\"platform\" | to: must be the value to show, is missing",
                "\"effect\":\"oversize\",\"field\":\"platform\",\"to\":\"much\" | to: must be a whole number, was \"much\"",
                "\"effect\":\"oversize\",\"field\":\"platform\",\"to\":0 | to: must be at least 1, was 0",
                "\"effect\":\"lose\",\"field\":\"user\",\"share\":0 | share: must be more than 0 and at most 1, was 0.0",
                "\"effect\":\"lose\",\"field\":\"user\",\"share\":\"all\" | share: must be a number, more than 0 and at most 1, was \"all\"",
                "\"effect\":\"drop\",\"share\":0.5,\"serials\":[\"A\"] | share: cannot be combined with devices or serials",
                "\"effect\":\"drop\",\"serials\":\"A\" | serials: must be an array of texts, was \"A\"",
                "\"effect\":\"drop\",\"devices\":[] | devices: must be an array with at least one text; omit it for all devices, was []",
                "\"effect\":\"drop\",\"device\":[\"A\"] | device: this effect has no such field; expected some of [after, devices, ",
                "\"effect\":\"partial-apps\",\"rows\":-1 | rows: must be at least 0, was -1",
                "\"effect\":\"html\",\"times\":\"twice\" | times: must be a whole number, was \"twice\"",
                "\"effect\":\"html\",\"after\":-1 | after: must be at least 0, was -1",
                "\"effect\":\"html\",\"endpoints\":\"devices\" | endpoints: must be an array of texts, was \"devices\"",
            })
    void anErrorSaysWhatWasExpectedAndFound(String fault, String error) {
        String answer = post("{" + fault + "}");

        assertThat(answer.replace("\\\"", "\"")).contains("\"error\"").contains(error);
        assertThat(simulator.faults().standing()).isEmpty();
    }

    @Test
    void everyFieldThatRowsHaveCanBeNamed() {
        simulator.fleet().enrol(Enrolment.of(Platform.ANDROID, "AND", "phone"));
        var fields = new TreeSet<String>();
        listed("SN1").fieldNames().forEachRemaining(fields::add);
        listed("SN1").path("user").fieldNames().forEachRemaining(part -> fields.add("user." + part));
        api.json("/prism/apps?limit=1").path("data").get(0).fieldNames().forEachRemaining(fields::add);

        for (String field : fields) {
            fault("{\"effect\":\"lose\",\"field\":\"" + field + "\"}");
        }
        assertThat(listedRows()).allMatch(JsonNode::isEmpty);
    }

    private List<JsonNode> listedRows() {
        var rows = new ArrayList<JsonNode>();
        api.json("/devices").forEach(rows::add);
        return rows;
    }
}
