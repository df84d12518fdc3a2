package dev.kandjistream.standalone.run;

import dev.kandjistream.standalone.ops.Health;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Poller, enricher and sink seen alike. They have the same methods but no common type: a service knows nothing of who
 * runs it.
 *
 * @param name as health and messages say it
 * @param needsOperator what only an operator can put right; it goes on with what it can do
 */
record Service(
        String name,
        Runnable start,
        Runnable close,
        Supplier<Optional<String>> notReady,
        Supplier<Optional<Throwable>> failure,
        Supplier<Optional<String>> needsOperator) {

    /** One that needs no operator ever. */
    Service(
            String name,
            Runnable start,
            Runnable close,
            Supplier<Optional<String>> notReady,
            Supplier<Optional<Throwable>> failure) {
        this(name, start, close, notReady, failure, Optional::empty);
    }

    Health.Part part() {
        return new Health.Part(notReady, failure, needsOperator);
    }
}
