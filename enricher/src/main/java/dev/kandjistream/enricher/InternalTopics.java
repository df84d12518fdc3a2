package dev.kandjistream.enricher;

import dev.kandjistream.enricher.stream.EnricherTopology;
import dev.kandjistream.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics that Kafka Streams makes for itself. It creates them with the settings of {@link StreamsSettings} and never changes
 * them afterwards, so topics that an earlier version created are changed here.
 */
final class InternalTopics {
    private static final Logger LOG = LoggerFactory.getLogger(InternalTopics.class);

    /** What Kafka has where nothing else is set; assumed where the settings may not be read. */
    private static final Duration KAFKAS_DEFAULT = Duration.ofDays(1);

    private final Admin admin;
    private final List<String> changelogs;
    private final String differences;

    InternalTopics(Admin admin, Topics topics) {
        this.admin = admin;
        changelogs = List.of(
                EnricherTopology.changelog(topics, EnricherTopology.DEVICE_STORE),
                EnricherTopology.changelog(topics, EnricherTopology.USER_STORE));
        differences = topics.userContributions();
    }

    /**
     * How long the changelogs keep tombstones now, the shorter time of the two. To be asked before {@link #keepTombstones}
     * changes it.
     */
    Duration tombstonesStay() {
        return tombstonesStayIn(changelogs);
    }

    /** How long those of the topics that exist keep tombstones, the shortest time. */
    Duration tombstonesStayIn(List<String> topics) {
        Duration shortest = Topics.TOMBSTONES_STAY;
        Set<String> existing = existing();
        for (String topic : topics) {
            if (existing.contains(topic)) {
                String found = setting(topic, TopicConfig.DELETE_RETENTION_MS_CONFIG);
                Duration stay = found == null ? KAFKAS_DEFAULT : Duration.ofMillis(Long.parseLong(found));
                shortest = stay.compareTo(shortest) < 0 ? stay : shortest;
            }
        }
        return shortest;
    }

    /**
     * Makes the topics that exist keep tombstones for as long as the public topics do.
     *
     * @return topics that this user may not change; a warning names the command for each
     */
    List<String> keepTombstones() {
        return existingOfOurs().stream()
                .filter(topic ->
                        !raise(topic, TopicConfig.DELETE_RETENTION_MS_CONFIG, Topics.TOMBSTONES_STAY.toMillis()))
                .toList();
    }

    /**
     * Makes writes to the topics that exist wait for two replicas where there are three.
     *
     * @return topics that this user may not change; a warning names the command for each
     */
    List<String> requireInSync() {
        return existingOfOurs().stream()
                .filter(topic -> replicas(topic) >= Topics.REPLICAS_FOR_IN_SYNC)
                .filter(topic -> !raise(topic, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Topics.IN_SYNC))
                .toList();
    }

    /** All of them, whether they exist or not. */
    List<String> names() {
        return Stream.concat(changelogs.stream(), Stream.of(differences)).toList();
    }

    /**
     * A topic that is gone although the group has read something: then what was learnt of it is gone, and offsets alone would
     * have the enricher go on as if it had never seen a device.
     *
     * @param group of the enricher
     */
    Optional<String> lost(String group) {
        boolean hasRead = join(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()).values().stream()
                .anyMatch(Objects::nonNull);
        Set<String> existing = existing();
        return hasRead
                ? names().stream().filter(topic -> !existing.contains(topic)).findFirst()
                : Optional.empty();
    }

    /**
     * Has the group read topics from their beginning from now on. Nothing is done where the group has members.
     *
     * @return whether the offsets are gone
     */
    boolean forgetOffsets(String group, Set<String> topics) {
        try {
            Set<TopicPartition> read =
                    join(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()).keySet().stream()
                            .filter(partition -> topics.contains(partition.topic()))
                            .collect(Collectors.toSet());
            if (!read.isEmpty()) {
                join(admin.deleteConsumerGroupOffsets(group, read).all());
            }
            return true;
        } catch (GroupSubscribedToTopicException | GroupNotEmptyException others) {
            return false;
        } catch (GroupIdNotFoundException none) {
            return true;
        }
    }

    /** Whether no enricher of this group has ever worked: none of these topics exists, and nothing was read. */
    boolean areUnused(String group) {
        Set<String> existing = existing();
        return names().stream().noneMatch(existing::contains)
                && join(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()).values().stream()
                        .allMatch(Objects::isNull);
    }

    /** How many replicas a topic has. */
    int replicas(String topic) {
        return join(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
    }

    private List<String> existingOfOurs() {
        Set<String> existing = existing();
        return names().stream().filter(existing::contains).toList();
    }

    private boolean raise(String topic, String name, long wanted) {
        String found = setting(topic, name);
        boolean enough = found != null && Long.parseLong(found) >= wanted;
        return enough || set(topic, name, found, wanted);
    }

    private boolean set(String topic, String name, String found, long wanted) {
        var entry = new ConfigEntry(name, String.valueOf(wanted));
        try {
            join(admin.incrementalAlterConfigs(
                            Map.of(resource(topic), List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                    .all());
            LOG.atInfo()
                    .addKeyValue("topic", topic)
                    .addKeyValue("setting", name)
                    .addKeyValue("before", found)
                    .addKeyValue("after", wanted)
                    .log("Topic setting changed");
            return true;
        } catch (AuthorizationException | PolicyViolationException e) {
            LOG.atWarn()
                    .addKeyValue("topic", topic)
                    .addKeyValue("setting", name)
                    .addKeyValue("found", found)
                    .addKeyValue("cause", e.getMessage())
                    .log(
                            "Topic setting is too small or cannot be read, and cannot be changed. Allow AlterConfigs on the topic, or"
                                    + " run: kafka-configs.sh --alter --entity-type topics --entity-name " + topic
                                    + " --add-config " + name + "=" + wanted);
            return false;
        }
    }

    private Set<String> existing() {
        return join(admin.listTopics().names());
    }

    /** Null where this user may not read it. */
    private String setting(String topic, String name) {
        try {
            Config config =
                    join(admin.describeConfigs(List.of(resource(topic))).all()).get(resource(topic));
            ConfigEntry entry = config.get(name);
            return entry == null ? null : entry.value();
        } catch (AuthorizationException e) {
            return null;
        }
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    /** The result, or the failure of the broker. */
    static <T> T join(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
