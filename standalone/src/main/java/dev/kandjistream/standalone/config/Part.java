package dev.kandjistream.standalone.config;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a command needs of the configuration. The rest is not even looked at: containers that share one file do not
 * share their secrets, and the sink need not be able to read the poller's tokens.
 */
public enum Part {
    POLLER,
    ENRICHER,
    SINK,
    POSTURE;

    public static final Set<Part> ALL = Set.copyOf(EnumSet.allOf(Part.class));
}
