package dev.kandjistream.posture.kafka;

import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something the view waits for: said once when it begins and once when it is over; and how long to wait each time. */
final class Trouble {
    private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final String with;
    private volatile String reason;
    private Duration pause = FIRST;

    /** @param with who keeps us waiting, in words */
    Trouble(String with) {
        this.with = with;
    }

    /** In words; empty where all is well. */
    Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** @return how long to wait; twice as long each time */
    Duration begin(Throwable fault) {
        if (reason == null) {
            pause = FIRST;
            LOG.atWarn()
                    .addKeyValue("waitingFor", with)
                    .addKeyValue("fault", fault.toString())
                    .log("View stays as it is, waits and goes on by itself");
            LOG.atDebug().setCause(fault).log("What the view waits for");
        }
        reason = with + ": " + fault.getMessage();
        Duration now = pause;
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
        return now;
    }

    void over() {
        if (reason != null) {
            reason = null;
            LOG.atInfo().addKeyValue("waitedFor", with).log("View goes on");
        }
    }
}
