package dev.kandjistream.benchmarks;

import dev.kandjistream.posture.domain.AccountState;
import dev.kandjistream.posture.domain.Decision;
import dev.kandjistream.posture.domain.Doubt;
import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.posture.domain.Enrolments.Chosen;
import dev.kandjistream.posture.domain.Policy;
import dev.kandjistream.posture.domain.Posture;
import dev.kandjistream.posture.domain.Question;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.domain.Sighting;
import dev.kandjistream.posture.http.DecisionSource;
import dev.kandjistream.posture.http.PostureServer;
import dev.kandjistream.posture.http.Settings;
import dev.kandjistream.posture.http.TokenFile;
import dev.kandjistream.posture.policy.PolicyReader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The API and the policy as they are, over a fleet that is made up: everything of a decision but Kafka. Prints its address, and
 * serves until it is ended.
 */
public final class DecisionServer implements DecisionSource {
    private final Map<SerialNumber, Sighting> fleet = new HashMap<>();
    private final Policy policy;
    private final AtomicLong ids = new AtomicLong();

    private DecisionServer(Policy policy, int devices) {
        this.policy = policy;
        long now = System.currentTimeMillis();
        var account = new AccountState("acme", "CONNECTED", now, Duration.ofDays(1), false);
        for (int i = 0; i < devices; i++) {
            fleet.put(
                    SerialNumber.of(serialNumber(i)).orElseThrow(),
                    Sighting.ofView(new Chosen(device(i, now), false), Optional.of(account)));
        }
    }

    /** @param args file of tokens, number of devices, number of rules */
    public static void main(String[] args) throws Exception {
        Policy policy = new PolicyReader().read(Rules.text(Integer.parseInt(args[2])), "rules.yml");
        var registry = new SimpleMeterRegistry();
        Settings usual = Settings.DEFAULT;
        int unlimited = 100_000_000;
        var settings = new Settings(
                usual.host(),
                0,
                usual.tls(),
                usual.maxBodyBytes(),
                unlimited,
                unlimited,
                usual.maxBatch(),
                usual.patience());
        var source = new DecisionServer(policy, Integer.parseInt(args[1]));
        PostureServer server =
                PostureServer.start(settings, source, TokenFile.open(Path.of(args[0]), registry), registry);
        System.out.println(server.url());
        Thread.currentThread().join();
    }

    static String serialNumber(int device) {
        return "C02BENCH" + device;
    }

    private static Enrolment device(int i, long now) {
        return new Enrolment(
                "acme",
                "device-" + i,
                "Mac",
                "MacBook Pro (14-inch, 2024)",
                "15." + i % 6,
                null,
                null,
                true,
                true,
                false,
                false,
                null,
                now - i,
                true,
                "person" + i + "@acme.example",
                false,
                "Standard",
                List.of("office", "floor-" + i % 9),
                now - Duration.ofDays(90).toMillis(),
                Doubt.NONE);
    }

    @Override
    public CompletionStage<Decision> decide(Question question, String client) {
        Instant now = Instant.now();
        Sighting sighting = fleet.getOrDefault(question.serialNumber(), Sighting.NONE);
        Posture posture = Posture.of(question, sighting, now.toEpochMilli());
        var verdict = policy.judge(posture, question.context());
        String id = Long.toString(ids.incrementAndGet());
        return CompletableFuture.completedFuture(
                new Decision(id, now, client, question, sighting, posture, verdict, policy.version()));
    }

    @Override
    public Optional<Posture> look(SerialNumber serialNumber) {
        return Optional.empty();
    }

    @Override
    public Optional<String> notReady() {
        return Optional.empty();
    }
}
