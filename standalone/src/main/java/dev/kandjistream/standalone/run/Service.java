package dev.kandjistream.standalone.run;

import dev.kandjistream.standalone.ops.Health;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Poller, enricher and sink seen alike. They have the same methods but no common type: a service knows nothing of who
 * runs it.
 *
 * @param name as health and messages say it
 */
record Service(
        String name,
        Runnable start,
        Runnable close,
        Supplier<Optional<String>> notReady,
        Supplier<Optional<Throwable>> failure) {

    Health.Part part() {
        return new Health.Part(notReady, failure);
    }
}
