package dev.kandjistream.posture;

import static dev.kandjistream.posture.ServiceStage.TOPICS;
import static dev.kandjistream.posture.ServiceStage.serial;
import static dev.kandjistream.posture.kafka.ViewStage.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.posture.Asker.Answer;
import dev.kandjistream.posture.kafka.DecisionTopic;
import dev.kandjistream.posture.policy.ShippedPolicy;
import dev.kandjistream.raw.RawDevice;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics that allow small records only, and records as large as they come: whoever asks notices nothing of it. */
class RecordLimitIT {
    private static final int SMALL = 20_000;
    private static final int MEGABYTE = 1 << 20;
    /** Less than any wait for a broker. */
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    @TempDir
    private static Path directory;

    private static Heard heard;
    private static ServiceStage stage;
    private final Random random = new Random(7);

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

    @Test
    void decisionsThatDoNotFitAreSkippedByIdAndAllOthersAreRecorded() throws Exception {
        allow(SMALL);
        try (var replica = Replica.start(stage, stage.policy(ShippedPolicy.CONNECTED))) {
            stage.publish(
                    "limits",
                    "CONNECTED",
                    Instant.now(),
                    stage.mac("limits", "small"),
                    tagged(stage.mac("limits", "large"), 2_000));
            await(() -> replica.ask(serial("limits", "small")).decision().equals("allow"));
            await(() -> replica.ask(serial("limits", "large")).decision().equals("allow"));
            List<String> small = new ArrayList<>();
            List<String> large = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                small.add(allowedAtOnce(replica, "small"));
                large.add(allowedAtOnce(replica, "large"));
            }

            await(() -> recorded().containsAll(small));
            await(() -> replica.gauge("posture.decisions.waiting") == 0);
            assertThat(recorded()).doesNotContainAnyElementsOf(large);
            assertThat(replica.meters
                            .get("posture.decisions.oversized")
                            .counter()
                            .count())
                    .isEqualTo(replica.count("posture.decisions.lost"))
                    .isGreaterThanOrEqualTo(20);
            assertThat(replica.service.notReady().orElseThrow())
                    .contains(
                            "larger decisions are not recorded: Topic kandji.decisions allows records of 20000 bytes only")
                    .contains("kafka-configs.sh");
            assertThat(heard.everything().lines().filter(line -> line.contains("that the record will not have")))
                    .singleElement()
                    .asString()
                    .containsPattern(
                            "Decision [0-9a-f-]{36} is too large to be recorded: record of \\d+ bytes for topic"
                                    + " kandji.decisions, which allows 20000");

            allow(MEGABYTE);
            List<String> later = new ArrayList<>();
            await(() -> {
                later.add(allowedAtOnce(replica, "large"));
                return recorded().stream().anyMatch(later::contains);
            });
            replica.awaitReady();
        }
    }

    @Test
    void rawRecordsOfAnySizeAreRead() throws Exception {
        try (var replica = Replica.start(stage, stage.policy(ShippedPolicy.CONNECTED))) {
            for (int i = 0; i < 3; i++) {
                stage.publish(
                        "huge",
                        "CONNECTED",
                        Instant.now(),
                        tagged(stage.mac("huge", "huge" + i), 250_000),
                        stage.mac("huge", "next" + i));
            }
            for (int i = 0; i < 3; i++) {
                String huge = serial("huge", "huge" + i);
                String next = serial("huge", "next" + i);
                await(() -> replica.ask(huge).decision().equals("allow"));
                await(() -> replica.ask(next).decision().equals("allow"));
            }
        }
    }

    /** @return the decision's id */
    private static String allowedAtOnce(Replica replica, String name) throws Exception {
        long before = System.nanoTime();
        Answer answer = replica.ask(serial("limits", name));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(AT_ONCE);
        assertThat(answer.decision()).isEqualTo("allow");
        return answer.text("decision_id");
    }

    /** Text that hardly compresses. */
    private RawDevice.Builder tagged(RawDevice.Builder device, int tags) {
        List<String> noise = new ArrayList<>();
        for (int i = 0; i < tags; i++) {
            noise.add(new UUID(random.nextLong(), random.nextLong()).toString());
        }
        return device.setTags(noise);
    }

    private static List<String> recorded() {
        DecisionTopic decisions = stage.decisions();
        return List.copyOf(decisions.byId().keySet());
    }

    private static void allow(int bytes) throws Exception {
        var resource =
                new ConfigResource(ConfigResource.Type.TOPIC, TOPICS.decisions().name());
        var entry = new ConfigEntry("max.message.bytes", String.valueOf(bytes));
        try (var admin = stage.kafka.admin()) {
            admin.incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            await(() -> admin.describeConfigs(List.of(resource))
                    .all()
                    .get()
                    .get(resource)
                    .get("max.message.bytes")
                    .value()
                    .equals(entry.value()));
        }
    }
}
