package dev.kandjistream.poller;

import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.embedded.EmbeddedRegistry;
import dev.kandjistream.kandji.ApiUrl;
import dev.kandjistream.poller.domain.EvidenceRules;
import dev.kandjistream.poller.kafka.TransactionMarkers;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.raw.RawDeviceApps;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.sweeps.SweepReceipt;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A real broker and registry, pollers on it, and a plain reader of what they published. */
final class Stage implements AutoCloseable {
    final Topics topics = new Topics("kandji");
    final Map<String, Object> kafka;
    private final Path directory;
    private final EmbeddedRegistry registry;
    private EmbeddedKafka broker;

    Stage(Path directory) {
        this.directory = directory;
        broker = EmbeddedKafka.start(directory);
        registry = EmbeddedRegistry.start(0, Map.of("bootstrap.servers", broker.bootstrapServers()), "_schemas");
        kafka = Map.of("bootstrap.servers", broker.bootstrapServers(), "schema.registry.url", registry.url());
    }

    @Override
    public void close() {
        registry.close();
        broker.close();
    }

    void stopBroker() {
        broker.close();
    }

    /** At the same address, with the same data. */
    void startBroker() {
        String address = broker.bootstrapServers();
        broker = EmbeddedKafka.start(directory, Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
    }

    static PollSettings quick() {
        return PollSettings.defaults()
                .withIntervals(Duration.ofHours(1), Duration.ofHours(1))
                .withQuota(1, 50, 1_000_000)
                .withAttempts(3, Duration.ofSeconds(5))
                .withEvidence(EvidenceRules.DEFAULT);
    }

    static AccountConfig account(String id, KandjiSimulator api) {
        return account(id, api, () -> new Password(String.valueOf(api.token())));
    }

    static AccountConfig account(String id, KandjiSimulator api, Supplier<Password> token) {
        return new AccountConfig(id, ApiUrl.parse(api.url(), true), token, quick());
    }

    PollerService poller(TestClock clock, AccountConfig... accounts) {
        return poller(clock, SweepListener.NONE, accounts);
    }

    PollerService poller(TestClock clock, SweepListener listener, AccountConfig... accounts) {
        return poller(clock, listener, new SimpleMeterRegistry(), accounts);
    }

    PollerService poller(TestClock clock, SweepListener listener, MeterRegistry metrics, AccountConfig... accounts) {
        var config = new PollerConfig(topics, kafka, List.of(accounts), GroupSettings.DEFAULT, (short) 1);
        var poller = new PollerService(config, metrics, listener, clock);
        poller.open();
        return poller;
    }

    static SweepReceipt sweep(PollerService poller, String account, Kind kind) throws Exception {
        return poller.sweepNow(account, kind).get(60, TimeUnit.SECONDS);
    }

    /** Last states by device id, as a {@code read_committed} reader folds them. */
    Map<String, RawDevice> devices(String account) {
        return fold(topics.rawDevices(), account);
    }

    Map<String, RawDeviceApps> apps(String account) {
        return fold(topics.rawApps(), account);
    }

    private <V> Map<String, V> fold(Topic<V> topic, String account) {
        var states = new TreeMap<String, V>();
        for (ConsumerRecord<String, V> record : records(topic, account)) {
            String deviceId = Keys.split(record.key()).get(1);
            if (record.value() == null) {
                states.remove(deviceId);
            } else {
                states.put(deviceId, record.value());
            }
        }
        return states;
    }

    /** Everything committed about an account, per partition in order. */
    <V> List<ConsumerRecord<String, V>> records(Topic<V> topic, String account) {
        TransactionMarkers.awaitWritten(kafka.get("bootstrap.servers"));
        Map<String, Object> properties =
                Map.of("bootstrap.servers", kafka.get("bootstrap.servers"), "isolation.level", "read_committed");
        var found = new ArrayList<ConsumerRecord<String, V>>();
        try (var consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), AvroSerdes.deserializer(topic, kafka))) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(info -> new TopicPartition(topic.name(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (Keys.split(record.key()).get(0).equals(account)) {
                        found.add(record);
                    }
                });
            }
        }
        return found;
    }
}
