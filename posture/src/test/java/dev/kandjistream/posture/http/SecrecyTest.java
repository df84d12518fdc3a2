package dev.kandjistream.posture.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.HttpRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Who has which device, and who asks, stands neither in logs nor in metrics, however a request ends. */
class SecrecyTest {
    private static final List<String> LOUD = List.of(
            Logger.ROOT_LOGGER_NAME,
            "dev.kandjistream.posture.http.Problems",
            "dev.kandjistream.posture.http.PostureServer",
            "io.javalin",
            "org.eclipse.jetty");
    private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();
    private static final String EVERYTHING =
            "{\"serial_number\":\"%s\",\"user_email\":\"ada@s3cret\",\"%s\":{\"a\":\"s3cret\"}}";

    private static final Map<String, Level> BEFORE = new HashMap<>();

    private static Served served;

    @BeforeAll
    static void listen() {
        LOUD.forEach(name -> {
            BEFORE.put(name, logger(name).getLevel());
            logger(name).setLevel(Level.INFO);
        });
        LOG.start();
        logger(Logger.ROOT_LOGGER_NAME).addAppender(LOG);
        served = new Served();
    }

    @AfterAll
    static void close() {
        served.close();
        logger(Logger.ROOT_LOGGER_NAME).detachAppender(LOG);
        BEFORE.forEach((name, level) -> logger(name).setLevel(level));
    }

    @Test
    void howeverARequestEndsNothingOfItIsLoggedOrCounted() {
        served.decide(EVERYTHING.formatted("s3cret", "context"));
        served.decide(EVERYTHING.formatted("s3cret", "s3cret"));
        served.decide(EVERYTHING.formatted("BROKEN-s3cret", "context"));
        served.decide("{\"serial_number\":\"s3cret");
        served.get("/v1/devices/s3cret");
        served.get("/v1/s3cret?s3cret=s3cret");
        served.send(HttpRequest.newBuilder(served.request("/v1/devices/a").build(), (name, value) -> false)
                .header("Authorization", "Bearer s3cret")
                .build());

        String logged = LOG.list.stream().map(SecrecyTest::text).collect(Collectors.joining("\n"));
        assertThat(logged)
                .as("it was listened to")
                .contains("Decisions can be asked for", "A request could not be answered", "IllegalStateException")
                .doesNotContainIgnoringCase("s3cret")
                .doesNotContain(Served.BOTH);
        assertThat(served.registry.getMetersAsString())
                .contains(
                        "posture.requests", "route='/v1/devices/{serial}', status='404'", "route='none', status='404'")
                .doesNotContainIgnoringCase("s3cret");
    }

    private static String text(ILoggingEvent event) {
        String cause = event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
        return event.getLevel() + " " + event.getFormattedMessage() + " " + event.getKeyValuePairs() + " " + cause;
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }
}
