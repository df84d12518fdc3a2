package dev.kandjistream.standalone.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short run: see {@code chaos/run} for the long one. */
class ChaosIT {
    @Test
    void nothingIsLostDoubledOrMadeUpWhateverIsKilled(@TempDir Path directory) {
        var schedule = Schedule.of(
                Long.getLong("chaos.seed", 1),
                Duration.ofSeconds(Integer.getInteger("chaos.seconds", 15)),
                Tenants.ACCOUNTS);
        schedule.steps().forEach(System.out::println);
        try (var ground = Ground.start(directory);
                var trial = new Trial(
                        schedule,
                        ground,
                        "chaos",
                        directory,
                        line -> System.out.println(java.time.Instant.now() + " " + line))) {
            Outcome outcome = trial.run();
            System.out.println(outcome.settled() + " " + outcome.events() + " " + outcome.retractions());
            assertThat(outcome.retractions()).isPositive();
        }
    }
}
