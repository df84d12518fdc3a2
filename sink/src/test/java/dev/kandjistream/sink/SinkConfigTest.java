package dev.kandjistream.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;

class SinkConfigTest {
    @Test
    void everyFaultIsToldAtOnceWithWhatWasFound() {
        assertThatThrownBy(() -> new SinkConfig(
                        new Topics("kandji"),
                        Map.of(),
                        "jdbc:mysql://host/db?password=secret",
                        "u",
                        () -> new Password("p"),
                        0,
                        0,
                        Duration.ZERO,
                        (short) 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jdbcUrl must begin with jdbc:postgresql:, was jdbc:mysql://host/db;")
                .hasMessageContaining("bootstrap.servers")
                .hasMessageContaining("consumers must be between 1 and 12, was 0")
                .hasMessageContaining("batchRecords must be between 1 and 100000, was 0")
                .hasMessageContaining("nullRecordsStay must be positive")
                .hasMessageContaining("replicationFactor")
                .hasMessageNotContaining("secret");
    }

    @Test
    void secretsAreNotPrinted() {
        var config = new SinkConfig(
                new Topics("kandji"),
                Map.of("bootstrap.servers", "b:9092", "sasl.jaas.config", "password=hidden1"),
                "jdbc:postgresql://host/db?password=hidden2",
                "u",
                () -> new Password("hidden3"));

        assertThat(config.toString()).contains("jdbc:postgresql://host/db").doesNotContain("hidden");
    }
}
