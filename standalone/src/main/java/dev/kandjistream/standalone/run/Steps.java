package dev.kandjistream.standalone.run;

import java.time.Duration;

/** Who wants to hear what is being started and stopped. Called from one thread at a time. */
public interface Steps {
    /** Nobody does. */
    Steps SILENT = (what, detail, took) -> {};

    /**
     * @param what such as {@code Kafka broker}
     * @param detail where it is found
     */
    void done(String what, String detail, Duration took);
}
