package dev.kandjistream.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Enrolment;
import dev.kandjistream.simulator.fleet.Person;
import dev.kandjistream.simulator.fleet.Platform;
import dev.kandjistream.simulator.http.Endpoint;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code /prism/export} and the files it leads to. */
class ExportApiTest {
    private static final String ALL = "{\"category\":\"apps\"}";
    private static final App FIGMA = App.mac("Figma", "com.figma.Desktop", "125.9.10");
    /** The columns of a row of {@code /prism/apps} in its order. */
    private static final String NAMES = "device_id,device__name,device__family,device__user_id,device__user_name,"
            + "device__user_email,blueprint_id,blueprint_name,tags,asset_tag,serial_number,model_id,count,"
            + "last_collected_at,created_at,updated_at,last_changed_at,name,bundle_id,version,short_version,path,"
            + "signature,executable,bundle_name,bundle_type,bundle_region,bundle_display_name,bundle_size,dynamic_size,"
            + "obtained_from,developer_name,team_id,category,copyright,minimum_system_version,compiler,info,"
            + "ad_hoc_code_signed,app_store_vendable,beta_app,device_based_vpp,download_cancelled,download_failed,"
            + "download_paused,download_waiting,has_update_available,installing,app_clip,validated,apple_scriptable\r\n";

    private KandjiSimulator simulator;
    private ApiClient api;

    private void start(Tenant tenant) {
        simulator = KandjiSimulator.start(tenant);
        api = new ApiClient(simulator);
    }

    private Device startWithOneMac(Tenant tenant, App... apps) {
        start(tenant.withDevices(0));
        Person dana = simulator.fleet().hire("Kim, Dana \"DK\"", "Dana@acme.example");
        return simulator
                .fleet()
                .enrol(Enrolment.of(Platform.MAC, "C02", "Dana’s Mac")
                        .assignedTo(dana)
                        .with(apps));
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private String begin(String body) {
        return ApiClient.json(api.post("/prism/export", body)).path("id").asText();
    }

    private JsonNode look(String id) {
        return api.json("/prism/export/" + id);
    }

    private JsonNode finished(String body) {
        simulator.exports().pendingFor(0);
        return look(begin(body));
    }

    private HttpResponse<String> download(String body) {
        return ApiClient.fetch(finished(body).path("signed_url").asText(), null);
    }

    private List<String> names(String body) {
        return PlainCsv.read(download(body).body()).stream()
                .map(row -> row.get("name"))
                .toList();
    }

    @Test
    void anExportBeginsPendingAndRepeatsWhatWasAsked() {
        startWithOneMac(Tenant.us("acme", 1), FIGMA);

        var answer = api.post(
                "/prism/export",
                "{\"category\":\"apps\",\"blueprint_ids\":[],\"device_families\":[\"Mac\"],\"filter\":{},\"sort_by\":\"\"}");

        assertThat(answer.statusCode()).isEqualTo(200);
        String id = ApiClient.json(answer).path("id").asText();
        assertThat(id).isNotBlank();
        assertThat(answer.body())
                .isEqualTo(
                        "{\"id\":\"" + id + "\",\"status\":\"pending\",\"category\":\"apps\","
                                + "\"args\":{\"blueprint_ids\":[],\"device_families\":[\"Mac\"],\"filter\":{},\"sort_by\":\"\",\"columns\":[]},"
                                + "\"error_msg\":null,\"path\":null,\"signed_url\":null,"
                                + "\"created_at\":\"2026-01-05T08:00:00.000000+00:00\",\"updated_at\":\"2026-01-05T08:00:00.000000+00:00\"}");
    }

    @Test
    void itSucceedsAfterSoManyLooks() {
        startWithOneMac(Tenant.us("acme", 1), FIGMA);
        String usual = begin(ALL);
        assertThat(List.of(status(usual), status(usual), status(usual)))
                .containsExactly("pending", "success", "success");

        simulator.exports().pendingFor(3);
        String slower = begin(ALL);
        assertThat(List.of(status(slower), status(slower), status(slower), status(slower)))
                .containsExactly("pending", "pending", "pending", "success");
    }

    @Test
    void itSucceedsAfterSomeTimeOfTheFleet() {
        startWithOneMac(Tenant.us("acme", 1), FIGMA);
        simulator.exports().pendingFor(0);
        simulator.exports().pendingFor(Duration.ofMinutes(5));
        String id = begin(ALL);

        advance(Duration.ofSeconds(299));
        assertThat(status(id)).isEqualTo("pending");
        advance(Duration.ofSeconds(1));
        JsonNode done = look(id);
        assertThat(done.path("status").asText()).isEqualTo("success");
        assertThat(done.path("created_at").asText()).isEqualTo("2026-01-05T08:00:00.000000+00:00");
        assertThat(done.path("updated_at").asText()).isEqualTo("2026-01-05T08:05:00.000000+00:00");
    }

    private String status(String id) {
        return look(id).path("status").asText();
    }

    private void advance(Duration by) {
        ((StoryClock) simulator.tenant().clock()).advance(by);
    }

    @Test
    void theFileIsTextInQuotesWhereNeededAndEmptyWhereNull() {
        Device device = startWithOneMac(
                Tenant.us("acme", 1),
                FIGMA.withName("Figma \"beta\",\nfür Dana").withPath("/Applications/Figma.app"));

        var file = download(ALL);

        assertThat(file.headers().firstValue("Content-Type")).contains("text/csv");
        assertThat(file.headers().firstValueAsLong("Content-Length")).isPresent();
        assertThat(file.body())
                .isEqualTo(NAMES + device.id()
                        + ",Dana’s Mac,Mac,40101,\"Kim, Dana \"\"DK\"\"\",Dana@acme.example,"
                        + "0f3c2f7e-52a4-4e0b-9a55-6d2a3f1b7c01,Everybody,,,C02,\"Mac14,2\",,2026-01-05T08:00:00.000000+00:00,2026-01-05T08:00:00.000000+00:00,"
                        + "2026-01-05T08:00:00.000000+00:00,,\"Figma \"\"beta\"\",\nfür Dana\",com.figma.Desktop,125.9.10,"
                        + "125910,/Applications/Figma.app,signed,Figma,Figma,APPL,en,\"Figma \"\"beta\"\",\nfür Dana\","
                        + size() + ",,Identified Developer,Example Works Ltd,EX4MPL3T3M,Productivity,"
                        + "© Example Works Ltd,12.0,,,,false,,,,,,,,,,,false\r\n");
    }

    private String size() {
        return api.json("/prism/apps?limit=1").at("/data/0/bundle_size").asText();
    }

    @Test
    void booleansAreWordsWhoseCaseDependsOnTheForm() {
        startWithOneMac(Tenant.us("acme", 1), FIGMA);
        assertThat(PlainCsv.read(download(ALL).body()).get(0)).containsEntry("apple_scriptable", "false");
        simulator.close();

        startWithOneMac(Tenant.eu("globex", 1), FIGMA);
        assertThat(PlainCsv.read(download(ALL).body()).get(0)).containsEntry("apple_scriptable", "False");
    }

    @Test
    void aSeededFleetsFileHoldsWhatThePagesHold() {
        for (Tenant tenant : List.of(Tenant.us("acme", 5), Tenant.eu("globex", 5))) {
            start(tenant.withDevices(12).withAppsPerMac(25));
            var pages = new ArrayList<Map<String, String>>();
            for (JsonNode row : api.walkByCursor(300, "")) {
                var texts = new LinkedHashMap<String, String>();
                row.properties().forEach(field -> texts.put(field.getKey(), text(field.getValue())));
                pages.add(texts);
            }

            var file = PlainCsv.read(download(ALL).body());

            assertThat(file).hasSizeGreaterThan(100).usingRecursiveComparison().isEqualTo(pages);
            simulator.close();
        }
    }

    private String text(JsonNode value) {
        boolean python = value.isBoolean() && !simulator.tenant().form().newer();
        return value.isNull() ? "" : python ? (value.asBoolean() ? "True" : "False") : value.asText();
    }

    @Test
    void familiesFiltersBlueprintsAndOrderAreObeyed() {
        startWithOneMac(
                Tenant.us("acme", 1), FIGMA, App.mac("Slack", "com.slack", "4"), App.mac("Arc", "com.arc", "1"));
        simulator.fleet().enrol(Enrolment.of(Platform.APPLE_TV, "T", "tv").with(App.phone("Zoom", "us.zoom", "1")));

        assertThat(names("{\"category\":\"apps\",\"device_families\":[\"tvOS\"]}"))
                .containsExactly("Zoom");
        assertThat(names("{\"category\":\"apps\",\"filter\":{\"name\":{\"like\":[\"a\"]}}}"))
                .containsExactly("Figma", "Slack");
        assertThat(names("{\"category\":\"apps\",\"filter\":null,\"sort_by\":\"-name\"}"))
                .containsExactly("Zoom", "Slack", "Figma", "Arc");
        assertThat(names("{\"category\":\"apps\",\"blueprint_ids\":[\"another\"]}"))
                .isEmpty();
    }

    @Test
    void whatIsAskedWronglyIsRefused() {
        startWithOneMac(Tenant.us("acme", 1), FIGMA);

        var category = api.post("/prism/export", "{\"category\":\"some thing\"}");
        assertThat(category.statusCode()).isEqualTo(400);
        assertThat(category.body()).isEqualTo("{\"detail\":\"Invalid category: some_thing\"}");
        for (String body : List.of(
                "{}",
                "{\"device_families\":[\"Mac\"]}",
                "{\"category\":\"apps\",\"device_families\":[\"AppleTV\"]}",
                "{\"category\":\"apps\",\"device_families\":\"Mac\"}",
                "{\"category\":\"apps\",\"filter\":\"{}\"}",
                "{\"category\":\"apps\",\"filter\":{\"nope\":{\"eq\":1}}}",
                "[]",
                "{",
                "")) {
            assertThat(api.post("/prism/export", body).statusCode()).as(body).isEqualTo(400);
        }
        assertThat(api.send("POST", "/api/v1/prism/export", simulator.token(), ALL)
                        .statusCode())
                .as("no content type")
                .isEqualTo(415);
        assertThat(api.get("/prism/export").statusCode()).isEqualTo(405);
        assertThat(api.get("/prism/export/unknown").statusCode()).isEqualTo(404);
    }

    @Test
    void askingAndLookingArePermittedEachForItself() {
        startWithOneMac(Tenant.us("acme", 1), FIGMA);
        simulator.access().permit(Set.of(Endpoint.PRISM_EXPORT));

        assertThat(api.get("/prism/export/" + begin(ALL)).statusCode()).isEqualTo(403);
        simulator.access().permit(Set.of(Endpoint.PRISM_EXPORT_STATUS));
        assertThat(api.post("/prism/export", ALL).statusCode()).isEqualTo(403);
    }

    @Test
    void theFileIsOnAnotherOriginThatRefusesTheToken() {
        startWithOneMac(Tenant.us("acme", 1), FIGMA);
        String link = finished(ALL).path("signed_url").asText();
        int spent = simulator.budget().spentThisHour();

        assertThat(URI.create(link).getAuthority())
                .isNotEqualTo(URI.create(simulator.url()).getAuthority());
        var withToken = ApiClient.fetch(link, simulator.token());
        assertThat(withToken.statusCode()).isEqualTo(400);
        assertThat(withToken.body()).contains("<Code>InvalidArgument</Code>");
        assertThat(ApiClient.fetch(link, null).statusCode()).isEqualTo(200);
        assertThat(simulator.requests().count(Endpoint.EXPORT_FILE, 400)).isEqualTo(1);
        assertThat(simulator.requests().count(Endpoint.EXPORT_FILE, 200)).isEqualTo(1);
        assertThat(simulator.budget().spentThisHour()).isEqualTo(spent);
    }

    @Test
    void aLinkIsGoodAsItIsForTwoDays() {
        startWithOneMac(Tenant.us("acme", 1), FIGMA);
        String link = finished(ALL).path("signed_url").asText();

        assertThat(ApiClient.fetch(link.replace("%2F", "%252F"), null).body()).contains("SignatureDoesNotMatch");
        assertThat(ApiClient.fetch(link.replaceFirst("\\?.*", ""), null).statusCode())
                .isEqualTo(403);
        assertThat(ApiClient.fetch(link.replace("exports/", "exports/x"), null).statusCode())
                .isEqualTo(404);
        advance(Duration.ofHours(48).minusSeconds(1));
        assertThat(ApiClient.fetch(link, null).statusCode()).isEqualTo(200);
        advance(Duration.ofSeconds(1));
        var expired = ApiClient.fetch(link, null);
        assertThat(expired.statusCode()).isEqualTo(403);
        assertThat(expired.body()).contains("<Code>AccessDenied</Code><Message>Request has expired</Message>");
    }

    @Test
    void theFileHoldsTheMomentItWasAskedFor() {
        Device device = startWithOneMac(Tenant.us("acme", 1), FIGMA);
        simulator.exports().pendingFor(0);
        String id = begin(ALL);
        advance(Duration.ofHours(1));
        simulator.fleet().update(device, FIGMA, "126");
        simulator.fleet().install(device, App.mac("Slack", "com.slack", "4"));
        simulator.fleet().rename(device, "Renamed");

        var rows = PlainCsv.read(
                ApiClient.fetch(look(id).path("signed_url").asText(), null).body());

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0))
                .containsEntry("version", "125.9.10")
                .containsEntry("device__name", "Dana’s Mac")
                .containsEntry("updated_at", "2026-01-05T08:00:00.000000+00:00");
    }

    @Test
    void anEmptyTenantsFileHasItsFirstLine() {
        start(Tenant.us("acme", 1).withDevices(0));

        assertThat(download(ALL).body()).isEqualTo(NAMES);
    }
}
