package dev.kandjistream.standalone.chaos;

import java.util.List;
import java.util.Locale;

/** What runs as a process of its own, and so can be killed, frozen and restarted. */
enum Member {
    BROKER,
    DATABASE,
    POLLER_1,
    POLLER_2,
    ENRICHER,
    SINK,
    /** Runs beside the other while releases change. */
    ENRICHER_2,
    /** With {@link #BROKER} a cluster of three. */
    BROKER_2,
    BROKER_3;

    /** By the schedules of seeds, in this order. */
    static final List<Member> DISTURBED = List.of(BROKER, DATABASE, POLLER_1, POLLER_2, ENRICHER, SINK);

    /** The command that runs it. */
    String command() {
        return word().replaceAll("-\\d$", "");
    }

    /** For files and people: {@code poller-1}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether services work on it, and seeds share it. */
    boolean isGround() {
        return this == BROKER || this == BROKER_2 || this == BROKER_3 || this == DATABASE;
    }

    boolean isPoller() {
        return this == POLLER_1 || this == POLLER_2;
    }
}
