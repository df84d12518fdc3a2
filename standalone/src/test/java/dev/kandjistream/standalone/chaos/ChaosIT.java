package dev.kandjistream.standalone.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short run: one seed that does a little of everything. The long one is {@code chaos/run}. */
@Tag("recovery")
class ChaosIT {
    private static final long SEED = 25;
    private static final Duration LENGTH = Duration.ofSeconds(12);
    private static final String NAME = "chaos";

    @Test
    void nothingIsLostDoubledOrMadeUpWhateverIsKilled(@TempDir Path directory) throws SQLException {
        var schedule = Schedule.of(SEED, LENGTH, Tenants.ACCOUNTS);
        try (var ground = Ground.start(directory);
                var trial = new Trial(schedule, ground, NAME, Crew.Evidence.SOUND, directory, line -> {})) {
            Outcome outcome = trial.run();
            assertThat(outcome.events()).isGreaterThan(500);
            assertThat(outcome.retractions()).isPositive();

            // And the judge would have noticed.
            rowIsLost(ground);
            assertThatThrownBy(trial::requireAgreement)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("lacks");
        }
    }

    private static void rowIsLost(Ground ground) throws SQLException {
        try (var database = ground.connect(NAME);
                var statement = database.createStatement()) {
            int lost = statement.executeUpdate(
                    "DELETE FROM kandji.licenses WHERE record_key = (SELECT min(record_key) FROM kandji.licenses)");
            assertThat(lost).isEqualTo(1);
        }
    }
}
