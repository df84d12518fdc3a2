package dev.kandjistream.posture.kafka;

import dev.kandjistream.posture.domain.Decision;
import dev.kandjistream.schemas.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decisions into their topic, behind the back of whoever decides.
 *
 * <pre>add -> {@link DecisionQueue} -> one thread -> {@link DecisionSender}: Avro, headers, producer -> topic</pre>
 *
 * <p>While broker or registry are away, or the right to write is missing, decisions wait and the queue fills; what does not fit is
 * lost, and so is what the producer gives up. Nothing of it reaches {@link #add}. At any moment
 *
 * <pre>posture_decisions_added_total = posture_decisions_written_total + posture_decisions_lost_total + posture_decisions_waiting</pre>
 *
 * <p>One that is counted as lost may stand in the topic all the same, where the broker's answer was lost instead.
 */
public final class DecisionLog implements AutoCloseable {
    /** A few seconds of the most that one replica decides; some 20 MB. */
    public static final int DEFAULT_CAPACITY = 20_000;

    private static final Logger LOG = LoggerFactory.getLogger(DecisionLog.class);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /** A broker that is there answers sooner, also one that has just become the leader. */
    private static final Duration LONGEST_STANDSTILL = Duration.ofSeconds(10);

    private static final Duration CLOSE = Duration.ofSeconds(5);
    /** For a request that does not heed an interrupt at once. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final DecisionQueue queue;
    private final DecisionOutlet outlet;
    private final Counter oversized;
    private final LossNotice losses = new LossNotice();
    private final Thread thread = new Thread(this::run, "posture-decisions");
    private Duration pause = FIRST_PAUSE;
    private final InstantSource clock;
    private volatile Failure trouble;
    /** Why the producer did not write decisions; null if it has written one since. */
    private volatile Failure refused;
    /** Since losses were told last; null where there was only no room. */
    private volatile String lastFailure;

    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile boolean flushing;
    private volatile long deadline;

    /**
     * Begins; returns at once, whether there is a broker or not.
     *
     * @param kafka client properties, the registry's among them; {@code delivery.timeout.ms} is an hour unless they say otherwise
     * @param replicationFactor of topics that are missing; -1 for the brokers' default
     * @param capacity how many decisions may wait
     * @throws KafkaException where the properties cannot be used
     */
    public static DecisionLog start(
            Topics topics, Map<String, Object> kafka, short replicationFactor, int capacity, MeterRegistry meters) {
        return new DecisionLog(
                new DecisionSender(topics, kafka, replicationFactor),
                new DecisionQueue(capacity, System::nanoTime),
                InstantSource.system(),
                meters);
    }

    /** An obstacle, and when it began. */
    private record Failure(Throwable cause, Instant since) {
        /** The same beginning, another cause. */
        static Failure of(Throwable cause, Failure before, InstantSource clock) {
            return new Failure(cause, before == null ? clock.instant().truncatedTo(ChronoUnit.SECONDS) : before.since);
        }

        String words() {
            String advice = cause instanceof NotRecordedException known ? "; " + known.advice() : "";
            return "decisions are not recorded: " + cause.getMessage() + ", since " + since + advice;
        }
    }

    DecisionLog(DecisionOutlet outlet, DecisionQueue queue, InstantSource clock, MeterRegistry meters) {
        this.clock = clock;
        this.outlet = outlet;
        this.queue = queue;
        counter(meters, "added", "Decisions to be recorded", DecisionQueue.Tally::added);
        counter(meters, "written", "Decisions that the topic has", DecisionQueue.Tally::written);
        counter(meters, "lost", "Decisions that the topic will not have", DecisionQueue.Tally::lost);
        Gauge.builder("posture.decisions.waiting", queue, waiting -> waiting.tally()
                        .waiting())
                .description("Decisions on their way to the topic")
                .register(meters);
        oversized = Counter.builder("posture.decisions.oversized")
                .description(
                        "Decisions that the topic will not have because they are too large for it; lost ones among others")
                .register(meters);
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns at once, and never throws. For any thread. */
    public void add(Decision decision) {
        queue.add(decision);
    }

    /** Why decisions are not written, since when, and what to do; empty if no problem is known. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble)
                .or(() -> Optional.ofNullable(refused))
                .map(Failure::words)
                .or(this::standstill)
                .or(outlet::shortcoming);
    }

    /** A producer that has reached the broker once accepts records without an error while the broker is gone. */
    private Optional<String> standstill() {
        Duration standstill = queue.standstill();
        return standstill.compareTo(LONGEST_STANDSTILL) < 0
                ? Optional.empty()
                : Optional.of(
                        "decisions are not recorded: the broker has taken none for " + standstill.toSeconds() + " s");
    }

    @Override
    public void close() {
        close(CLOSE);
    }

    /**
     * Takes no more decisions, writes those that wait, and counts as lost what could not be written within the limit. Returns
     * some two seconds after it at the latest.
     */
    public void close(Duration limit) {
        deadline = System.nanoTime() + limit.toNanos();
        stop.countDown();
        queue.stop();
        try {
            thread.join(Math.max(1, limit.toMillis()));
            if (!flushing) {
                thread.interrupt();
            }
            thread.join(GRACE.toMillis());
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
            thread.interrupt();
        }
    }

    DecisionQueue.Tally tally() {
        return queue.tally();
    }

    private void run() {
        try {
            while (!stopping() || !left().isZero()) {
                Decision next = queue.next(IDLE);
                if (next == null && stopping()) {
                    break;
                }
                attempt(next);
                tellLosses();
            }
        } catch (InterruptedException | InterruptException limitIsOver) {
            // what is left is counted below
        } finally {
            end();
        }
    }

    /** @param next null if there is none: then this checks whether one could be written */
    private void attempt(Decision next) throws InterruptedException {
        try {
            if (next == null) {
                outlet.prepare();
                forgive();
            } else {
                outlet.send(next, this::finished);
                queue.handedOver();
            }
            goOn();
        } catch (InterruptException limitIsOver) {
            throw limitIsOver;
        } catch (RuntimeException away) {
            waitFor(away);
        }
    }

    private void finished(Throwable failure) {
        if (failure == null) {
            refused = null;
        } else {
            if (failure instanceof KafkaException && !isOfTheDecision(failure)) {
                refused = Failure.of(failure, refused, clock);
            }
            // Others than Kafka's may quote what they could not handle.
            lastFailure = failure instanceof KafkaException
                    ? failure.toString()
                    : failure.getClass().getName();
        }
        if (failure instanceof RecordTooLargeException) {
            oversized.increment();
        }
        queue.finished(failure == null);
    }

    private static boolean isOfTheDecision(Throwable failure) {
        return failure instanceof RecordTooLargeException || failure instanceof SerializationException;
    }

    /** A missing right has been granted; this is found without a decision to write. */
    private void forgive() {
        Failure former = refused;
        if (former != null && former.cause instanceof NotRecordedException) {
            refused = null;
        }
    }

    private void waitFor(RuntimeException away) throws InterruptedException {
        if (trouble == null) {
            LOG.atWarn()
                    .addKeyValue("reason", away.toString())
                    .log("Decisions cannot be recorded yet; they wait, and are made all the same");
        }
        trouble = Failure.of(away, trouble, clock);
        if (stopping()) {
            Thread.sleep(shorter(FIRST_PAUSE, left()).toMillis());
        } else {
            stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
            pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
        }
    }

    private void goOn() {
        if (trouble != null) {
            trouble = null;
            LOG.atInfo().log("Decisions are recorded again");
        }
        pause = FIRST_PAUSE;
    }

    private void end() {
        Thread.interrupted(); // it was meant for what we waited for, not for the producer's end
        flushing = true;
        try {
            outlet.close(left());
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("Producer of decisions did not close well");
        }
        queue.stop();
        queue.abandon();
        tellLosses();
    }

    private void tellLosses() {
        DecisionQueue.Tally tally = queue.tally();
        long untold = losses.due(tally.lost(), System.nanoTime());
        if (untold > 0) {
            LOG.atWarn()
                    .addKeyValue("decisions", untold)
                    .addKeyValue("sinceTheStart", tally.lost())
                    .addKeyValue("lastFailure", lastFailure == null ? "none: the queue was full" : lastFailure)
                    .log("Decisions were made that the record will not have");
            lastFailure = null;
        }
    }

    private boolean stopping() {
        return stop.getCount() == 0;
    }

    /** Until {@link #close} must return; zero where that is over, or nobody has called it. */
    private Duration left() {
        return stopping() ? Duration.ofNanos(Math.max(0, deadline - System.nanoTime())) : Duration.ZERO;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private interface Count {
        long of(DecisionQueue.Tally tally);
    }

    private void counter(MeterRegistry meters, String name, String description, Count count) {
        FunctionCounter.builder("posture.decisions." + name, queue, counted -> count.of(counted.tally()))
                .description(description)
                .register(meters);
    }
}
