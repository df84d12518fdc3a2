package dev.kandjistream.posture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kandjistream.config.ConfigException;
import dev.kandjistream.posture.http.Settings;
import dev.kandjistream.posture.policy.ShippedPolicy;
import dev.kandjistream.schemas.SerialNumbers;
import dev.kandjistream.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostureServiceTest {
    @TempDir
    private Path folder;

    @Test
    void anAddressThatIsTakenIsAFaultOfTheConfigurationInWords() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(fault(Settings.DEFAULT.withPort(other.getLocalPort())))
                    .endsWith("expected to listen at 127.0.0.1:" + other.getLocalPort()
                            + ", found it taken or not this machine's; give another one");
        }
    }

    @Test
    void aFileOfTlsThatWillNotDoIsAFaultOfTheConfigurationInWords() throws Exception {
        Path certificate = Files.writeString(folder.resolve("certificate.pem"), "nothing");
        assertThat(fault(Settings.DEFAULT.withPort(0).withTls(new Settings.Tls(certificate, certificate))))
                .endsWith(certificate + ": expected certificates in PEM, the server's first, found none");
    }

    private String fault(Settings api) throws IOException {
        Path policy = Files.writeString(folder.resolve("policy.yml"), ShippedPolicy.MANAGED.text());
        Path tokens = Files.writeString(
                folder.resolve("tokens.yml"),
                "tokens: [{ name: a, sha256: '" + "0".repeat(64) + "', scopes: [decide] }]");
        var config = new PostureConfig(
                new Topics("posture-service"),
                // Nobody is there, and nobody is needed to find this.
                Map.of("bootstrap.servers", "127.0.0.1:1", "schema.registry.url", "http://127.0.0.1:1"),
                policy,
                tokens,
                api,
                account -> Duration.ofHours(1),
                SerialNumbers.defaults(),
                Optional.empty(),
                (short) 1);
        try (var service = new PostureService(config, new SimpleMeterRegistry())) {
            return catchThrowableOfType(ConfigException.class, service::start).getMessage();
        }
    }
}
