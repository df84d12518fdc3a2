package dev.kandjistream.enricher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that permits only granted operations, and a user that may read the settings of topics at most. */
class InternalTopicsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Topics TOPICS = new Topics("acl");
    private static final String CHANGELOG = "acl-enricher-devices-changelog";
    private static final String LOGIN =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\"";

    @Test
    void whatMayNotBeChangedIsNamedAndWhatMayNotBeReadCountsAsKafkasDefault(@TempDir Path directory) throws Exception {
        try (var kafka = EmbeddedKafka.start(directory, 0, settings());
                var admin = Admin.create(client(kafka, "admin"));
                var enricher = Admin.create(client(kafka, "enricher"))) {
            Map<String, String> twoDays = Map.of("cleanup.policy", "compact", "delete.retention.ms", "172800000");
            admin.createTopics(List.of(new NewTopic(CHANGELOG, 1, (short) 1).configs(twoDays)))
                    .all()
                    .get();
            grant(admin, AclOperation.DESCRIBE);
            var internal = new InternalTopics(enricher, TOPICS);
            Stack.await(PATIENCE, () -> !internal.keepTombstones().isEmpty());
            assertThat(internal.tombstonesStay()).isEqualTo(Duration.ofDays(1));

            grant(admin, AclOperation.DESCRIBE_CONFIGS);
            Stack.await(PATIENCE, () -> internal.tombstonesStay().equals(Duration.ofDays(2)));
            assertThat(internal.keepTombstones()).containsExactly(CHANGELOG);
            assertThat(internal.replicas(CHANGELOG)).isEqualTo(1);
            assertThat(internal.requireInSync()).isEmpty();

            grant(admin, AclOperation.ALTER_CONFIGS);
            Stack.await(PATIENCE, () -> internal.keepTombstones().isEmpty());
            Stack.await(PATIENCE, () -> internal.tombstonesStay().equals(Duration.ofDays(30)));
        }
    }

    private static Map<String, String> settings() {
        return Map.of(
                "listener.security.protocol.map", "CLIENT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms", "PLAIN",
                "sasl.mechanism.inter.broker.protocol", "PLAIN",
                "listener.name.client.plain.sasl.jaas.config",
                        LOGIN.formatted("admin", "admin") + " user_admin=\"admin\" user_enricher=\"enricher\";",
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users", "User:admin;User:ANONYMOUS");
    }

    private static Map<String, Object> client(EmbeddedKafka kafka, String user) {
        return Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                LOGIN.formatted(user, user) + ";");
    }

    private static void grant(Admin admin, AclOperation operation) throws Exception {
        var topics = new ResourcePattern(ResourceType.TOPIC, "acl", PatternType.PREFIXED);
        var entry = new AccessControlEntry("User:enricher", "*", operation, AclPermissionType.ALLOW);
        admin.createAcls(List.of(new AclBinding(topics, entry))).all().get();
    }
}
