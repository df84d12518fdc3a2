package dev.kandjistream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.TopicMismatchException;
import dev.kandjistream.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicAdminIT {
    private static final short ONE = 1;

    private static EmbeddedKafka kafka;
    private static Admin admin;

    @BeforeAll
    static void startKafka(@TempDir Path directory) {
        kafka = EmbeddedKafka.start(directory);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterAll
    static void stopKafka() {
        admin.close();
        kafka.close();
    }

    @Test
    void servicesThatStartAtOnceAllSucceedAndTopicsAreAsTheContractSays() throws Exception {
        var topics = new Topics("together");
        var starts = new ArrayList<Callable<Void>>();
        for (int i = 0; i < 4; i++) {
            starts.add(() -> {
                TopicAdmin.ensure(admin, topics, ONE);
                return null;
            });
        }
        var threads = Executors.newFixedThreadPool(4);
        for (var start : threads.invokeAll(starts)) {
            start.get();
        }
        threads.shutdown();

        assertThat(setting("together.usage", "cleanup.policy")).isEqualTo("compact");
        assertThat(setting("together.usage", "min.compaction.lag.ms")).isEqualTo("2592000000");
        assertThat(setting("together.raw.apps", "max.message.bytes")).isEqualTo("16777216");
        assertThat(setting("together.deadletters", "cleanup.policy")).isEqualTo("delete");
        assertThat(partitions("together.raw.devices")).isEqualTo(12);
        assertThat(partitions("together.poller-ledger")).isEqualTo(64);
    }

    @Test
    void topicsMadeByHandAreTakenAsTheyAreWhenNothingIsLost() throws Exception {
        create(new NewTopic("byhand.raw.devices", 6, ONE), "compact");
        create(new NewTopic("byhand.raw.apps", 6, ONE), "compact");

        TopicAdmin.ensure(admin, new Topics("byhand"), ONE);
        TopicAdmin.ensure(admin, new Topics("byhand"), ONE);

        assertThat(partitions("byhand.raw.devices")).isEqualTo(6);
        assertThat(setting("byhand.raw.devices", "delete.retention.ms")).isEqualTo("86400000");
    }

    @Test
    void everyFaultIsToldAtOnce() throws Exception {
        create(new NewTopic("wrong.raw.devices", 6, ONE), "compact");
        create(new NewTopic("wrong.raw.apps", 12, ONE), "compact");
        create(new NewTopic("wrong.users", 12, ONE), "delete");
        create(new NewTopic("wrong.poller-ledger", 12, ONE), "compact");

        assertThatThrownBy(() -> TopicAdmin.ensure(admin, new Topics("wrong"), ONE))
                .isInstanceOf(TopicMismatchException.class)
                .hasMessageContaining("wrong.users would forget current state")
                .hasMessageContaining("found 6 and 12")
                .hasMessageContaining("wrong.poller-ledger must have 64 partitions, found 12");
    }

    @Test
    void partitionsAddedToBothRawTopicsAreNoticed() throws Exception {
        var topics = new Topics("grown");
        TopicAdmin.ensure(admin, topics, ONE);
        admin.createPartitions(Map.of(
                        "grown.raw.devices", NewPartitions.increaseTo(24),
                        "grown.raw.apps", NewPartitions.increaseTo(24)))
                .all()
                .get();
        await(() -> partitions("grown.raw.devices") + partitions("grown.raw.apps") == 48);

        assertThatThrownBy(() -> TopicAdmin.ensure(admin, topics, ONE))
                .isInstanceOf(TopicMismatchException.class)
                .hasMessageContaining("grown.raw.devices has 24 partitions now")
                .hasMessageContaining("grown.raw.partitions-12");
    }

    @Test
    void policyChangedLaterIsNoticed() throws Exception {
        var topics = new Topics("changed");
        TopicAdmin.ensure(admin, topics, ONE);
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, "changed.raw.apps");
        admin.incrementalAlterConfigs(Map.of(
                        resource,
                        List.of(new AlterConfigOp(
                                new ConfigEntry("cleanup.policy", "compact,delete"), AlterConfigOp.OpType.SET))))
                .all()
                .get();
        await(() -> setting("changed.raw.apps", "cleanup.policy").equals("compact,delete"));

        assertThatThrownBy(() -> TopicAdmin.ensure(admin, topics, ONE))
                .isInstanceOf(TopicMismatchException.class)
                .hasMessageContaining("changed.raw.apps would forget current state");
    }

    private static void create(NewTopic topic, String policy) throws Exception {
        admin.createTopics(List.of(topic.configs(Map.of("cleanup.policy", policy))))
                .all()
                .get();
    }

    private static String setting(String topic, String name) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .get(name)
                .value();
    }

    private static int partitions(String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .size();
    }

    /** A change is answered before every part of the broker has heard of it. */
    private static void await(Callable<Boolean> heard) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!heard.call()) {
            assertThat(System.nanoTime())
                    .as("broker hears of the change in time")
                    .isLessThan(deadline);
            Thread.sleep(50);
        }
    }
}
