package dev.kandjistream.enricher.stream;

import dev.kandjistream.schemas.UnreadableRun;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the enricher where passing over records would lose them, and knows when it may go on. One for each service.
 *
 * <p>A stop begins in a stream thread, which waits a while in place. If that does not help, the thread throws
 * {@link StoppedException}: its transaction is undone, so positions do not advance, and the service pauses Kafka Streams until
 * {@link #mayGoOn}.
 */
public final class Breaker {
    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

    /** The stream thread gave up waiting in place. */
    public static final class StoppedException extends RetriableException {
        private static final long serialVersionUID = 1L;

        private StoppedException(String reason, Throwable cause) {
            super(reason, cause);
        }
    }

    /** A reason to stand still. Compared by identity. */
    private static final class Stop {
        private final String reason;
        private volatile BooleanSupplier isOver = () -> false;
        private volatile boolean waitsInPlace = true;

        Stop(String reason) {
            this.reason = reason;
        }
    }

    private final UnreadableRun run;
    private final Map<Object, Stop> stops = new ConcurrentHashMap<>();

    /** @param unreadableInARow how many unreadable records in a row may become dead letters */
    public Breaker(int unreadableInARow) {
        run = new UnreadableRun(unreadableInARow);
    }

    /** Why records wait, and what to do; empty where none does. */
    public Optional<String> reason() {
        return stops.values().stream().map(stop -> stop.reason).findFirst();
    }

    /** Whether nothing keeps a paused enricher from going on; asks the registry where it has to. */
    public boolean mayGoOn() {
        stops.forEach((key, stop) -> {
            if (!stop.waitsInPlace && stop.isOver.getAsBoolean()) {
                end(key);
            }
        });
        return stops.values().stream().allMatch(stop -> stop.waitsInPlace);
    }

    /** Begins to wait in place, for {@link #end} or {@link #giveUp}; the same key with another reason replaces it. */
    void begin(Object key, String reason) {
        if (stops.put(key, new Stop(reason)) == null && stops.size() == 1) {
            LOG.atWarn().addKeyValue("cause", reason).log("Records wait; the enricher goes on by itself");
        }
    }

    void end(Object key) {
        if (stops.remove(key) != null && stops.isEmpty()) {
            LOG.atInfo().log("Records no longer wait; the enricher goes on");
        }
    }

    /** @param isOver whether it makes sense to try again; asked by another thread, now and then */
    StoppedException giveUp(Object key, BooleanSupplier isOver, Throwable cause) {
        Stop stop = stops.get(key);
        stop.isOver = isOver;
        stop.waitsInPlace = false;
        return new StoppedException(stop.reason, cause);
    }

    void readable(RecordMetadata origin) {
        run.readable(origin.topic());
    }

    /**
     * Returns where the record may go to the dead letters.
     *
     * @param isReadable whether the record can be read after all; asked as in {@link #giveUp}
     * @throws StoppedException where it is one too many in a row
     */
    void unreadable(RecordMetadata origin, UnreadableRecordException fault, BooleanSupplier isReadable) {
        if (!run.unreadable(origin.topic(), origin.partition(), origin.offset())) {
            Object key = origin.topic();
            begin(key, run.reason(origin.topic(), origin.partition(), origin.offset(), fault.getMessage()));
            throw giveUp(key, isReadable, fault);
        }
    }
}
