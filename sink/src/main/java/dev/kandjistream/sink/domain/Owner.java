package dev.kandjistream.sink.domain;

import java.util.Optional;

/**
 * The pipeline whose tables a database holds.
 *
 * @param topicPrefix prefix of its topics
 * @param clusterId id of the Kafka cluster that they are in
 */
public record Owner(String topicPrefix, String clusterId) {
    private static final String ADOPT = "to hand the tables over, run kandji-stream rebuild --adopt"
            + " (with --dry-run it shows which rows would go)";

    /**
     * Returns why a sink of this pipeline must not write to the database of another, with what to do; empty if it is its own.
     *
     * @param found whose the database is
     */
    public Optional<String> objectionTo(Owner found) {
        if (!topicPrefix.equals(found.topicPrefix)) {
            return Optional.of(
                    "The database at postgres.url is not this pipeline's: expected the tables of topic prefix "
                            + topicPrefix + ", found those of " + found.topicPrefix
                            + ". Two prefixes in one database remove each other's rows: give this sink another database, or, "
                            + ADOPT + ".");
        }
        if (!clusterId.equals(found.clusterId)) {
            return Optional.of("The tables in the database come from another Kafka cluster: expected cluster "
                    + found.clusterId + ", found " + clusterId + " at kafka.bootstrap_servers. If that is the wrong"
                    + " cluster, correct the setting; if the cluster was replaced, " + ADOPT + ".");
        }
        return Optional.empty();
    }
}
