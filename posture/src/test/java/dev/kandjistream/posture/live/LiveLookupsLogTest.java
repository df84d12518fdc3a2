package dev.kandjistream.posture.live;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import dev.kandjistream.kandji.ApiUrl;
import dev.kandjistream.posture.domain.AccountState;
import dev.kandjistream.posture.domain.Published;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.domain.Sighting;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LiveLookupsLogTest {
    private final TestClock clock = new TestClock();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.kandjistream.posture.live");
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        logged.start();
        logger.addAppender(logged);
        logger.setLevel(Level.TRACE);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        // A gateway that quotes what it refuses.
        server.createContext("/", exchange -> {
            byte[] body = ("no " + exchange.getRequestURI() + " of ada@acme.com").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(500, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        logger.detachAppender(logged);
        logger.setLevel(null);
    }

    @Test
    void whoAsksManyTimesIsWarnedOnceAMinuteOfTheAccountAndNotOfTheDevice() throws Exception {
        var account = new LiveAccount(
                "acme",
                ApiUrl.parse("http://127.0.0.1:" + server.getAddress().getPort(), false),
                () -> new Password("secret-token"));
        try (var lookups = new LiveLookups(
                List.of(account),
                new LiveSettings(1, 50, 4),
                clock,
                System::nanoTime,
                new LiveLookups.View() {
                    @Override
                    public Optional<AccountState> account(String id) {
                        return Optional.empty();
                    }

                    @Override
                    public Optional<Published> published(String accountId, String deviceId) {
                        return Optional.empty();
                    }
                },
                new SimpleMeterRegistry())) {
            for (int i = 0; i < 5; i++) {
                ask(lookups, "C02XK" + i);
            }
            assertThat(logged.list).hasSize(1);
            clock.pass(Duration.ofMinutes(1));
            ask(lookups, "C02XK99");
        }
        assertThat(logged.list).hasSize(2).allSatisfy(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getKeyValuePairs().toString())
                    .contains("account=\"acme\"", "statusCode=\"500\"")
                    .doesNotContain("C02XK", "ada@", "secret");
            assertThat(event.getFormattedMessage()).doesNotContain("C02XK", "ada@", "secret");
            assertThat(event.getThrowableProxy()).isNull();
        });
    }

    private static void ask(LiveLookups lookups, String serial) throws Exception {
        lookups.ask(SerialNumber.of(serial).orElseThrow(), Sighting.NONE, Duration.ofSeconds(30))
                .toCompletableFuture()
                .get(8, TimeUnit.SECONDS);
    }
}
