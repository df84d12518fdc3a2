package dev.kandjistream.standalone.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How the enricher runs.
 *
 * @param stateDirectory where its stores are; empty: under the data directory
 * @param threads stream threads, each with its own partitions
 * @param standbyReplicas copies of each store on other instances
 * @param instanceId name of this instance for static membership; empty for none
 * @param unreadableInARow how many unreadable records of a topic in a row go to the dead letters before it stops
 */
public record EnricherSettings(
        Optional<Path> stateDirectory,
        int threads,
        int standbyReplicas,
        Optional<String> instanceId,
        int unreadableInARow) {}
