package dev.kandjistream.standalone.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left when the guard's input breaks off is killed; it breaks off however this JVM ends. */
class GuardTest {
    private final Guard guard = new Guard();

    @TempDir
    Path directory;

    private Child sleeper;

    @AfterEach
    void end() {
        sleeper.kill();
    }

    @Test
    void evenAStoppedProcessDoesNotOutliveUs() throws Exception {
        sleeper = new Child("sleeper", List.of("sleep", "600"), "TERM", directory, guard);
        sleeper.start();
        sleeper.freeze();
        assertThat(sleeper.isAlive()).isTrue();
        guard.close();
        sleeper.awaitEnd();
    }

    @Test
    void whatItWasToldToForgetItLeavesAlone() {
        sleeper = new Child("sleeper", List.of("sleep", "600"), "TERM", directory, guard);
        sleeper.start();
        guard.forget(sleeper.pid());
        guard.close();
        assertThat(sleeper.isAlive()).isTrue();
    }
}
