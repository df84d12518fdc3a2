package dev.kandjistream.sink.kafka;

import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.UnreadableRun;
import dev.kandjistream.sink.jdbc.PostgresStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** One thread's membership in the sink's group: a consumer and its loop, made anew when the consumer cannot go on. */
public final class GroupMember implements Runnable {
    private static final Duration CLOSE = Duration.ofSeconds(3);

    private final int number;
    private final Topics topics;
    private final KafkaClients clients;
    private final RecordReader.Deserializers deserializers;
    private final PostgresStore store;
    private final TopicLog topicLog;
    private final UnreadableRun unreadable;
    private final SinkMetrics metrics;
    private final Duration nullRecordsStay;
    private final Trouble trouble = new Trouble();
    private volatile boolean stopping;
    private volatile ChangeConsumer running;

    /**
     * @param number tells the members of one service apart
     * @param unreadable the service's
     * @param nullRecordsStay see {@link dev.kandjistream.sink.domain.StartingPoint}
     */
    public GroupMember(
            int number,
            Topics topics,
            KafkaClients clients,
            RecordReader.Deserializers deserializers,
            PostgresStore store,
            TopicLog topicLog,
            UnreadableRun unreadable,
            SinkMetrics metrics,
            Duration nullRecordsStay) {
        this.number = number;
        this.topics = topics;
        this.clients = clients;
        this.deserializers = deserializers;
        this.store = store;
        this.topicLog = topicLog;
        this.unreadable = unreadable;
        this.metrics = metrics;
        this.nullRecordsStay = nullRecordsStay;
    }

    /** Why nothing is being written; empty where all is well. */
    public Optional<String> notReady() {
        ChangeConsumer consumer = running;
        return trouble.reason().or(() -> consumer == null ? Optional.of("joining the group") : consumer.notReady());
    }

    /** Whether something keeps records from being written: what {@link #notReady} says, but not that the group is joined. */
    public boolean isHeldUp() {
        ChangeConsumer consumer = running;
        return trouble.reason().isPresent() || consumer != null && consumer.isHeldUp();
    }

    /** Ends {@link #run} soon: what is being written is finished, then the group is left. */
    public void stop() {
        stopping = true;
        ChangeConsumer consumer = running;
        if (consumer != null) {
            consumer.stop();
        }
    }

    /** Runs until {@link #stop}; any exception is a fault of ours that no retry mends. */
    @Override
    public void run() {
        while (!stopping) {
            try {
                consume();
            } catch (InterruptException e) {
                return;
            } catch (KafkaException e) {
                pause(trouble.with("broker", e));
            }
        }
    }

    private void consume() {
        Consumer<byte[], byte[]> consumer = clients.member(number);
        try (var reader = new RecordReader(topics, deserializers);
                var deadLetters = clients.deadLetters()) {
            var assignment = new Assignment(consumer, store, topicLog, metrics, nullRecordsStay, Clock.systemUTC());
            var loop = new ChangeConsumer(
                    consumer,
                    topics.sunk().stream().map(Topic::name).toList(),
                    assignment,
                    reader,
                    store,
                    deadLetters,
                    unreadable,
                    metrics);
            running = loop;
            trouble.over();
            if (!stopping) {
                loop.run();
            }
        } finally {
            running = null;
            // Leaves the group, so that others take over at once.
            consumer.close(CloseOptions.timeout(CLOSE));
        }
    }

    private void pause(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (!stopping && System.nanoTime() < until) {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                stopping = true;
            }
        }
    }
}
