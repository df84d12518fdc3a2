package dev.kandjistream.standalone.cli;

import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.ops.Health;
import dev.kandjistream.standalone.ops.Metrics;
import dev.kandjistream.standalone.ops.OpsServer;
import dev.kandjistream.standalone.run.Ops;
import dev.kandjistream.standalone.run.SingleService;
import dev.kandjistream.standalone.run.StopSignal;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One service alone, against what others run: started, watched, stopped. Its log goes to standard output. */
final class ServiceRun {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceRun.class);
    private static final Duration WATCH = Duration.ofMillis(500);

    private ServiceRun() {}

    /** Makes the service that is to run. */
    interface Maker {
        SingleService make(Configuration configuration, Metrics metrics);
    }

    /**
     * Runs it until it is asked to stop or stops by itself.
     *
     * @throws Failure when it stopped for good by itself
     */
    static int run(Configuration configuration, int usualPort, StopSignal stop, Maker maker) {
        Logging.toStandardOutput(configuration.log());
        var health = new Health();
        try (var metrics = new Metrics();
                OpsServer ops = Ops.start(configuration.ops(), usualPort, health, metrics)) {
            LOG.atInfo().addKeyValue("url", ops.url()).log("Health and metrics are served");
            try (SingleService service = maker.make(configuration, metrics)) {
                service.start(health);
                watch(health, stop);
            }
            LOG.atInfo().log("Stopped");
            return stop.exitCode();
        } finally {
            Logging.stop();
        }
    }

    private static void watch(Health health, StopSignal stop) {
        while (!stop.isAsked()) {
            health.failed().ifPresent(state -> {
                throw new Failure(
                        "The " + state.name() + " stopped: " + state.reason().orElse("for no reason given"));
            });
            try {
                stop.pause(WATCH);
            } catch (StopSignal.Stopped asked) {
                return;
            }
        }
    }
}
