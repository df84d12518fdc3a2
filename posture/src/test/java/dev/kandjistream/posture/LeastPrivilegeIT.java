package dev.kandjistream.posture;

import static dev.kandjistream.posture.kafka.ViewStage.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.embedded.EmbeddedRegistry;
import dev.kandjistream.posture.http.Settings;
import dev.kandjistream.posture.kafka.Records;
import dev.kandjistream.schemas.SerialNumbers;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that permits only granted operations, and a separate user for posture. */
class LeastPrivilegeIT {
    private static final String LOGIN =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\"" + " password=\"%s\"";

    @TempDir
    private static Path directory;

    private static EmbeddedKafka kafka;
    private static EmbeddedRegistry registry;
    private static Admin admin;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(
                directory.resolve("kafka"),
                0,
                Map.of(
                        "listener.security.protocol.map",
                        "CLIENT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "sasl.enabled.mechanisms",
                        "PLAIN",
                        "sasl.mechanism.inter.broker.protocol",
                        "PLAIN",
                        "listener.name.client.plain.sasl.jaas.config",
                        LOGIN.formatted("admin", "admin") + " user_admin=\"admin\" user_posture=\"posture\";",
                        "authorizer.class.name",
                        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "super.users",
                        "User:admin;User:ANONYMOUS"));
        registry = EmbeddedRegistry.start(0, client("admin"), "_schemas");
        admin = Admin.create(client("admin"));
    }

    @AfterAll
    static void stop() {
        admin.close();
        registry.close();
        kafka.close();
    }

    @Test
    void readingIsEnoughToDecideAndWritingToRecord() throws Exception {
        var topics = new Topics("least");
        TopicAdmin.ensure(admin, topics, (short) 1);
        grantReading(topics);
        publishAMac(topics);
        try (var service = service(topics)) {
            service.start();
            await(() -> service.notReady().orElse("").startsWith("decisions are not recorded: "));
            assertThat(service.notReady().orElseThrow())
                    .matches(
                            "decisions are not recorded: this user may not write to topic least.decisions, since \\S+Z;"
                                    + " grant WRITE on least.decisions");
            var asker = new Asker(service.url());
            assertThat(asker.decide("C02SECRET1").decision()).isEqualTo("allow");
            assertThat(written()).isZero();

            grant(topics.decisions(), AclOperation.WRITE);
            await(() -> service.notReady().isEmpty());
            await(() -> written() == 1);
            assertThat(meters.get("posture.decisions.lost").functionCounter().count())
                    .isZero();
        }
    }

    @Test
    void topicsThatDoNotExistAreWaitedForAndNoneIsCreated() throws Exception {
        var topics = new Topics("waited");
        grantReading(topics);
        grant(topics.decisions(), AclOperation.WRITE);
        try (var service = service(topics)) {
            service.start();
            await(() -> service.notReady().orElse("").contains("does not exist; the poller creates it at its start"));
            await(() -> service.notReady()
                    .orElse("")
                    .contains("decisions are not recorded: topic waited.decisions does not" + " exist"));
            assertThat(admin.listTopics().names().get()).noneMatch(name -> name.startsWith("waited"));

            TopicAdmin.ensure(admin, topics, (short) 1);
            await(() -> service.notReady().isEmpty());
        }
    }

    private double written() {
        return meters.get("posture.decisions.written").functionCounter().count();
    }

    private PostureService service(Topics topics) throws Exception {
        Path policy = Files.writeString(
                Files.createTempFile(directory, "policy", ".yml"),
                "rules: [{name: known, outcome: allow, when: 'connection == \"available\"'}]");
        Path tokens = Files.writeString(
                Files.createTempFile(directory, "tokens", ".yml"),
                "tokens:\n  - { name: sign-in, sha256: \"%s\", scopes: [decide] }\n"
                        .formatted(ServiceStage.sha256(Asker.TOKEN)));
        Map<String, Object> kafkaClient = client("posture");
        kafkaClient.put("schema.registry.url", registry.url());
        return new PostureService(
                new PostureConfig(
                        topics,
                        kafkaClient,
                        policy,
                        tokens,
                        Settings.DEFAULT.withPort(0),
                        account -> Duration.ofHours(1),
                        SerialNumbers.defaults(),
                        Optional.empty(),
                        (short) 1),
                meters);
    }

    private static Map<String, Object> client(String user) {
        return new HashMap<>(Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                LOGIN.formatted(user, user) + ";"));
    }

    private static void grantReading(Topics topics) throws Exception {
        for (Topic<?> topic : List.of(topics.rawDevices(), topics.unconfirmed(), topics.sweeps())) {
            grant(topic, AclOperation.READ);
        }
    }

    private static void grant(Topic<?> topic, AclOperation operation) throws Exception {
        admin.createAcls(List.of(new AclBinding(
                        new ResourcePattern(ResourceType.TOPIC, topic.name(), PatternType.LITERAL),
                        new AccessControlEntry("User:posture", "*", operation, AclPermissionType.ALLOW))))
                .all()
                .get();
    }

    private static void publishAMac(Topics topics) throws Exception {
        Map<String, Object> properties = client("admin");
        properties.put("schema.registry.url", registry.url());
        try (var producer = new KafkaProducer<>(client("admin"), new ByteArraySerializer(), new ByteArraySerializer());
                var devices = AvroSerdes.serializer(topics.rawDevices(), properties);
                var receipts = AvroSerdes.serializer(topics.sweeps(), properties)) {
            String raw = topics.rawDevices().name();
            producer.send(new ProducerRecord<>(
                            raw,
                            "acme/d1".getBytes(StandardCharsets.UTF_8),
                            devices.serialize(
                                    raw,
                                    Records.device("acme", "d1", "C02SECRET1").build())))
                    .get();
            String sweeps = topics.sweeps().name();
            producer.send(new ProducerRecord<>(
                            sweeps,
                            "acme/devices".getBytes(StandardCharsets.UTF_8),
                            receipts.serialize(
                                    sweeps, Records.receipt("acme", "devices", "CONNECTED", Instant.now(), List.of()))))
                    .get();
        }
    }
}
