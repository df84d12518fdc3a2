package dev.kandjistream.enricher;

import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.UnreadableRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * @param topics the catalogue, which holds the prefix
 * @param kafka client properties: {@code bootstrap.servers}, security, {@code schema.registry.url} and its companions
 * @param rules what counts as an app and as a seat
 * @param stateDirectory where the state stores live; not under the temporary directory, which systems clear
 * @param threads stream threads, 1 to 24: more than the partitions of both halves find no work
 * @param standbyReplicas instances that keep a copy of each partition's state, so that they can take over at once
 * @param instanceId name of this instance among its group, stable over restarts: then a restart within the session
 *     timeout moves no partition, unless it was closed in good order. Empty: a new member each time
 * @param replicationFactor of topics that are missing; -1: the broker's default
 * @param commitInterval start of one transaction to start of the next: how long a change takes at least to be seen
 * @param unreadableInARow how many unreadable records of a topic in a row go to the dead letters before the enricher stops
 */
public record EnricherConfig(
        Topics topics,
        Map<String, Object> kafka,
        Rules rules,
        Path stateDirectory,
        int threads,
        int standbyReplicas,
        Optional<String> instanceId,
        short replicationFactor,
        Duration commitInterval,
        int unreadableInARow) {

    public static final short BROKERS_DEFAULT = -1;
    public static final Duration DEFAULT_COMMIT_INTERVAL = Duration.ofMillis(100);

    public EnricherConfig {
        List<String> faults = new ArrayList<>();
        if (!kafka.containsKey("bootstrap.servers")) {
            faults.add("kafka must hold bootstrap.servers, holds " + kafka.keySet());
        }
        if (threads < 1 || threads > 24) {
            faults.add("threads must be between 1 and 24, was " + threads);
        }
        if (standbyReplicas < 0) {
            faults.add("standbyReplicas must be 0 or more, was " + standbyReplicas);
        }
        if (instanceId.filter(String::isBlank).isPresent()) {
            faults.add("instanceId must not be blank");
        }
        if (replicationFactor < -1 || replicationFactor == 0) {
            faults.add("replicationFactor must be -1 or at least 1, was " + replicationFactor);
        }
        if (commitInterval.toMillis() < 1 || commitInterval.compareTo(StreamsSettings.TRANSACTION_TIMEOUT) >= 0) {
            faults.add("commitInterval must be at least 1 ms and less than the transaction timeout of "
                    + StreamsSettings.TRANSACTION_TIMEOUT + ", was " + commitInterval);
        }
        if (unreadableInARow < 1) {
            faults.add("unreadableInARow must be at least 1, was " + unreadableInARow);
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
        Objects.requireNonNull(topics);
        Objects.requireNonNull(rules);
        Objects.requireNonNull(stateDirectory);
        kafka = Map.copyOf(kafka);
    }

    /** With the defaults for everything that has one. */
    public EnricherConfig(
            Topics topics,
            Map<String, Object> kafka,
            Rules rules,
            Path stateDirectory,
            int threads,
            int standbyReplicas,
            Optional<String> instanceId) {
        this(
                topics,
                kafka,
                rules,
                stateDirectory,
                threads,
                standbyReplicas,
                instanceId,
                BROKERS_DEFAULT,
                DEFAULT_COMMIT_INTERVAL,
                UnreadableRun.DEFAULT_LIMIT);
    }

    /** Client properties may hold secrets, so their names alone are printed. */
    @Override
    public String toString() {
        return "EnricherConfig[prefix=" + topics.prefix() + ", kafka=" + kafka.keySet() + ", rules=" + rules
                + ", stateDirectory=" + stateDirectory + ", threads=" + threads + ", standbyReplicas=" + standbyReplicas
                + ", instanceId=" + instanceId + ", replicationFactor=" + replicationFactor + ", commitInterval="
                + commitInterval + ", unreadableInARow=" + unreadableInARow + "]";
    }
}
