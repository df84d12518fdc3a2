package dev.kandjistream.standalone.console;

import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.standalone.run.StopSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * License and usage events from now on, as any subscriber would read them: {@code read_committed}, no group, nothing
 * stored. Users are read from their beginning, since usage events do not carry names.
 *
 * <pre>users ─► names ┐
 * licenses, usage ──┴─► events of one moment ─► listener</pre>
 */
public final class EventTail implements AutoCloseable {

    /** Events that arrived together. Lists are in the order of their partitions. */
    public record Moment(
            List<dev.kandjistream.licenses.Envelope> licenses, List<dev.kandjistream.usage.Envelope> usage) {
        boolean isEmpty() {
            return licenses.isEmpty() && usage.isEmpty();
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(EventTail.class);

    /** So long a burst is gathered before it is told, so that it can be told as one. */
    private static final Duration GATHER = Duration.ofMillis(400);

    private static final Duration IDLE = Duration.ofMillis(500);

    private final Topics topics;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Deserializer<dev.kandjistream.licenses.Envelope> licenses;
    private final Deserializer<dev.kandjistream.usage.Envelope> usage;
    private final Deserializer<dev.kandjistream.users.Envelope> users;
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private final Consumer<Moment> listener;
    /** How often there was nothing to read. */
    private volatile int pauses;

    private final Thread thread;

    private EventTail(
            Topics topics, Map<String, Object> clientProperties, Function<EventLine.Names, Consumer<Moment>> listener) {
        this.topics = topics;
        this.listener = listener.apply((account, user) -> Optional.ofNullable(names.get(Keys.of(account, user))));
        this.licenses = AvroSerdes.deserializer(topics.licenses(), clientProperties);
        this.usage = AvroSerdes.deserializer(topics.usage(), clientProperties);
        this.users = AvroSerdes.deserializer(topics.users(), clientProperties);
        var properties = new HashMap<>(clientProperties);
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        properties.put("auto.offset.reset", "latest");
        this.consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        this.thread = new Thread(this::run, "event-tail");
        this.thread.setDaemon(true);
    }

    /**
     * Returns when its place in the topics is taken: no event from then on is missed. The topics must exist.
     *
     * @param listener made from the names of users read so far; called by one thread
     */
    public static EventTail start(
            Topics topics, Map<String, Object> clientProperties, Function<EventLine.Names, Consumer<Moment>> listener) {
        var tail = new EventTail(topics, clientProperties, listener);
        tail.takePlaces();
        tail.thread.start();
        return tail;
    }

    /** Waits until what is in the topics now has been told: until twice there was nothing more to read. */
    public void awaitQuiet(StopSignal stop) {
        int before = pauses;
        while (pauses - before < 2 && thread.isAlive()) {
            stop.pause(Duration.ofMillis(50));
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(5).toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void takePlaces() {
        List<TopicPartition> events =
                new ArrayList<>(partitions(topics.licenses().name()));
        events.addAll(partitions(topics.usage().name()));
        List<TopicPartition> people = partitions(topics.users().name());
        List<TopicPartition> all = new ArrayList<>(events);
        all.addAll(people);
        consumer.assign(all);
        consumer.seekToBeginning(people);
        consumer.seekToEnd(events);
        // Seeking is lazy: asking for the position makes it happen now.
        all.forEach(consumer::position);
    }

    private List<TopicPartition> partitions(String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    private void run() {
        try (consumer) {
            while (true) {
                Moment moment = gather();
                if (!moment.isEmpty()) {
                    listener.accept(moment);
                }
            }
        } catch (WakeupException closed) {
            // The way to end a poll.
        } catch (RuntimeException failure) {
            LOG.atError().setCause(failure).log("Events are no longer shown; they go on in the topics");
        }
    }

    private Moment gather() {
        var moment = new Moment(new ArrayList<>(), new ArrayList<>());
        add(consumer.poll(IDLE), moment);
        if (moment.isEmpty()) {
            pauses++;
        } else {
            long end = System.nanoTime() + GATHER.toNanos();
            while (System.nanoTime() < end) {
                add(consumer.poll(Duration.ofMillis(50)), moment);
            }
        }
        return moment;
    }

    private void add(ConsumerRecords<String, byte[]> records, Moment moment) {
        for (ConsumerRecord<String, byte[]> record : records) {
            // A null record follows each op d: there is nothing in it that the event before did not say.
            if (record.value() == null) {
                continue;
            }
            if (record.topic().equals(topics.users().name())) {
                remember(users.deserialize(record.topic(), record.value()));
            } else if (record.topic().equals(topics.licenses().name())) {
                moment.licenses().add(licenses.deserialize(record.topic(), record.value()));
            } else {
                moment.usage().add(usage.deserialize(record.topic(), record.value()));
            }
        }
    }

    private void remember(dev.kandjistream.users.Envelope event) {
        var user = event.getAfter() == null ? event.getBefore() : event.getAfter();
        if (user != null && user.getName() != null) {
            names.put(Keys.of(user.getAccountId(), user.getUserId()), user.getName());
        }
    }
}
