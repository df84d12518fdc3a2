package dev.kandjistream.sink.kafka;

import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What we are waiting for, said once when it begins and once when it is over, and how long to wait before trying again. */
public final class Trouble {
    private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);
    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private volatile String reason;
    private Duration pause = FIRST;

    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** @return how long to wait; twice as long each time */
    public Duration with(String what, Throwable fault) {
        if (reason == null) {
            pause = FIRST;
            LOG.atWarn()
                    .addKeyValue("waitingFor", what)
                    .addKeyValue("fault", fault.toString())
                    .log("Sink waits and goes on by itself");
            LOG.atDebug().setCause(fault).log("What the sink waits for");
        }
        reason = what + ": " + fault.getMessage();
        Duration now = pause;
        pause = pause.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : pause.multipliedBy(2);
        return now;
    }

    public void over() {
        if (reason != null) {
            reason = null;
            LOG.atInfo().log("Sink goes on");
        }
    }
}
