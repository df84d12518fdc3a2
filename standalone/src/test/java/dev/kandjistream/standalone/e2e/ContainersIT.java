package dev.kandjistream.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.standalone.config.KafkaSettings;
import dev.kandjistream.standalone.config.PostgresSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The pipeline on the Kafka and the PostgreSQL that people run, from their images. */
class ContainersIT {
    private static final String KAFKA = "apache/kafka:4.3.1";
    private static final String POSTGRES = "postgres:18";

    @Test
    void thePipelineRunsOnPublishedImages(@TempDir Path directory) {
        assumeTrue(dockerAnswers(), "no Docker answers here, which " + KAFKA + " and " + POSTGRES + " need to run on");
        try (var kafka = new KafkaContainer(KAFKA);
                var postgres = new PostgreSQLContainer(POSTGRES)) {
            kafka.withStartupTimeout(Stack.DEADLINE).start();
            postgres.withStartupTimeout(Stack.DEADLINE).start();
            var broker = new KafkaSettings(kafka.getBootstrapServers(), Map.of());
            var database = new PostgresSettings(
                    postgres.getJdbcUrl(), postgres.getUsername(), () -> new Password(postgres.getPassword()));
            Account acme = Account.start(Tenant.us("acme", 37).withDevices(20).withAppsPerMac(15), Account.onDemand());
            Account globex =
                    Account.start(Tenant.eu("globex", 38).withDevices(10).withAppsPerMac(15), Account.onDemand());
            var cast = new Cast(acme.fleet());
            try (var stack = Stack.startOn(directory, List.of(acme, globex), broker, database)) {
                stack.sweepWhole();
                stack.judgeAll();

                int before = stack.read();
                acme.timePasses(Duration.ofHours(1));
                cast.adaJoins();
                acme.fleet().assign(cast.spareMac, cast.ben);
                acme.fleet().unassign(cast.cleosIpad);
                stack.sweepWhole();
                stack.judgeAll();
                assertThat(stack.lines(acme, before))
                        .containsExactlyInAnyOrder(
                                "device.attributed c DEVICE_ENROLLED ada-mac",
                                "license.assigned c DEVICE_ENROLLED ada-mac",
                                "user.discovered c DEVICE_ENROLLED Ada",
                                "usage.started c DEVICE_ENROLLED Figma of ada@x.example",
                                "usage.started c DEVICE_ENROLLED Slack of ada@x.example",
                                "device.attributed c USER_ASSIGNED spare-mac",
                                "license.assigned c USER_ASSIGNED spare-mac",
                                "user.updated u USER_ASSIGNED Ben",
                                "usage.updated u USER_ASSIGNED Slack of ben@x.example",
                                "usage.started c USER_ASSIGNED Zoom of ben@x.example",
                                "device.released d USER_UNASSIGNED cleo-ipad",
                                "license.revoked d USER_UNASSIGNED cleo-ipad",
                                "user.removed d USER_UNASSIGNED Cleo",
                                "usage.ended d USER_UNASSIGNED Procreate of cleo@x.example");
                assertThat(stack.lines(globex, before)).isEmpty();
            }
        }
    }

    private static boolean dockerAnswers() {
        try {
            return DockerClientFactory.instance().isDockerAvailable();
        } catch (RuntimeException | LinkageError none) {
            return false;
        }
    }
}
