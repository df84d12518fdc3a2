package dev.kandjistream.posture.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.posture.domain.Decision;
import dev.kandjistream.posture.kafka.DecisionQueue.Tally;
import dev.kandjistream.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DecisionLogTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Instant NINE = Instant.parse("2026-01-05T09:00:00Z");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Outlet outlet = new Outlet();
    private final AtomicLong nanos = new AtomicLong();
    private final DecisionLog log =
            new DecisionLog(outlet, new DecisionQueue(100, nanos::get), InstantSource.fixed(NINE), meters);

    @AfterEach
    void close() {
        log.close(Duration.ZERO);
    }

    @Test
    void decisionsLeaveInTheirOrderAndAreCountedAsWrittenWhenTheTopicHasThem() {
        addMany("a", "b", "c");

        List<Sent> sent = List.of(outlet.take(), outlet.take(), outlet.take());
        assertThat(sent).extracting(one -> one.decision().id()).containsExactly("a", "b", "c");
        assertThat(log.tally()).isEqualTo(new Tally(3, 0, 0, 3));
        sent.get(1).outcome().accept(null);
        assertThat(log.tally()).isEqualTo(new Tally(3, 1, 0, 2));
    }

    @Test
    void decisionsThatDoNotFitAreLostAndTheOthersArriveWhenTheWayIsFreeAgain() {
        outlet.away.set(true);
        IntStream.range(0, 130).forEach(i -> log.add(Made.unknown("id-" + i)));
        assertThat(log.tally()).isEqualTo(new Tally(130, 0, 30, 100));
        await(() -> log.trouble().isPresent());
        assertThat(log.trouble()).contains("decisions are not recorded: nobody answers, since 2026-01-05T09:00:00Z");

        outlet.away.set(false);

        for (int i = 0; i < 100; i++) {
            Sent sent = outlet.take();
            assertThat(sent.decision().id()).isEqualTo("id-" + i);
            sent.outcome().accept(null);
        }
        await(() -> log.trouble().isEmpty());
        assertThat(log.tally()).isEqualTo(new Tally(130, 100, 30, 0));
    }

    @Test
    void whatStandsInTheWayIsToldBeforeThereIsADecision() {
        outlet.obstacle = new NotRecordedException("may not write to d", "grant WRITE on d", null);
        await(() -> log.trouble().isPresent());
        assertThat(log.trouble())
                .contains(
                        "decisions are not recorded: may not write to d, since 2026-01-05T09:00:00Z; grant WRITE on d");

        outlet.obstacle = null;
        await(() -> log.trouble().isEmpty());
    }

    @Test
    void decisionsThatTheBrokerRefusesAreToldOfUntilOneIsWritten() {
        addMany("a", "b", "c", "d");
        outlet.take().outcome().accept(new RecordTooLargeException("this one alone"));
        assertThat(log.trouble()).isEmpty();

        outlet.take().outcome().accept(new InvalidRecordException("not so"));
        assertThat(log.trouble()).contains("decisions are not recorded: not so, since 2026-01-05T09:00:00Z");
        outlet.take().outcome().accept(null);
        assertThat(log.trouble()).isEmpty();
    }

    @Test
    void aRightThatIsGrantedAgainIsNoticedWithoutADecision() {
        addMany("a");
        outlet.take().outcome().accept(new NotRecordedException("may not write", "grant WRITE", null));
        assertThat(log.trouble()).isPresent();

        await(() -> log.trouble().isEmpty());
    }

    @Test
    void decisionThatTheProducerHasStillTakesRoom() {
        IntStream.range(0, 100).forEach(i -> log.add(Made.unknown("id")));
        Sent first = outlet.take();
        log.add(Made.unknown("one too many"));
        assertThat(log.tally()).isEqualTo(new Tally(101, 0, 1, 100));

        first.outcome().accept(new TimeoutException("expired"));
        log.add(Made.unknown("now there is room"));

        assertThat(log.tally()).isEqualTo(new Tally(102, 0, 2, 100));
    }

    @Test
    void brokerThatAnswersNothingIsToldOfThoughTheProducerTakesWhatComes() {
        addMany("a", "b");
        Sent first = outlet.take();
        nanos.addAndGet(Duration.ofSeconds(9).toNanos());
        assertThat(log.trouble()).isEmpty();
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(log.trouble()).contains("decisions are not recorded: the broker has taken none for 11 s");

        first.outcome().accept(null);
        assertThat(log.trouble()).isEmpty();
        outlet.take().outcome().accept(null);
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        addMany("c");
        assertThat(log.trouble()).as("nobody asked for an hour").isEmpty();
    }

    @Test
    void metricsSayWhatIsCounted() {
        outlet.away.set(true);
        IntStream.range(0, 103).forEach(i -> log.add(Made.unknown("id")));
        outlet.away.set(false);
        outlet.take().outcome().accept(null);

        assertThat(counter("added")).isEqualTo(103);
        assertThat(counter("written")).isEqualTo(1);
        assertThat(counter("lost")).isEqualTo(3);
        assertThat(meters.get("posture.decisions.waiting").gauge().value()).isEqualTo(99);
    }

    @Test
    void closingWritesWhatWaitsAndTakesNoMore() {
        outlet.writesAtOnce = true;
        addMany("a", "b", "c");

        log.close(LONG);
        log.add(Made.unknown("late"));

        assertThat(log.tally()).isEqualTo(new Tally(4, 3, 1, 0));
        assertThat(outlet.closed).isTrue();
    }

    @Test
    void closingCountsAsLostWhatTheLimitDoesNotAllow() {
        outlet.away.set(true);
        addMany("a", "b");
        long began = System.nanoTime();

        log.close(Duration.ofMillis(150));

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
        assertThat(log.tally()).isEqualTo(new Tally(2, 0, 2, 0));
    }

    @Test
    void closingDoesNotWaitForAnAnswerThatDoesNotCome() {
        outlet.stuck = new CountDownLatch(1);
        addMany("a", "b");
        outlet.awaitStuck();

        log.close(Duration.ofMillis(50));

        assertThat(log.tally()).isEqualTo(new Tally(2, 0, 2, 0));
    }

    @Test
    void closingWhileThereIsNoBrokerAtAllTakesNoLongerThanItMay() {
        var properties =
                Map.<String, Object>of("bootstrap.servers", "127.0.0.1:1", "schema.registry.url", "http://127.0.0.1:1");
        var real = DecisionLog.start(new Topics("kandji"), properties, (short) 1, 10, new SimpleMeterRegistry());
        real.add(Made.unknown("a"));
        long began = System.nanoTime();

        real.close(Duration.ofMillis(50));

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
        assertThat(real.tally()).isEqualTo(new Tally(1, 0, 1, 0));
    }

    @Test
    void settingsThatAreWrongStopTheStart() {
        var properties = Map.<String, Object>of("bootstrap.servers", "127.0.0.1:1", "schema.registry.url", "nowhere");
        assertThatThrownBy(() ->
                        DecisionLog.start(new Topics("kandji"), properties, (short) 1, 10, new SimpleMeterRegistry()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("schema.registry.url");
    }

    @Test
    void addedIsWrittenAndLostAndWaitingAtAnyMoment() throws InterruptedException {
        var done = new AtomicBoolean();
        List<Tally> broken = new ArrayList<>();
        var watcher = new Thread(() -> {
            while (!done.get()) {
                Tally now = log.tally();
                if (now.added() != now.written() + now.lost() + now.waiting() || now.waiting() > 100) {
                    broken.add(now);
                }
            }
        });
        var broker = new Thread(() -> {
            for (int i = 0; !done.get(); i++) {
                Sent sent = outlet.sent.poll();
                if (sent != null) {
                    sent.outcome().accept(i % 7 == 0 ? new TimeoutException("expired") : null);
                }
                outlet.away.set(i % 500 < 20);
            }
        });
        watcher.start();
        broker.start();

        IntStream.range(0, 4).parallel().forEach(thread -> {
            for (int i = 0; i < 5_000; i++) {
                log.add(Made.unknown("id"));
            }
        });
        done.set(true);
        watcher.join();
        broker.join();

        assertThat(broken).isEmpty();
        assertThat(log.tally().added()).isEqualTo(20_000);
        assertThat(log.tally().written()).isPositive();
    }

    private void addMany(String... ids) {
        for (String id : ids) {
            log.add(Made.unknown(id));
        }
    }

    private double counter(String name) {
        return meters.get("posture.decisions." + name).functionCounter().count();
    }

    private static void await(BooleanSupplier wish) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!wish.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private record Sent(Decision decision, Consumer<Throwable> outcome) {}

    /** A way out that can be shut. */
    private static final class Outlet implements DecisionOutlet {
        final AtomicBoolean away = new AtomicBoolean();
        final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
        final CountDownLatch atIt = new CountDownLatch(1);
        volatile CountDownLatch stuck;
        volatile boolean writesAtOnce;
        volatile boolean closed;

        volatile RuntimeException obstacle;

        @Override
        public void prepare() {
            if (obstacle != null) {
                throw obstacle;
            }
        }

        @Override
        public void send(Decision decision, Consumer<Throwable> outcome) {
            if (stuck != null) {
                atIt.countDown();
                try {
                    stuck.await();
                } catch (InterruptedException e) {
                    throw new InterruptException(e);
                }
            }
            if (away.get()) {
                throw new TimeoutException("nobody answers");
            }
            sent.add(new Sent(decision, outcome));
            if (writesAtOnce) {
                outcome.accept(null);
            }
        }

        @Override
        public void close(Duration limit) {
            closed = true;
        }

        Sent take() {
            try {
                Sent one = sent.poll(LONG.toSeconds(), TimeUnit.SECONDS);
                assertThat(one).as("a decision sent").isNotNull();
                return one;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        void awaitStuck() {
            try {
                assertThat(atIt.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
