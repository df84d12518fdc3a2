package dev.kandjistream.posture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.posture.http.Settings;
import dev.kandjistream.schemas.SerialNumbers;
import dev.kandjistream.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PostureConfigTest {
    @Test
    void secretsOfClientsAreNotPrinted() {
        var config = new PostureConfig(
                new Topics("kandji"),
                Map.of("bootstrap.servers", "host:9092", "sasl.jaas.config", "password='hidden'"),
                Path.of("policy.yml"),
                Path.of("tokens.yml"),
                Settings.DEFAULT,
                account -> Duration.ofHours(1),
                SerialNumbers.defaults(),
                Optional.empty(),
                (short) 1);
        assertThat(config.toString()).contains("policy.yml", "sasl.jaas.config").doesNotContain("hidden");
    }
}
