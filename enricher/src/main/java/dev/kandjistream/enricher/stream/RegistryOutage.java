package dev.kandjistream.enricher.stream;

import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema registry that does not answer says nothing about the record: it is asked again. After {@link #PATIENCE} the
 * stream thread is given up and replaced, well before the broker would abort the open transaction.
 */
final class RegistryOutage {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Logger LOG = LoggerFactory.getLogger(RegistryOutage.class);

    private RegistryOutage() {}

    /**
     * Whether the fault lies in reaching the registry. Ours says so by a retriable exception; Confluent's serde by one
     * too, or by what the JDK's network classes threw. An IOException alone says nothing: Avro throws it at broken bytes.
     */
    static boolean isBehind(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetriableException
                    || cause instanceof SSLException
                    || cause.getClass().getName().startsWith("java.net.")) {
                return true;
            }
        }
        return false;
    }

    /** The result of the call, repeated while the registry is out of reach. */
    static <T> T outlast(Supplier<T> call) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return call.get();
            } catch (RuntimeException e) {
                if (!isBehind(e) || System.nanoTime() > deadline) {
                    throw e;
                }
                LOG.atWarn()
                        .addKeyValue("cause", e.getMessage())
                        .log("The schema registry does not answer; the record waits for it");
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
