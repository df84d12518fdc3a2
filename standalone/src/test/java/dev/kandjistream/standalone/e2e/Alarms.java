package dev.kandjistream.standalone.e2e;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Lines at ERROR of our own loggers: each says that a person is needed, and none of these tests needs one. */
final class Alarms extends AppenderBase<ILoggingEvent> {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    /**
     * Listens from now on; Kafka's own lines are left out meanwhile, for all that goes wrong here goes wrong on purpose. Ours
     * are logged whatever a test before this one made of the log: a command that only asks turns it off for the whole JVM.
     */
    static Alarms listen() {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        for (String chatty : List.of("org.apache.kafka", "kafka", "state.change.logger")) {
            context.getLogger(chatty).setLevel(Level.ERROR);
        }
        var alarms = new Alarms();
        alarms.setContext(context);
        alarms.start();
        ours().setLevel(Level.WARN);
        ours().addAppender(alarms);
        return alarms;
    }

    private static Logger ours() {
        return (Logger) LoggerFactory.getLogger("dev.kandjistream");
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
            lines.add(event.getLoggerName() + " " + event.getFormattedMessage() + " " + event.getKeyValuePairs());
        }
    }

    List<String> lines() {
        return lines;
    }

    void end() {
        ours().detachAppender(this);
        stop();
    }
}
