package dev.kandjistream.poller.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Thousands of histories of a tenant whose pages suffer faults, each from its seed. The laws hold after every sweep: what is
 * retracted had ended in the fleet itself; the same sweep once more publishes nothing; and when the faults are over and
 * every absence has stood for its time, what is published is the fleet, and nothing is withheld.
 *
 * <p>A seed that fails prints its schedule. {@code -Dsimulation.seed=N} plays that one alone, {@code -Dsimulation.seeds=N}
 * as many from 0 on.
 */
class CoreSimulationTest {
    private static final int SEEDS = 300;

    @Test
    void whateverThePagesSayNothingIsTakenAwayThatDidNotEndAndAllIsTrueAfterwards() {
        Long one = Long.getLong("simulation.seed");
        if (one != null) {
            play(one);
            return;
        }
        LongStream.range(0, Long.getLong("simulation.seeds", SEEDS)).parallel().forEach(CoreSimulationTest::play);
    }

    private static void play(long seed) {
        try {
            new CoreSimulation(seed, null).play();
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError(
                    broken.getMessage() + "\n-Dsimulation.seed=" + seed + " plays it again:\n"
                            + String.join("\n", schedule(seed)),
                    broken);
        }
    }

    /** The same once more, written down. */
    private static List<String> schedule(long seed) {
        var lines = new ArrayList<String>();
        try {
            new CoreSimulation(seed, lines::add).play();
        } catch (AssertionError | RuntimeException again) {
            lines.add(again.toString());
        }
        return lines;
    }
}
