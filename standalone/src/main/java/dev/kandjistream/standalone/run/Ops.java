package dev.kandjistream.standalone.run;

import dev.kandjistream.standalone.config.OpsSettings;
import dev.kandjistream.standalone.ops.Health;
import dev.kandjistream.standalone.ops.Metrics;
import dev.kandjistream.standalone.ops.OpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Health and metrics where the configuration wants them. */
public final class Ops {
    private Ops() {}

    /**
     * @param usualPort taken where none is configured; gives way to a free one when it is busy
     * @throws UncheckedIOException when a configured port is taken: whoever asks there would ask somebody else
     */
    public static OpsServer start(OpsSettings settings, int usualPort, Health health, Metrics metrics) {
        int port = settings.port().orElseGet(() -> Ports.orAnyFree(usualPort));
        try {
            return OpsServer.start(settings.host(), port, health, metrics::scrape);
        } catch (IOException fault) {
            throw new UncheckedIOException(
                    "Health and metrics cannot be served on " + settings.host() + ":" + port + " (" + fault.getMessage()
                            + "). Set ops.host and ops.port to an address that is free here.",
                    fault);
        }
    }
}
