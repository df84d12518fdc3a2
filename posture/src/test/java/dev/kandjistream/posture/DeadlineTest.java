package dev.kandjistream.posture;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.config.ConfigException;
import dev.kandjistream.posture.http.Settings;
import dev.kandjistream.posture.policy.PolicyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadlineTest {
    /** For the decision itself, and for the answer to be written, on a busy machine. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    /** Else an API that hangs would turn decisions into errors, some of them, at the very moment that they are made. */
    @Test
    void noPolicyLetsADecisionWaitForAsLongAsARequestMay() throws Exception {
        Duration tooLong = Settings.DEFAULT.patience().minus(AFTERWARDS).plusSeconds(1);
        Path policy = Files.writeString(directory.resolve("policy.yml"), """
                live_lookup: { when: [unknown], deadline: %ds }
                rules: [{ name: known, when: connection == "available", outcome: allow }]
                """.formatted(tooLong.toSeconds()));

        assertThatThrownBy(() -> PolicyFile.open(policy).close())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("deadline");
    }
}
