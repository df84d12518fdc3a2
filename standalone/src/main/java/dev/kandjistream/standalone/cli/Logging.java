package dev.kandjistream.standalone.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.util.FileSize;
import dev.kandjistream.standalone.config.LogSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go: to standard output for a service, to a file where a person watches the terminal. Our own lines
 * from INFO, libraries' from WARN. {@code -Dlogback.configurationFile} overrides all of it.
 */
final class Logging {
    private static final String OURS = "dev.kandjistream";
    /** They warn of what is so on purpose, or of what mends itself at once, at every start. */
    private static final List<String> TOO_LOUD =
            List.of("org.apache.kafka.streams.StreamsConfig", "kafka.server.DefaultAutoTopicCreationManager");

    /** Logs each try of a question about a topic that was created a moment ago; what does not succeed in the end, the asker says. */
    private static final String EACH_TRY = "org.apache.kafka.clients.admin.internals.PartitionLeaderStrategy";

    /** The console tells of these itself, with what to do about them. */
    private static final Set<String> TOLD_BY_THE_CONSOLE =
            Set.of("Sweep published", "Connection of the account changed");

    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} %msg %kvp%n%ex";

    private Logging() {}

    /** A service's log: every line on standard output. */
    static void toStandardOutput(LogSettings settings) {
        if (isOverridden()) {
            return;
        }
        LoggerContext context = reset(Level.toLevel(settings.level()));
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setContext(context);
        console.setEncoder(settings.json() ? json(context) : plain(context, PATTERN));
        attach(context, console);
    }

    /** A person's terminal: every line into the file; {@code loud} on standard error too, where a person is needed. */
    static void toFile(Path file, boolean verbose, Level loud) {
        if (isOverridden()) {
            return;
        }
        LoggerContext context = reset(verbose ? Level.DEBUG : Level.INFO);
        attach(context, rolling(context, file));
        var errors = new ConsoleAppender<ILoggingEvent>();
        errors.setContext(context);
        errors.setTarget("System.err");
        errors.setEncoder(plain(context, "%d{HH:mm:ss}  %level  %msg  %kvp%n%ex{0}"));
        var threshold = new ThresholdFilter();
        threshold.setLevel(loud.toString());
        threshold.start();
        errors.addFilter(threshold);
        errors.addFilter(new Filter<>() {
            @Override
            public FilterReply decide(ILoggingEvent event) {
                return TOLD_BY_THE_CONSOLE.contains(event.getMessage()) ? FilterReply.DENY : FilterReply.NEUTRAL;
            }
        });
        errors.start();
        // Of ours only: what libraries complain of, services put in their own words where it matters.
        context.getLogger(OURS).addAppender(errors);
    }

    /** A command that asks and ends: it says itself what went wrong, and libraries would only say it worse. */
    static void toNowhere(boolean verbose) {
        if (!verbose && !isOverridden()) {
            var context = (LoggerContext) LoggerFactory.getILoggerFactory();
            context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
        }
    }

    /** Flushes and closes the log, as the last thing a process does. */
    static void stop() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }

    private static boolean isOverridden() {
        return System.getProperty("logback.configurationFile") != null;
    }

    private static LoggerContext reset(Level ours) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        context.getLogger(OURS).setLevel(ours);
        TOO_LOUD.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
        context.getLogger(EACH_TRY).setLevel(Level.OFF);
        context.addTurboFilter(new RetriedAppends());
        return context;
    }

    private static void attach(LoggerContext context, Appender<ILoggingEvent> appender) {
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    }

    private static OutputStreamAppender<ILoggingEvent> rolling(LoggerContext context, Path file) {
        var appender = new RollingFileAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setFile(file.toString());
        appender.setEncoder(plain(context, PATTERN));
        var policy = new FixedWindowRollingPolicy();
        policy.setContext(context);
        policy.setParent(appender);
        policy.setFileNamePattern(file + ".%i");
        policy.setMaxIndex(3);
        policy.start();
        var trigger = new SizeBasedTriggeringPolicy<ILoggingEvent>();
        trigger.setContext(context);
        trigger.setMaxFileSize(FileSize.valueOf("10MB"));
        trigger.start();
        appender.setRollingPolicy(policy);
        appender.setTriggeringPolicy(trigger);
        return appender;
    }

    private static Encoder<ILoggingEvent> plain(LoggerContext context, String pattern) {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(pattern);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        var encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }
}
