package dev.kandjistream.posture;

import dev.kandjistream.posture.kafka.DecisionTopic;
import dev.kandjistream.posture.kafka.Records;
import dev.kandjistream.posture.kafka.ViewStage;
import dev.kandjistream.posture.policy.ShippedPolicy;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Broker, registry and files for replicas, and what the poller would publish: so the truth is ours, and no replica's. */
final class ServiceStage implements AutoCloseable {
    static final Topics TOPICS = new Topics("kandji");
    /** How old an account's sweep may be until its devices are stale. */
    static final Duration ALLOWED_AGE = Duration.ofHours(1);
    /** All serial numbers begin so; the log must not tell of any. */
    static final String SERIALS = "C02SECRET";

    final ViewStage kafka;
    final Path directory;
    final Path tokens;
    private final List<String> serials = new ArrayList<>();

    ServiceStage(Path directory) throws Exception {
        this.directory = directory;
        kafka = new ViewStage(directory.resolve("kafka"));
        try (var admin = kafka.admin()) {
            TopicAdmin.ensure(admin, TOPICS, (short) 1);
        }
        tokens = Files.writeString(
                directory.resolve("tokens.yml"),
                "tokens:\n  - { name: sign-in, sha256: \"%s\", scopes: [decide] }\n".formatted(sha256(Asker.TOKEN)));
    }

    static String sha256(String text) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }

    /** In a file that is this caller's alone. */
    Path policy(String text) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "policy", ".yml"), text);
    }

    Path policy(ShippedPolicy shipped) throws IOException {
        return policy(shipped.text());
    }

    /** A Mac as everybody wants it; known by the serial number that is made of its account and name. */
    RawDevice.Builder mac(String account, String name) {
        return Records.device(account, name, serial(account, name))
                .setModel("MacBook Air")
                .setOsVersion("15.2")
                .setMdmEnabled(true)
                .setAgentInstalled(true)
                .setLastCheckIn(Instant.now())
                .setLastEnrollment(Records.NOW)
                .setUserId("7")
                .setUserEmail(Asker.EMAIL)
                .setUserArchived(false)
                .setBlueprintName("Standard")
                .setTags(List.of("exec"));
    }

    static String serial(String account, String name) {
        return (SERIALS + account + name).toUpperCase(Locale.ROOT);
    }

    /** Serial numbers of all that was ever published, those removed since among them. */
    List<String> serials() {
        return List.copyOf(serials);
    }

    /**
     * As a sweep of the poller publishes it, in one transaction.
     *
     * @param connection in the receipt's word; null for no receipt
     * @param completeAt end of the last complete sweep; null for never
     */
    void publish(String account, String connection, Instant completeAt, RawDevice.Builder... devices) throws Exception {
        try (var publisher = kafka.publisher(TOPICS)) {
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (var device : devices) {
                serials.add(device.getSerialNumber());
                records.add(publisher.device(device));
            }
            if (connection != null) {
                records.add(publisher.receipt(Records.receipt(account, "devices", connection, completeAt, List.of())));
            }
            publisher.commit(records);
        }
    }

    /** The device is gone from the account. */
    void retract(String account, String name) throws Exception {
        try (var publisher = kafka.publisher(TOPICS)) {
            publisher.commit(List.of(publisher.device(Keys.of(account, name), null)));
        }
    }

    DecisionTopic decisions() {
        return new DecisionTopic(
                kafka.bootstrap(), kafka.registryUrl(), TOPICS.decisions().name());
    }

    @Override
    public void close() {
        kafka.close();
    }
}
