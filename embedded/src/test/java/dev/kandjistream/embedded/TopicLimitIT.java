package dev.kandjistream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.TopicLimitException;
import dev.kandjistream.schemas.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.server.policy.CreateTopicPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose records may have 1 MB, and that refuses topics with more, as managed ones do. */
class TopicLimitIT {
    private static final short ONE = 1;
    private static final int MEGABYTE = 1 << 20;

    /** Loaded by the broker by name. */
    public static final class Cap implements CreateTopicPolicy {
        @Override
        public void configure(Map<String, ?> settings) {}

        @Override
        public void validate(RequestMetadata topic) {
            String bytes = topic.configs().get("max.message.bytes");
            if (bytes != null && Integer.parseInt(bytes) > MEGABYTE) {
                throw new PolicyViolationException("max.message.bytes must be at most 1048576");
            }
            if (topic.topic().startsWith("forbidden")) {
                throw new PolicyViolationException("the name is not allowed");
            }
        }

        @Override
        public void close() {}
    }

    private static EmbeddedKafka kafka;
    private static Admin admin;

    @BeforeAll
    static void startKafka(@TempDir Path directory) {
        kafka = EmbeddedKafka.start(
                directory,
                0,
                Map.of(
                        "message.max.bytes",
                        String.valueOf(MEGABYTE),
                        "create.topic.policy.class.name",
                        Cap.class.getName()));
        admin = Admin.create(client());
    }

    @AfterAll
    static void stopKafka() {
        admin.close();
        kafka.close();
    }

    private static Map<String, Object> client() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    private static RecordLimits limits(Topics topics) {
        return new RecordLimits(
                topics.maxRecordBytes(), topics.all().stream().map(Topic::name).toList(), client());
    }

    private static void alter(String topic, String name, String value) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        admin.incrementalAlterConfigs(Map.of(
                        resource, List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
                .all()
                .get();
        // The broker hears of it a moment after the controller.
        while (!admin.describeConfigs(Set.of(resource))
                .all()
                .get()
                .get(resource)
                .get(name)
                .value()
                .equals(value)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void topicsAreCreatedWithWhatTheClusterAllowsAndThatIsTheLimit() {
        var topics = new Topics("capped");
        TopicAdmin.ensure(admin, topics, ONE);

        RecordLimits limits = limits(topics);
        assertThat(limits.of("capped.raw.apps")).isEqualTo(RecordLimits.DEFAULT);
        limits.read();
        assertThat(topics.all())
                .allSatisfy(topic -> assertThat(limits.of(topic.name())).isEqualTo(MEGABYTE));
        assertThat(limits.tooSmall()).isEmpty();
    }

    @Test
    void aTopicMadeByHandHasTheBrokersDefault() throws Exception {
        var topics = new Topics("byhand");
        admin.createTopics(List.of(new NewTopic("byhand.usage", 12, ONE).configs(Map.of("cleanup.policy", "compact"))))
                .all()
                .get();
        TopicAdmin.ensure(admin, topics, ONE);
        RecordLimits limits = limits(topics);
        limits.read();
        assertThat(limits.of("byhand.usage")).isEqualTo(MEGABYTE);
    }

    @Test
    void aRefusalForAnotherReasonIsReportedAsItIs() {
        assertThatThrownBy(() -> TopicAdmin.ensure(admin, new Topics("forbidden"), ONE))
                .isInstanceOf(PolicyViolationException.class);
    }

    @Test
    void aTopicWithTooLittleIsNamedWithTheCommandUntilItIsRaised() throws Exception {
        var topics = new Topics("tiny");
        TopicAdmin.ensure(admin, topics, ONE);
        RecordLimits limits = limits(topics);
        alter("tiny.sweeps", "max.message.bytes", "65535");
        limits.read();
        assertThatThrownBy(limits::requireEnough)
                .isInstanceOf(TopicLimitException.class)
                .hasMessageContaining("Topic tiny.sweeps allows records of 65535 bytes only")
                .hasMessageContaining("at least 65536 are needed")
                .hasMessageContaining("kafka.max_record_bytes wants 16777216")
                .hasMessageContaining("--entity-name tiny.sweeps --add-config max.message.bytes=16777216");
        alter("tiny.sweeps", "max.message.bytes", "65536");
        // What is too small is asked again each time.
        limits.follow();
        assertThat(limits.tooSmall()).isEmpty();
    }

    @Test
    void aTopicThatRecompressesIsMeasuredUncompressed() throws Exception {
        var topics = new Topics("plain");
        TopicAdmin.ensure(admin, topics, ONE);
        RecordLimits limits = limits(topics);
        byte[] compressible = new byte[2 * MEGABYTE];
        assertThat(limits.excess("plain.usage", 10, compressible)).isEmpty();
        alter("plain.usage", "compression.type", "uncompressed");
        limits.read();
        assertThat(limits.excess("plain.usage", 10, compressible)).isPresent();
        assertThat(limits.excess("plain.users", 10, compressible)).isEmpty();
    }

    @Test
    void aRaisedTopicIsUsedBeforeAnythingIsSkipped() throws Exception {
        var topics = new Topics("raised");
        TopicAdmin.ensure(admin, topics, ONE);
        alter("raised.usage", "max.message.bytes", "100000");
        RecordLimits limits = limits(topics);
        limits.read();
        byte[] noise = new byte[200_000];
        new java.util.Random(1).nextBytes(noise);
        alter("raised.usage", "max.message.bytes", "300000");
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (limits.excess("raised.usage", 10, noise).isPresent()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(50);
        }
        assertThat(limits.of("raised.usage")).isEqualTo(300_000);
    }

    @Test
    void aRefusalStandsUntilTheTopicIsAltered() throws Exception {
        var topics = new Topics("refusing");
        TopicAdmin.ensure(admin, topics, ONE);
        RecordLimits limits = limits(topics);
        limits.read();
        limits.refused("refusing.usage", 0, new byte[0], new RecordTooLargeException());
        limits.read();
        assertThat(limits.of("refusing.usage")).isLessThan(1_000);
        alter("refusing.usage", "max.message.bytes", "900000");
        limits.read();
        assertThat(limits.of("refusing.usage")).isEqualTo(900_000);
    }
}
