package dev.kandjistream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicSettingsTest {
    private static final Topics TOPICS = new Topics("kandji");

    @Test
    void settingsAreTheContracts() {
        assertThat(TopicSettings.of(TOPICS.usage()))
                .isEqualTo(Map.of(
                        "cleanup.policy", "compact",
                        "min.compaction.lag.ms", "2592000000",
                        "delete.retention.ms", "2592000000",
                        "compression.type", "zstd",
                        "max.message.bytes", "16777216"));
        assertThat(TopicSettings.of(TOPICS.rawDevices())).doesNotContainKey("min.compaction.lag.ms");
        assertThat(TopicSettings.of(TOPICS.deadLetters()))
                .isEqualTo(Map.of(
                        "cleanup.policy", "delete",
                        "retention.ms", "2592000000",
                        "compression.type", "zstd",
                        "max.message.bytes", "16777216"));
    }

    @Test
    void decisionsAreForgottenLikeDeadLetters() {
        assertThat(TOPICS.decisions().name()).isEqualTo("kandji.decisions");
        assertThat(TOPICS.decisions().partitions()).isEqualTo(12);
        assertThat(TopicSettings.of(TOPICS.decisions())).isEqualTo(TopicSettings.of(TOPICS.deadLetters()));
        assertThat(TOPICS.all()).extracting(Topic::name).contains("kandji.decisions");
    }

    @Test
    void progressIsForgottenSoon() {
        assertThat(TopicSettings.of(TOPICS.progress()))
                .isEqualTo(Map.of(
                        "cleanup.policy", "compact,delete",
                        "retention.ms", "3600000",
                        "delete.retention.ms", "3600000",
                        "segment.ms", "3600000",
                        "compression.type", "zstd",
                        "max.message.bytes", "16777216"));
        assertThat(TopicSettings.faults(TOPICS.progress(), TopicSettings.of(TOPICS.progress())))
                .isEmpty();
    }

    @Test
    void stateTopicThatDeletesIsAFault() {
        for (var policy : new String[] {"delete", "compact,delete"}) {
            assertThat(TopicSettings.faults(TOPICS.licenses(), with(TOPICS.licenses(), "cleanup.policy", policy)))
                    .singleElement()
                    .asString()
                    .contains("kandji.licenses", "found " + policy);
        }
        assertThat(TopicSettings.faults(TOPICS.deadLetters(), TopicSettings.of(TOPICS.deadLetters())))
                .isEmpty();
    }

    @Test
    void everyTopicOfStateIsNamedWithTheCommand() {
        for (Topic<?> topic : List.of(
                TOPICS.rawDevices(),
                TOPICS.rawApps(),
                TOPICS.unconfirmed(),
                TOPICS.usage(),
                TOPICS.ledger(),
                TOPICS.schemaIds(),
                TOPICS.enricherSources(),
                TOPICS.commands(),
                TOPICS.sweeps())) {
            assertThat(TopicSettings.faults(topic, with(topic, "cleanup.policy", "delete")))
                    .singleElement()
                    .asString()
                    .contains("--entity-name " + topic.name() + " --add-config cleanup.policy=compact");
        }
    }

    @Test
    void lessTimeOrRoomIsADifferenceAndMoreIsNot() {
        assertThat(TopicSettings.differences(
                        TOPICS.usage(), with(TOPICS.usage(), "delete.retention.ms", "86400000"), 1))
                .containsExactly("delete.retention.ms is 86400000, expected 2592000000");
        assertThat(TopicSettings.differences(TOPICS.usage(), with(TOPICS.usage(), "max.message.bytes", "33554432"), 1))
                .isEmpty();
        assertThat(TopicSettings.differences(TOPICS.deadLetters(), with(TOPICS.deadLetters(), "retention.ms", "-1"), 1))
                .isEmpty();
        assertThat(TopicSettings.differences(TOPICS.usage(), with(TOPICS.usage(), "compression.type", "producer"), 1))
                .containsExactly("compression.type is producer, expected zstd");
    }

    @Test
    void threeReplicasNeedTwoInSync() {
        assertThat(TopicSettings.of(TOPICS.usage(), 3)).containsEntry("min.insync.replicas", "2");
        assertThat(TopicSettings.of(TOPICS.usage(), 2)).doesNotContainKey("min.insync.replicas");
        assertThat(TopicSettings.of(TOPICS.usage(), -1)).doesNotContainKey("min.insync.replicas");
        assertThat(TopicSettings.differences(TOPICS.usage(), with(TOPICS.usage(), "min.insync.replicas", "1"), 3))
                .containsExactly("min.insync.replicas is 1, expected 2");
        assertThat(TopicSettings.differences(TOPICS.usage(), with(TOPICS.usage(), "min.insync.replicas", "1"), 2))
                .isEmpty();
        assertThat(TopicSettings.differences(TOPICS.usage(), with(TOPICS.usage(), "min.insync.replicas", "3"), 4))
                .isEmpty();
    }

    @Test
    void settingThatCannotBeReadIsADifferenceAndNoFault() {
        assertThat(TopicSettings.faults(TOPICS.usage(), Map.of())).isEmpty();
        assertThat(TopicSettings.differences(TOPICS.usage(), Map.of(), 1))
                .contains("cleanup.policy cannot be read, expected compact");
    }

    private static Map<String, String> with(Topic<?> topic, String name, String value) {
        var settings = new HashMap<>(TopicSettings.of(topic));
        settings.put(name, value);
        return settings;
    }
}
