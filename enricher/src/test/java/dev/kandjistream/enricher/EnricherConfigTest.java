package dev.kandjistream.enricher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class EnricherConfigTest {
    private static final Map<String, Object> KAFKA =
            Map.of("bootstrap.servers", "host:9092", "sasl.jaas.config", "the secret");

    private static EnricherConfig config(Map<String, Object> kafka, int threads, Duration commitInterval) {
        return new EnricherConfig(
                new Topics("kandji"),
                kafka,
                Stack.RULES,
                Path.of("state"),
                threads,
                0,
                Optional.of("one"),
                (short) 3,
                commitInterval,
                100);
    }

    @Test
    void allFaultsAreNamedAtOnce() {
        assertThatThrownBy(() -> config(Map.of(), 0, Duration.ofMinutes(2)))
                .hasMessageContaining("bootstrap.servers")
                .hasMessageContaining("threads must be between 1 and 24, was 0")
                .hasMessageContaining("commitInterval");
    }

    @Test
    void aClientPropertyThatCannotBeRightStopsTheConstruction() {
        var wrong = config(
                Map.of(
                        "bootstrap.servers", "host:9092",
                        "schema.registry.url", "http://host:8081",
                        "request.timeout.ms", "soon"),
                1,
                Duration.ofMillis(100));
        var withoutRegistry = config(KAFKA, 1, Duration.ofMillis(100));

        assertThatThrownBy(() -> new EnricherService(wrong, new SimpleMeterRegistry()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("request.timeout.ms");
        assertThatThrownBy(() -> new EnricherService(withoutRegistry, new SimpleMeterRegistry()))
                .hasMessageContaining("schema.registry.url");
    }

    @Test
    void withoutABrokerTheServiceWaitsAndSaysSoAndClosesAtOnce() throws InterruptedException {
        var nowhere = config(
                Map.of(
                        "bootstrap.servers", "127.0.0.1:1",
                        "schema.registry.url", "http://127.0.0.1:1",
                        "default.api.timeout.ms", "300",
                        "request.timeout.ms", "200"),
                1,
                Duration.ofMillis(100));
        try (var service = new EnricherService(nowhere, new SimpleMeterRegistry())) {
            assertThat(service.notReady()).contains("starting");
            service.start();
            Stack.await(Duration.ofSeconds(30), () -> service.notReady()
                    .filter(reason -> reason.startsWith("waiting for"))
                    .isPresent());
            assertThat(service.failure()).isEmpty();
        }
    }

    @Test
    void secretsAreNotPrinted() {
        assertThat(config(KAFKA, 1, Duration.ofMillis(100)).toString())
                .contains("sasl.jaas.config")
                .doesNotContain("the secret");
    }

    @Test
    void fewerThanThreeReplicasNeedNotBeInSync() {
        assertThat(StreamsSettings.of(config(KAFKA, 2, Duration.ofMillis(100)), 2))
                .doesNotContainKey("topic.min.insync.replicas");
    }

    @Test
    void kafkaStreamsIsSetUpAsTheContractNeedsIt() {
        assertThat(StreamsSettings.of(config(KAFKA, 2, Duration.ofMillis(100))))
                .containsEntry("application.id", "kandji-enricher")
                .containsEntry("processing.guarantee", "exactly_once_v2")
                .containsEntry("commit.interval.ms", 100L)
                .containsEntry("replication.factor", 3)
                .containsEntry("producer.transaction.timeout.ms", 60_000)
                .containsEntry("producer.compression.type", "zstd")
                .containsEntry("main.consumer.group.instance.id", "one")
                .containsEntry("topic.max.message.bytes", 16 * 1024 * 1024)
                .containsEntry("topic.delete.retention.ms", "2592000000")
                .containsEntry("topic.min.insync.replicas", "2")
                .containsEntry("sasl.jaas.config", "the secret");
    }
}
