package dev.kandjistream.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AlarmsTest {
    /** As commands that only ask leave it, in the JVM of tests that come after theirs. */
    @Test
    void aLogThatIsOffDoesNotMakeThemDeaf() {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        Logger ours = (Logger) LoggerFactory.getLogger("dev.kandjistream");
        Level rootBefore = root.getLevel();
        Level oursBefore = ours.getLevel();
        ours.setLevel(null);
        root.setLevel(Level.OFF);
        Alarms alarms = Alarms.listen();
        try {
            LoggerFactory.getLogger("dev.kandjistream.standalone.Some").error("a person is needed");
            assertThat(alarms.lines()).singleElement().asString().contains("a person is needed");
        } finally {
            alarms.end();
            root.setLevel(rootBefore);
            ours.setLevel(oursBefore);
        }
    }
}
