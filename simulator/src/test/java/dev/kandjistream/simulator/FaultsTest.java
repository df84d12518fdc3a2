package dev.kandjistream.simulator;

import static dev.kandjistream.simulator.ApiClient.encode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.Enrolment;
import dev.kandjistream.simulator.fleet.Platform;
import dev.kandjistream.simulator.http.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private KandjiSimulator simulator;
    private ApiClient api;

    /** Five devices of one app row each, serial numbers and app names 0 to 4. */
    @BeforeEach
    void start() {
        simulator = KandjiSimulator.start(Tenant.us("acme", 1).withDevices(0));
        api = new ApiClient(simulator);
        for (int i = 0; i < 5; i++) {
            var person = simulator.fleet().hire("P" + i, "p" + i + "@acme.example");
            simulator
                    .fleet()
                    .enrol(Enrolment.of(Platform.MAC, "" + i, "d" + i)
                            .assignedTo(person)
                            .with(App.mac("" + i, "com.example." + i, "1")));
        }
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private List<String> serials(String path) {
        return api.json(path).findValuesAsText("serial_number");
    }

    @Test
    void aStatusHitsSomeRequestsOfOneEndpointAndEnds() {
        simulator.faults().on(Endpoint.DEVICES).after(1).times(2).status(503);

        assertThat(List.of(status("/devices"), status("/prism/apps"), status("/devices"), status("/devices")))
                .containsExactly(200, 200, 503, 503);
        assertThat(status("/devices")).isEqualTo(200);
        assertThat(simulator.faults().standing()).isEmpty();
    }

    private int status(String path) {
        return api.get(path).statusCode();
    }

    @Test
    void aFaultWithoutEndStandsUntilCleared() {
        simulator.faults().on().status(429, Duration.ofSeconds(7));

        assertThat(api.get("/devices").headers().firstValue("Retry-After").orElseThrow())
                .matches("[67]");
        assertThat(status("/settings/licensing")).isEqualTo(429);
        simulator.faults().clear();
        assertThat(status("/devices")).isEqualTo(200);
    }

    @Test
    void aServerErrorMayBeAPage() {
        simulator.faults().on().status(500);

        assertThat(api.get("/devices").headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/html");
    }

    @Test
    void hangingUpIsNoAnswerAtAll() {
        simulator.faults().on(Endpoint.DEVICES).times(2).hangUp();

        assertThatThrownBy(() -> api.get("/devices")).hasCauseInstanceOf(IOException.class);
        assertThat(simulator.requests().count(Endpoint.DEVICES, 0)).isPositive();
    }

    @Test
    void aCutBodyIsShorterThanAnnounced() {
        simulator.faults().on(Endpoint.DEVICES).cutBody();

        assertThatThrownBy(() -> api.get("/devices")).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aDelayDelays() {
        simulator.faults().on().delay(Duration.ofMillis(300));

        long start = System.nanoTime();
        api.get("/devices");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void htmlComesWithStatus200() {
        simulator.faults().on().html();

        var answer = api.get("/prism/apps");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("<html>");
    }

    @Test
    void anEmptyPageKeepsTheTotalAndAnEmptyFleetDoesNot() {
        simulator.faults().on(Endpoint.PRISM_APPS).times(1).emptyPage();
        assertThat(api.get("/prism/apps?limit=2&cursor=").body())
                .isEqualTo("{\"offset\":null,\"limit\":2,\"total\":5,\"data\":[],\"cursor\":null}");

        simulator.faults().on().emptyFleet();
        assertThat(api.get("/prism/apps?limit=2&cursor=").body())
                .isEqualTo("{\"offset\":null,\"limit\":2,\"total\":0,\"data\":[],\"cursor\":null}");
        assertThat(api.get("/devices").body()).isEqualTo("[]");
        assertThat(api.json("/prism/count?category=apps").path("count").asInt()).isZero();
        assertThat(api.json("/settings/licensing").at("/counts/computers_count").asInt())
                .isZero();
    }

    @Test
    void aShortPageLosesRowsAndACappedOneDoesNot() {
        simulator.faults().on(Endpoint.PRISM_APPS).times(1).shortPage(1);
        assertThat(api.walkByCursor(3, ""))
                .extracting(row -> row.path("name").asText())
                .containsExactly("0", "3", "4");

        simulator.faults().on(Endpoint.PRISM_APPS).cappedPage(2);
        assertThat(api.walkByCursor(3, ""))
                .extracting(row -> row.path("name").asText())
                .containsExactly("0", "1", "2", "3", "4");
        assertThat(simulator.requests().count(Endpoint.PRISM_APPS)).isEqualTo(2 + 3);
    }

    @Test
    void allUsersCanBeEmpty() {
        simulator.faults().on().noUsers();

        assertThat(api.json("/devices").findValuesAsText("user")).containsExactly("", "", "", "", "");
        assertThat(api.json("/prism/apps").findValuesAsText("device__user_email"))
                .containsOnly("");
        simulator.faults().clear();
        assertThat(api.json("/prism/apps").findValuesAsText("device__user_email"))
                .contains("p0@acme.example");
    }

    @Test
    void aRepeatedCursorLeadsToTheSamePageAgain() {
        String second = api.json("/prism/apps?limit=2&cursor=").path("cursor").asText();
        simulator.faults().on(Endpoint.PRISM_APPS).repeatedCursor();

        JsonNode page = api.json("/prism/apps?limit=2&cursor=" + encode(second));

        assertThat(page.path("cursor").asText()).isEqualTo(second);
        assertThat(page.findValuesAsText("name")).containsExactly("2", "3");
    }

    @Test
    void anExpiredCursorIsRefusedButANewWalkIsNot() {
        String cursor = api.json("/prism/apps?limit=2&cursor=").path("cursor").asText();
        simulator.faults().on(Endpoint.PRISM_APPS).expiredCursor();

        assertThat(status("/prism/apps?limit=2&cursor=" + encode(cursor))).isEqualTo(400);
        assertThat(status("/prism/apps?limit=2&cursor=")).isEqualTo(200);
    }

    @Test
    void aFullPageMayLackItsCursor() {
        simulator.faults().on(Endpoint.PRISM_APPS).noCursor();

        JsonNode page = api.json("/prism/apps?limit=2&cursor=");

        assertThat(page.path("data")).hasSize(2);
        assertThat(page.path("cursor").isNull()).isTrue();
        assertThat(page.path("total").asInt()).isEqualTo(5);
    }

    @Test
    void shiftedRowsAreSkippedOrRepeated() {
        simulator.faults().on(Endpoint.DEVICES).after(1).times(1).shift(1);
        assertThat(serials("/devices?limit=2&offset=0")).containsExactly("0", "1");
        assertThat(serials("/devices?limit=2&offset=2")).containsExactly("3", "4");

        simulator.faults().on(Endpoint.DEVICES).times(1).shift(-1);
        assertThat(serials("/devices?limit=2&offset=2")).containsExactly("1", "2");
    }

    @Test
    void aChangeBetweenTwoPagesShiftsRowsAsInReality() {
        simulator.faults().on(Endpoint.DEVICES).after(1).times(1).before(() -> simulator
                .fleet()
                .remove(simulator.fleet().devices().get(0)));

        assertThat(serials("/devices?limit=2&offset=0")).containsExactly("0", "1");
        assertThat(serials("/devices?limit=2&offset=2")).containsExactly("3", "4");
    }

    @Test
    void aTotalCanBeWrongOrMissing() {
        simulator.faults().on(Endpoint.PRISM_APPS).times(1).total(7L);
        assertThat(api.json("/prism/apps").path("total").asInt()).isEqualTo(7);

        simulator.faults().on(Endpoint.PRISM_APPS).times(1).total(null);
        assertThat(api.json("/prism/apps").path("total").isNull()).isTrue();
    }
}
