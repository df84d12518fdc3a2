package dev.kandjistream.posture.kafka;

import dev.kandjistream.posture.kafka.LogEnds.Seen;
import dev.kandjistream.schemas.serde.SerdeFault;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topics from the beginning into a snapshot, shows it once their ends are reached, and follows.
 *
 * <p>Where what was read may be no part of the topics any more (a topic was created anew, has other partitions, or was cut
 * before we had read it), all is read again into another picture, and the former is shown until then: nobody is unknown in
 * between, nothing goes back in time, and no device stays that the topics do not know.
 */
final class LogFollower {
    private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final LogClients clients;
    private final Intake intake;
    private final Supplier<Picture> empty;
    private final Progress progress;
    private final ViewMetrics metrics;
    private final String unconfirmedTopic;
    private boolean missingTold;
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile Consumer<byte[], byte[]> reader;
    private volatile Picture shown;

    /**
     * @param empty makes empty snapshots
     * @param unconfirmedTopic the topic that may be missing
     */
    LogFollower(
            LogClients clients,
            Intake intake,
            Supplier<Picture> empty,
            Progress progress,
            ViewMetrics metrics,
            String unconfirmedTopic) {
        this.clients = clients;
        this.intake = intake;
        this.empty = empty;
        this.progress = progress;
        this.metrics = metrics;
        this.unconfirmedTopic = unconfirmedTopic;
        shown = empty.get();
    }

    /** The latest picture that is whole; one without anything before there is any. */
    Picture shown() {
        return shown;
    }

    /** Ends {@link #run} soon, from any thread. */
    void stop() {
        stop.countDown();
        Consumer<byte[], byte[]> reading = reader;
        if (reading != null) {
            reading.wakeup();
        }
    }

    boolean isStopping() {
        return stop.getCount() == 0;
    }

    /**
     * Until {@link #stop}.
     *
     * @param ends of all the topics
     */
    void run(LogEnds ends) {
        String why = "reading the fleet";
        while (!isStopping()) {
            progress.catchingUp(why);
            try {
                why = "reading the fleet again: " + read(ends);
            } catch (WakeupException e) {
                // stop() was called
            }
        }
    }

    /** Once from the beginning, with a consumer that remembers nothing of the topics as they were. */
    private String read(LogEnds ends) {
        Consumer<byte[], byte[]> consumer = clients.reader();
        try {
            reader = consumer;
            return follow(consumer, ends);
        } finally {
            reader = null;
            Thread.interrupted(); // an interrupt was meant for what we waited for, not for this
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
        }
    }

    /** @return why it is to be begun anew, in words */
    private String follow(Consumer<byte[], byte[]> consumer, LogEnds ends) {
        Seen start = begin(consumer, ends);
        Picture picture = empty.get();
        long since = System.nanoTime();
        warnOfMissing(start);
        while (!isStopping()) {
            try {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    take(record, picture, start);
                }
                Map<TopicPartition, Long> positions = positions(consumer, start);
                settle(picture, positions, start, ends.latest().orElse(start));
                if (!records.isEmpty()) {
                    progress.moved();
                }
                if (progress.isCatchingUp() && LogEnds.between(positions, start.ends()) == 0) {
                    show(picture, since);
                }
                Optional<String> broken = look(ends, start, positions);
                if (broken.isPresent()) {
                    return broken.get();
                }
            } catch (InvalidOffsetException e) {
                return anew("a topic was cut before it was read");
            } catch (WakeupException | InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                stopped(progress.broker().begin(e));
            }
        }
        return "";
    }

    /** Places the consumer at the beginning of every partition there is now. */
    private Seen begin(Consumer<byte[], byte[]> consumer, LogEnds ends) {
        long asked = System.nanoTime();
        while (true) {
            ends.look();
            ends.fault().ifPresent(progress.broker()::begin);
            Optional<Seen> seen = ends.latest().filter(latest -> latest.askedAt() - asked >= 0);
            if (stopped(LOOK)) {
                throw new WakeupException();
            }
            if (seen.isEmpty()) {
                continue;
            }
            try {
                consumer.assign(seen.get().ends().keySet());
                consumer.beginningOffsets(seen.get().ends().keySet()).forEach(consumer::seek);
                progress.broker().over();
                return seen.get();
            } catch (WakeupException | InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                stopped(progress.broker().begin(e));
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Picture picture, Seen start) {
        var partition = new TopicPartition(record.topic(), record.partition());
        // Until the ends seen at the start are reached, nobody looks.
        boolean proven = record.offset() < start.ends().getOrDefault(partition, 0L);
        while (true) {
            try {
                metrics.read(record.topic(), intake.take(record, picture, shown, proven));
                progress.registry().over();
                return;
            } catch (UnreadableRecordException e) {
                metrics.read(record.topic(), Intake.Outcome.UNREADABLE);
                LOG.atWarn()
                        .addKeyValue("topic", record.topic())
                        .addKeyValue("partition", record.partition())
                        .addKeyValue("offset", record.offset())
                        .addKeyValue("cause", e.getMessage())
                        .log("Record cannot be read; the state that it may change is in doubt until the next record");
                return;
            } catch (InterruptException e) {
                throw e;
            } catch (RuntimeException e) {
                if (!SerdeFault.isOfRegistry(e)) {
                    throw e;
                }
                if (stopped(progress.registry().begin(e))) {
                    throw new WakeupException();
                }
            }
        }
    }

    private static void settle(Picture picture, Map<TopicPartition, Long> positions, Seen start, Seen seen) {
        boolean isAllRead = seen.isOfSameLogs(start) && LogEnds.between(positions, seen.ends()) == 0;
        long readUntil = isAllRead ? seen.askedAt() : start.askedAt();
        // A receipt may name a partition that is not read: then the topics have changed, and everything is soon read
        // again.
        picture.accounts().settle(partition -> positions.getOrDefault(partition, 0L), readUntil);
        picture.fleet().settle(readUntil);
    }

    private void show(Picture picture, long since) {
        shown = picture;
        progress.caughtUp();
        Duration took = Duration.ofNanos(System.nanoTime() - since);
        metrics.caughtUp(took);
        LOG.atInfo()
                .addKeyValue("devices", picture.fleet().devices())
                .addKeyValue("milliseconds", took.toMillis())
                .log("View has caught up");
    }

    /** @return why what was read is worth nothing any more; empty where all is well */
    private Optional<String> look(LogEnds ends, Seen start, Map<TopicPartition, Long> positions) {
        ends.look();
        Optional<Throwable> fault = ends.fault();
        if (fault.isPresent()) {
            progress.broker().begin(fault.get());
            return Optional.empty();
        }
        progress.broker().over();
        Seen seen = ends.latest().orElse(start);
        if (!seen.isOfSameLogs(start)) {
            return Optional.of(anew("a topic was created anew or has other partitions"));
        }
        long lag = LogEnds.between(positions, seen.ends());
        progress.lag(lag);
        if (lag == 0 && !progress.isCatchingUp()) {
            progress.followed(seen.askedAt());
        }
        return Optional.empty();
    }

    private void warnOfMissing(Seen start) {
        if (!start.topicIds().containsKey(unconfirmedTopic) && !missingTold) {
            missingTold = true;
            LOG.atWarn()
                    .addKeyValue("topic", unconfirmedTopic)
                    .log(
                            "Topic does not exist: the poller has an earlier version, which does not publish unconfirmed devices."
                                    + " Upgrade the poller");
        }
    }

    private String anew(String why) {
        metrics.readAgain();
        LOG.atWarn()
                .addKeyValue("reason", why)
                .log("Topics are read again from the beginning; the view stays until then");
        return why;
    }

    private static Map<TopicPartition, Long> positions(Consumer<byte[], byte[]> consumer, Seen start) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        start.ends().keySet().forEach(partition -> positions.put(partition, consumer.position(partition)));
        return positions;
    }

    private boolean stopped(Duration waiting) {
        try {
            return stop.await(waiting.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
