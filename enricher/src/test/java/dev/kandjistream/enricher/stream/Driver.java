package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.enricher.stream.Raw.AppsRecord;
import dev.kandjistream.enricher.stream.Raw.DeviceRecord;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Replays;
import dev.kandjistream.schemas.TombstoneHeaders;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;

/** The production topology without a broker: raw records in, whatever it tells out. */
final class Driver implements AutoCloseable {
    static final Topics TOPICS = new Topics("kandji");
    static final Rules RULES = new Rules(1, Set.of("helper", "updater"), Set.of("Mac", "iPhone", "iPad"));

    static final int UNREADABLE_IN_A_ROW = 5;

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final ReplayRequests replays = new ReplayRequests();
    final Breaker breaker = new Breaker(UNREADABLE_IN_A_ROW);
    private final PlainFormat format = new PlainFormat();
    private final TopologyTestDriver driver;
    private long offsetClock = Instant.parse("2025-06-01T00:00:00Z").toEpochMilli();

    Driver(Rules rules) {
        this(rules, new RecordLimits(TOPICS.maxRecordBytes(), List.of(), Map.of()));
    }

    Driver(Rules rules, RecordLimits limits) {
        this(rules, limits, null);
    }

    private Driver(Rules rules, RecordLimits limits, RawKeys missed) {
        var properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, TOPICS.enricherApplicationId());
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, "target/driver-state");
        var topology = EnricherTopology.build(
                TOPICS,
                rules,
                format,
                new EnricherMetrics(meters),
                breaker,
                replays,
                limits,
                missed,
                Stores::inMemoryKeyValueStore);
        driver = new TopologyTestDriver(topology, properties, Instant.ofEpochMilli(offsetClock));
    }

    Driver() {
        this(RULES);
    }

    void device(DeviceRecord device) {
        byte[] value = format.serializer(TOPICS.rawDevices()).serialize("", device.raw());
        send(TOPICS.rawDevices(), Keys.of(device.account(), device.id()), value);
    }

    void apps(AppsRecord apps) {
        byte[] value = format.serializer(TOPICS.rawApps()).serialize("", apps.raw());
        send(TOPICS.rawApps(), Keys.of(apps.account(), apps.id()), value);
    }

    void deviceGone(String id) {
        send(TOPICS.rawDevices(), Keys.of("acme", id), null);
    }

    void appsGone(String id) {
        send(TOPICS.rawApps(), Keys.of("acme", id), null);
    }

    /** @param cause as in the tombstone's header */
    void deviceGone(String id, String cause) {
        send(TOPICS.rawDevices(), Keys.of("acme", id), null, because(cause));
    }

    /** @param cause as in the tombstone's header */
    void appsGone(String id, String cause) {
        send(TOPICS.rawApps(), Keys.of("acme", id), null, because(cause));
    }

    private static Headers because(String cause) {
        return new RecordHeaders().add(TombstoneHeaders.CAUSE, cause.getBytes(StandardCharsets.UTF_8));
    }

    /** One raw record, as it was published or as it is read again. */
    void record(Step step) {
        if (step instanceof Step.OfDevice device) {
            device(device.device());
        } else if (step instanceof Step.OfApps apps) {
            apps(apps.apps());
        } else if (step instanceof Step.DeviceGone gone) {
            gone(TOPICS.rawDevices(), Keys.of("acme", gone.id()), gone.cause(), gone.sweep(), gone.at());
        } else if (step instanceof Step.AppsGone gone) {
            gone(TOPICS.rawApps(), Keys.of("acme", gone.id()), gone.cause(), gone.sweep(), gone.at());
        } else {
            throw new IllegalArgumentException("Not a record: " + step);
        }
    }

    private void gone(Topic<?> topic, String key, String cause, String sweep, Instant at) {
        Headers headers = because(cause);
        if (sweep != null) {
            headers.add(TombstoneHeaders.SWEEP_ID, sweep.getBytes(StandardCharsets.UTF_8));
            byte[] time = String.valueOf(at.toEpochMilli()).getBytes(StandardCharsets.UTF_8);
            headers.add(TombstoneHeaders.OBSERVED_AT, time);
        }
        driver.createInputTopic(topic.name(), new StringSerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key, null, headers, at));
    }

    void send(Topic<?> topic, String key, byte[] value) {
        send(topic, key, value, new RecordHeaders());
    }

    void send(Topic<?> topic, String key, byte[] value, Headers headers) {
        offsetClock += 1000;
        driver.createInputTopic(topic.name(), new StringSerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key, value, headers, offsetClock));
    }

    /** Lets the wall clock pass, so that scheduled work runs. */
    void pass(Duration time) {
        driver.advanceWallClockTime(time);
    }

    /** A driver with other rules that goes on with this one's state; this one is closed. */
    Driver restartedWith(Rules rules) {
        var next = new Driver(rules, null, this);
        close();
        return next;
    }

    /** A driver that goes on with this one's state after a long absence; this one is closed. */
    Driver restartedAfterAbsence(Rules rules, RawKeys missed) {
        var next = new Driver(rules, missed, this);
        close();
        return next;
    }

    private Driver(Rules rules, RawKeys missed, Driver before) {
        this(rules, new RecordLimits(TOPICS.maxRecordBytes(), List.of(), Map.of()), missed);
        offsetClock = before.offsetClock;
        for (String name : List.of(EnricherTopology.DEVICE_STORE, EnricherTopology.USER_STORE)) {
            try (var entries = before.store(name).all()) {
                entries.forEachRemaining(entry -> store(name).put(entry.key, entry.value));
            }
        }
    }

    KeyValueStore<Bytes, byte[]> store(String name) {
        return driver.getKeyValueStore(name);
    }

    /** What was told on a topic since it was last asked for. */
    <V> List<TestRecord<String, V>> told(Topic<V> topic) {
        var out = driver.createOutputTopic(topic.name(), new StringDeserializer(), format.deserializer(topic));
        return new ArrayList<>(out.readRecordsToList());
    }

    /** One record on its way to the users. */
    record ToUsers(TestRecord<byte[], byte[]> record) {}

    /** What went to the users since that was last asked for. */
    List<ToUsers> toUsers() {
        return driver
                .createOutputTopic(TOPICS.userContributions(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList()
                .stream()
                .map(ToUsers::new)
                .toList();
    }

    /** It is read once more. */
    void again(ToUsers way) {
        driver.createInputTopic(TOPICS.userContributions(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(way.record());
    }

    /** The last answer of each partition to replays, by key, since they were last asked for. */
    Map<String, Replays.Answer> answers() {
        var answers = new TreeMap<String, Replays.Answer>();
        driver.createOutputTopic(TOPICS.replays().name(), new StringDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList()
                .forEach(record -> answers.put(
                        record.key(),
                        Replays.answer(record.key(), record.value()).orElseThrow()));
        return answers;
    }

    /** Dead letters since they were last asked for. */
    List<TestRecord<String, byte[]>> deadLetters() {
        return driver.createOutputTopic(
                        TOPICS.deadLetters().name(), new StringDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    @Override
    public void close() {
        driver.close();
    }
}
