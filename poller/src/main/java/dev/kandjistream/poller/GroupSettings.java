package dev.kandjistream.poller;

import java.time.Duration;
import java.util.Optional;

/**
 * How a poller is a member of the group that shares the accounts out.
 *
 * @param instanceId name of a static member, which keeps its accounts over a quick restart; empty for a member that hands
 *     them over when it closes
 * @param sessionTimeout how long a member may be silent until its accounts move; the broker allows 6 s to 30 min unless
 *     told otherwise
 */
public record GroupSettings(Optional<String> instanceId, Duration sessionTimeout) {
    public static final GroupSettings DEFAULT = new GroupSettings(Optional.empty(), Duration.ofSeconds(10));

    public GroupSettings {
        if (sessionTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("session_timeout must be at least 1 s, was " + sessionTimeout);
        }
    }
}
