package dev.kandjistream.posture;

import static dev.kandjistream.posture.ServiceStage.ALLOWED_AGE;
import static dev.kandjistream.posture.ServiceStage.serial;
import static dev.kandjistream.posture.ServiceStage.sha256;
import static dev.kandjistream.posture.kafka.ViewStage.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kandjistream.embedded.EmbeddedRegistry;
import dev.kandjistream.posture.Asker.Answer;
import dev.kandjistream.posture.kafka.ViewStage;
import dev.kandjistream.posture.policy.ShippedPolicy;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.simulator.KandjiSimulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole service, asked over HTTP, while what it leans on fails: it decides on, and says how old what it knows is. */
class PostureServiceIT {
    private static final Duration DAY = Duration.ofDays(1);
    private static final String LIVE = """
            live_lookup: { when: [unknown, stale], deadline: 500ms }
            rules:
              - { name: not-managed, when: mdm_enabled == false, outcome: deny }
              - { name: connected, when: connection == "available", outcome: allow }
            """;

    @TempDir
    private static Path directory;

    private static Heard heard;
    private static ServiceStage stage;

    @BeforeAll
    static void start() throws Exception {
        heard = new Heard();
        stage = new ServiceStage(directory);
    }

    @AfterAll
    static void stop() {
        stage.close();
        heard.close();
    }

    /** Else what fails without a broker fails all others too. */
    @AfterEach
    void thereIsABroker() {
        stage.kafka.startBroker();
    }

    @AfterEach
    void nothingOfWhatWasAskedIsInTheLog() {
        assertThat(heard.everything())
                .contains("Decisions can be asked for", "View has caught up")
                .doesNotContainIgnoringCase(ServiceStage.SERIALS)
                .doesNotContainIgnoringCase(Asker.EMAIL)
                .doesNotContain(Asker.TOKEN);
    }

    @Test
    void withoutABrokerItDecidesByTheLastStateWithItsTrueAgeAndNoDecisionIsLostOrDoubled() throws Exception {
        String serial = serial("broker", "mac");
        var made = new MadeDecisions();
        try (var replica = Replica.start(stage, stage.policy(ShippedPolicy.MANAGED))) {
            Instant swept = replica.clock.truth().minusSeconds(100);
            stage.publish("broker", "CONNECTED", swept, stage.mac("broker", "mac"));
            replica.awaitReady();
            await(() -> made.by(replica.ask(serial)).decision().equals("allow"));

            stage.kafka.stopBroker();
            long gone = System.nanoTime();
            await(() -> {
                Instant before = replica.clock.truth();
                Answer answer = made.by(replica.ask(serial));
                assertThat(answer.decision()).isEqualTo("allow");
                assertTrueAge(answer, swept, before, replica.clock.truth());
                // That decisions are not recorded may be known earlier.
                return replica.service
                        .notReady()
                        .filter(words -> words.contains("could not be followed"))
                        .isPresent();
            });
            assertThat(Duration.ofNanos(System.nanoTime() - gone)).isLessThan(ViewStage.PATIENCE.plusSeconds(5));
            assertThat(replica.service.notReady().orElseThrow()).contains("could not be followed");
            assertThat(replica.gauge("posture.view.ready")).isZero();
            assertThat(replica.gauge("posture.view.behind.seconds")).isGreaterThan(ViewStage.PATIENCE.toSeconds());
            assertThat(replica.gauge("posture.decisions.waiting")).isPositive();

            replica.clock.pass(ALLOWED_AGE);
            Instant before = replica.clock.truth();
            Answer old = made.by(replica.ask(serial));
            assertThat(old.attribute("connection")).isEqualTo("stale");
            assertThat(old.attribute("connection_reason")).isEqualTo("data_too_old");
            assertThat(old.decision()).isEqualTo("deny");
            assertThat(old.text("notification")).isNotBlank();
            assertTrueAge(old, swept, before, replica.clock.truth());

            try (var newer = Replica.start(stage, stage.policy(ShippedPolicy.MANAGED))) {
                assertThat(newer.ask(serial).status()).isEqualTo(503);
                stage.kafka.startBroker();
                replica.awaitReady();
                newer.awaitReady();
                assertThat(newer.ask(serial).decision()).as("by the right time").isEqualTo("allow");
            }
            assertThat(replica.gauge("posture.view.ready")).isEqualTo(1);
            assertThat(made.by(replica.ask(serial)).attribute("connection")).isEqualTo("stale");
            stage.publish(
                    "broker",
                    "CONNECTED",
                    replica.clock.truth(),
                    stage.mac("broker", "mac").setOsVersion("15.3"));
            await(() -> made.by(replica.ask(serial)).decision().equals("allow"));
            assertThat(made.by(replica.ask(serial)).attribute("os_version")).isEqualTo("15.3");
            made.assertWrittenOnceEach(replica, stage.decisions());
        }
    }

    @Test
    void withoutARegistryARunningReplicaGoesOnAndANewOneSaysThatItCannotAnswerYet() throws Exception {
        String serial = serial("registry", "mac");
        var made = new MadeDecisions();
        EmbeddedRegistry registry = stage.kafka.registry(0);
        String url = registry.url();
        stage.publish("registry", "CONNECTED", Instant.now(), stage.mac("registry", "mac"));
        try (var former = Replica.start(stage, stage.policy(ShippedPolicy.MANAGED), url)) {
            former.awaitReady();
            registry.close();

            try (var newer = Replica.start(stage, stage.policy(ShippedPolicy.MANAGED), url)) {
                await(() -> newer.service.notReady().orElse("").contains("schema registry"));
                Answer refused = newer.ask(serial);
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.text("type")).endsWith(":not-ready");
                assertThat(refused.decision()).isEmpty();
                assertThat(newer.gauge("posture.view.ready")).isZero();

                assertThat(made.by(former.ask(serial)).decision()).isEqualTo("allow");
                stage.publish(
                        "registry",
                        "CONNECTED",
                        Instant.now(),
                        stage.mac("registry", "mac").setMdmEnabled(false));
                await(() -> made.by(former.ask(serial)).text("rule").equals("not-managed"));
                assertThat(former.gauge("posture.decisions.waiting")).isEqualTo(made.size());

                registry = stage.kafka.registry(URI.create(url).getPort());
                newer.awaitReady();
                assertThat(newer.gauge("posture.view.ready")).isEqualTo(1);
                JsonNode same = made.by(former.ask(serial)).comparable();
                await(() -> newer.ask(serial).comparable().equals(same));
                made.assertWrittenOnceEach(former, stage.decisions());
            }
        } finally {
            registry.close();
        }
    }

    @Test
    void whateverHappensToThePolicysFileDecisionsGoByTheLastSoundOne() throws Exception {
        String serial = serial("policy", "mac");
        stage.publish("policy", "CONNECTED", Instant.now(), stage.mac("policy", "mac"));
        Path policy = stage.policy(ShippedPolicy.MANAGED);
        String version = sha256(ShippedPolicy.MANAGED.text()).substring(0, 16);
        try (var replica = Replica.start(stage, policy)) {
            replica.awaitReady();
            assertThat(replica.gauge("posture.policy.sound")).isEqualTo(1);

            Files.delete(policy);
            await(() -> replica.service.notReady().isPresent());
            assertThat(replica.service.notReady().orElseThrow()).contains(policy.toString(), version);
            assertThat(replica.gauge("posture.policy.sound")).isZero();
            assertThat(replica.gauge("posture.view.ready")).isEqualTo(1);
            assertDecides(replica, serial, "allow", version);

            Files.writeString(policy, "rules:\n  - { name: all, when: mdm_enabeld, outcome: allow }\n");
            await(() -> replica.service.notReady().orElse("").contains("mdm_enabeld"));
            assertThat(replica.gauge("posture.policy.sound")).isZero();
            assertDecides(replica, serial, "allow", version);

            String mended = "rules:\n  - { name: nobody, when: true, outcome: deny, notification: Closed. }\n";
            Files.writeString(policy, mended);
            await(() -> replica.service.notReady().isEmpty());
            assertThat(replica.gauge("posture.policy.sound")).isEqualTo(1);
            assertDecides(replica, serial, "deny", sha256(mended).substring(0, 16));
        }
    }

    @Test
    void settingTheMachinesClockChangesNoAgeAndIsTold() throws Exception {
        String serial = serial("clock", "mac");
        Instant swept = Instant.now().minus(ALLOWED_AGE.dividedBy(2));
        stage.publish("clock", "CONNECTED", swept, stage.mac("clock", "mac"));
        try (var replica = Replica.start(stage, stage.policy(ShippedPolicy.MANAGED))) {
            replica.awaitReady();
            for (Duration off : List.of(Duration.ZERO, DAY.negated(), DAY)) {
                replica.clock.set(off);
                Instant before = replica.clock.truth();
                Answer answer = replica.ask(serial);
                Instant after = replica.clock.truth();
                assertThat(answer.decision()).isEqualTo("allow");
                assertTrueAge(answer, swept, before, after);
                assertThat(Instant.parse(answer.text("decided_at"))).isBetween(before.minusMillis(1), after);
                assertThat(replica.gauge("posture.clock.step.seconds"))
                        .isCloseTo(off.toSeconds(), org.assertj.core.data.Offset.offset(0.5));
            }
            replica.clock.set(DAY.negated());
            replica.clock.pass(ALLOWED_AGE);
            assertThat(replica.ask(serial).attribute("connection")).isEqualTo("stale");
        }
    }

    @Test
    void withoutTheApiItAnswersFromTheViewWithinTheDeadlineAndLiveOnceTheApiIsBack() throws Exception {
        Instant swept = Instant.now().minus(ALLOWED_AGE).minusSeconds(100);
        List<String> faults = List.of("hangs", "500", "empty", "gone", "back", "other");
        var released = new CountDownLatch(1);
        KandjiSimulator first = StandInApi.start("live", 0, faults);
        KandjiSimulator api = first;
        int port = api.port();
        stage.publish(
                "live",
                "UNREACHABLE",
                swept,
                Stream.concat(
                                faults.stream()
                                        .filter(fault -> !fault.equals("other"))
                                        .map(fault -> StandInApi.published(first, stage.mac("live", fault))),
                                Stream.of(stage.mac("live", "other").setMdmEnabled(false)))
                        .toArray(RawDevice.Builder[]::new));
        try (var replica = Replica.start(stage, stage.policy(LIVE), "live", api)) {
            replica.awaitReady();
            api.faults().on().before(() -> StandInApi.await(released));
            assertDeniedFromTheView(replica, "hangs", swept);
            released.countDown();
            api.faults().clear();
            api.faults().on().status(500);
            assertDeniedFromTheView(replica, "500", swept);
            api.faults().clear();
            api.faults().on().emptyFleet();
            assertDeniedFromTheView(replica, "empty", swept);
            api.close();
            assertDeniedFromTheView(replica, "gone", swept);

            api = StandInApi.start("live", port, faults);
            for (String serial : List.of(serial("live", "back"), StandInApi.newcomer("live", "back"))) {
                Answer answer = replica.ask(serial);
                assertThat(answer.text("source")).isEqualTo("live");
                assertThat(answer.age()).isBetween(0L, 5L);
                assertThat(answer.decision()).isEqualTo("allow");
                assertThat(answer.attribute("account")).isEqualTo("live");
                assertThat(answer.attribute("connection")).isEqualTo("available");
            }
            Answer answer = replica.ask(serial("live", "other"));
            assertThat(answer.decision())
                    .as("the API has it under another id only")
                    .isEqualTo("deny");
            assertThat(answer.text("source")).isEqualTo("view");
            assertThat(answer.attribute("serial_ambiguous")).isEqualTo("true");
            assertThat(answer.attribute("connection_reason")).isEqualTo("data_too_old");
        } finally {
            released.countDown();
            api.close();
        }
    }

    /** What is stale stays so, what is unknown too, and nobody waits for much longer than the policy lets them. */
    private static void assertDeniedFromTheView(Replica replica, String fault, Instant swept) throws Exception {
        Map<String, String> reasons =
                Map.of(serial("live", fault), "data_too_old", StandInApi.newcomer("live", fault), "serial_unknown");
        for (var expected : reasons.entrySet()) {
            long asked = System.nanoTime();
            Instant before = replica.clock.truth();
            Answer answer = replica.ask(expected.getKey());
            Instant after = replica.clock.truth();
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).as(fault).isLessThan(Duration.ofSeconds(5));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text("source")).isEqualTo("view");
            assertThat(answer.decision()).isEqualTo("deny");
            assertThat(answer.attribute("connection_reason")).as(fault).isEqualTo(expected.getValue());
            if (expected.getValue().equals("data_too_old")) {
                assertTrueAge(answer, swept, before, after);
            }
        }
    }

    @Test
    void nothingAllowsByAccidentAndNoApiIsAskedUnlessThePolicyWantsIt() throws Exception {
        stage.publish(
                "plain",
                "CONNECTED",
                Instant.now(),
                stage.mac("plain", "good"),
                stage.mac("plain", "stranger"),
                stage.mac("plain", "removed").setIsRemoved(true));
        stage.publish("refused", "UNAUTHORIZED", Instant.now(), stage.mac("refused", "mac"));
        stage.publish("never", "CONNECTED", null, stage.mac("never", "mac"));
        stage.publish("silent", null, null, stage.mac("silent", "mac"));
        stage.publish("old", "CONNECTED", Instant.now().minus(ALLOWED_AGE.multipliedBy(2)), stage.mac("old", "mac"));
        stage.retract("plain", "stranger");
        Map<String, String> reasons = Map.of(
                serial("plain", "good"), "",
                serial("plain", "good").substring(1), "serial_unknown",
                serial("plain", "stranger"), "serial_unknown",
                serial("plain", "removed"), "device_removed",
                serial("refused", "mac"), "account_refused",
                serial("never", "mac"), "never_complete",
                serial("silent", "mac"), "never_complete",
                serial("old", "mac"), "data_too_old");
        try (var api = StandInApi.start("plain", 0, List.of())) {
            try (var managed = Replica.start(stage, stage.policy(ShippedPolicy.MANAGED), "plain", api)) {
                managed.awaitReady();
                assertAllowsOnlyWhatIsWithoutReason(managed, reasons);
                assertThat(api.requests().count()).as("requests to the API").isZero();
            }
            try (var trusted = Replica.start(stage, stage.policy(ShippedPolicy.TRUSTED), "plain", api)) {
                trusted.awaitReady();
                assertAllowsOnlyWhatIsWithoutReason(trusted, reasons);
                assertThat(api.requests().count()).as("requests to the API").isEqualTo(2);
            }
        }
        try (var unread = Replica.beforeAnyTopic(stage, stage.policy(ShippedPolicy.MANAGED))) {
            for (String serial : reasons.keySet()) {
                assertThat(unread.ask(serial).status()).isEqualTo(503);
                assertThat(unread.ask(serial).decision()).isEmpty();
            }
            assertThat(unread.service.notReady()).isPresent();
        }
    }

    private static void assertAllowsOnlyWhatIsWithoutReason(Replica replica, Map<String, String> reasons)
            throws Exception {
        for (var expected : reasons.entrySet()) {
            Answer answer = replica.ask(expected.getKey());
            assertThat(answer.attribute("connection_reason")).isEqualTo(expected.getValue());
            assertThat(answer.decision())
                    .as(expected.getValue())
                    .isEqualTo(expected.getValue().isEmpty() ? "allow" : "deny");
        }
    }

    @Test
    void aKilledReplicaIsMissedByNobodyAndAnswersAsTheOthersOnceItIsBack() throws Exception {
        stage.publish(
                "killed",
                "CONNECTED",
                Instant.now(),
                stage.mac("killed", "mac"),
                stage.mac("killed", "unmanaged").setMdmEnabled(false),
                stage.mac("killed", "removed").setIsRemoved(true));
        String serial = serial("killed", "mac");
        Path policy = stage.policy(ShippedPolicy.MANAGED);
        Path log = directory.resolve("killed.log");
        Path secondLog = directory.resolve("started-again.log");
        try (var replica = Replica.start(stage, policy);
                var killed = ReplicaProcess.start(stage, policy, log)) {
            replica.awaitReady();
            killed.awaitReady(serial);
            List<JsonNode> known = replica.asker.decideAll(stage.serials());
            assertThat(known).hasSizeGreaterThanOrEqualTo(3);
            assertThat(killed.asker.decideAll(stage.serials())).isEqualTo(known);

            var asked = new CountDownLatch(20);
            CompletableFuture<List<Answer>> answers = CompletableFuture.supplyAsync(() -> {
                List<Answer> all = new ArrayList<>();
                try {
                    while (true) {
                        all.add(killed.asker.decide(serial));
                        asked.countDown();
                    }
                } catch (IOException gone) {
                    return all;
                } catch (InterruptedException impossible) {
                    throw new IllegalStateException(impossible);
                }
            });
            assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
            killed.kill();
            assertThat(answers.get(60, TimeUnit.SECONDS))
                    .allSatisfy(answer -> assertThat(answer.decision()).isEqualTo("allow"));
            assertThat(replica.asker.decideAll(stage.serials())).isEqualTo(known);

            try (var again = ReplicaProcess.start(stage, policy, secondLog)) {
                again.awaitReady(serial);
                assertThat(again.asker.decideAll(stage.serials())).isEqualTo(known);
                assertThat(replica.service.notReady()).isEmpty();
            }
        }
        assertThat(Files.readString(log) + Files.readString(secondLog))
                .contains("View has caught up")
                .doesNotContainIgnoringCase(ServiceStage.SERIALS)
                .doesNotContainIgnoringCase(Asker.EMAIL)
                .doesNotContain(Asker.TOKEN);
    }

    private static void assertDecides(Replica replica, String serial, String decision, String version)
            throws Exception {
        Answer answer = replica.ask(serial);
        assertThat(answer.decision()).isEqualTo(decision);
        assertThat(answer.text("policy_version")).isEqualTo(version);
    }

    /** Whole seconds that had passed since the sweep at some moment between before and after. */
    private static void assertTrueAge(Answer answer, Instant swept, Instant before, Instant after) {
        assertThat(answer.age())
                .isBetween(
                        Duration.between(swept, before).minusMillis(1).toSeconds(),
                        Duration.between(swept, after).plusMillis(1).toSeconds());
    }
}
