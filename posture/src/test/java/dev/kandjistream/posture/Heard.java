package dev.kandjistream.posture;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** All that a service and what it is made of have to say, in full and more than is usual; kept from the console meanwhile. */
final class Heard implements AutoCloseable {
    private static final Map<String, Level> LEVELS = Map.of(
            "dev.kandjistream.posture", Level.TRACE,
            "dev.kandjistream.kandji", Level.TRACE,
            "dev.kandjistream.schemas", Level.TRACE,
            "dev.kandjistream.posture.kafka.DecisionLog", Level.TRACE,
            "dev.kandjistream.posture.http.Problems", Level.TRACE,
            "dev.kandjistream.posture.http.PostureServer", Level.TRACE,
            "io.javalin", Level.DEBUG,
            "org.eclipse.jetty.server", Level.INFO,
            "org.apache.kafka.clients", Level.INFO);

    private final Map<Logger, Level> before = new HashMap<>();
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final AppenderBase<ILoggingEvent> ear = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(text(event));
        }
    };

    Heard() {
        ear.start();
        LEVELS.forEach((name, level) -> {
            Logger logger = (Logger) LoggerFactory.getLogger(name);
            before.put(logger, logger.getLevel());
            logger.setLevel(level);
            logger.setAdditive(false);
            logger.addAppender(ear);
        });
    }

    String everything() {
        return lines.stream().collect(Collectors.joining("\n"));
    }

    private static String text(ILoggingEvent event) {
        String cause = event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
        return event.getLevel() + " " + event.getLoggerName() + " " + event.getFormattedMessage() + " "
                + (event.getKeyValuePairs() == null ? List.of() : event.getKeyValuePairs()) + " " + cause;
    }

    @Override
    public void close() {
        before.forEach((logger, level) -> {
            logger.detachAppender(ear);
            logger.setAdditive(true);
            logger.setLevel(level);
        });
    }
}
