package dev.kandjistream.posture;

import static dev.kandjistream.posture.kafka.ViewStage.await;

import dev.kandjistream.kandji.ApiUrl;
import dev.kandjistream.posture.http.Settings;
import dev.kandjistream.posture.kafka.ViewStage;
import dev.kandjistream.posture.live.LiveAccount;
import dev.kandjistream.posture.live.LiveSettings;
import dev.kandjistream.schemas.SerialNumbers;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.simulator.KandjiSimulator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.types.Password;

/** A posture service in this JVM, whole, on a clock that can be set. */
final class Replica implements AutoCloseable {
    final SetClock clock = new SetClock();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final PostureService service;
    final Asker asker;

    private Replica(PostureConfig config) {
        service = new PostureService(config, meters, new SteadyClock(clock, clock::nanos), ViewStage.PATIENCE);
        service.start();
        asker = new Asker(service.url());
    }

    /** Returns at once; it may not be ready. */
    static Replica start(ServiceStage stage, Path policy) {
        return start(stage, policy, stage.kafka.registryUrl());
    }

    static Replica start(ServiceStage stage, Path policy, String registryUrl) {
        return new Replica(config(stage.kafka.client(registryUrl), policy, stage.tokens, Optional.empty()));
    }

    /** One that has nothing to read, for no poller has ever run. */
    static Replica beforeAnyTopic(ServiceStage stage, Path policy) {
        Map<String, Object> client = stage.kafka.client(stage.kafka.registryUrl());
        return new Replica(config(new Topics("nobody"), client, policy, stage.tokens, Optional.empty()));
    }

    /** One that may ask the account's API. */
    static Replica start(ServiceStage stage, Path policy, String account, KandjiSimulator api) {
        var asked = new LiveAccount(account, ApiUrl.parse(api.url(), true), () -> new Password(api.token()));
        var live = new LiveConfig(List.of(asked), new LiveSettings(1, 50, 32));
        return new Replica(
                config(stage.kafka.client(stage.kafka.registryUrl()), policy, stage.tokens, Optional.of(live)));
    }

    static PostureConfig config(Map<String, Object> client, Path policy, Path tokens, Optional<LiveConfig> live) {
        return config(ServiceStage.TOPICS, client, policy, tokens, live);
    }

    private static PostureConfig config(
            Topics topics, Map<String, Object> client, Path policy, Path tokens, Optional<LiveConfig> live) {
        Map<String, Object> kafka = new HashMap<>(client);
        kafka.put("reconnect.backoff.max.ms", 200);
        return new PostureConfig(
                topics,
                kafka,
                policy,
                tokens,
                Settings.DEFAULT.withPort(0),
                account -> ServiceStage.ALLOWED_AGE,
                SerialNumbers.defaults(),
                live,
                (short) 1);
    }

    void awaitReady() throws Exception {
        await(() -> service.notReady().isEmpty());
    }

    Asker.Answer ask(String serial) throws Exception {
        return asker.decide(serial);
    }

    double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    double count(String name) {
        return meters.get(name).functionCounter().count();
    }

    @Override
    public void close() {
        service.close();
    }
}
