package dev.kandjistream.poller.kafka;

import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.embedded.EmbeddedRegistry;
import dev.kandjistream.poller.domain.AppsJudge;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.EvidenceRules;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.Verdict;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** A broker, and publishers on it; each test is an account of its own. */
abstract class PublishingStage {
    static final Topics TOPICS = new Topics("kandji");

    @TempDir
    static Path directory;

    static EmbeddedKafka broker;
    private static EmbeddedRegistry registry;
    static Map<String, Object> kafka;

    private final List<CommandLog> logs = new ArrayList<>();
    private final List<Destinations> asking = new ArrayList<>();
    final List<SweepPublisher> publishers = new ArrayList<>();
    String account;

    @BeforeAll
    static void start() {
        broker = EmbeddedKafka.start(directory);
        registry = EmbeddedRegistry.start(0, Map.of("bootstrap.servers", broker.bootstrapServers()), "_schemas");
        kafka = Map.of("bootstrap.servers", broker.bootstrapServers(), "schema.registry.url", registry.url());
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            TopicAdmin.ensure(admin, TOPICS, (short) 1);
        }
    }

    @AfterAll
    static void stop() {
        registry.close();
        broker.close();
    }

    @BeforeEach
    void name(TestInfo test) {
        account = test.getTestMethod().orElseThrow().getName().toLowerCase();
    }

    @AfterEach
    void close() {
        publishers.forEach(SweepPublisher::close);
        logs.forEach(CommandLog::close);
        asking.forEach(Destinations::close);
    }

    /** As a poller has one, which has read nothing yet. */
    final CommandLog commandLog() {
        return commandLog(TOPICS);
    }

    final CommandLog commandLog(Topics topics) {
        var log = new CommandLog(topics, kafka);
        logs.add(log);
        return log;
    }

    /** As a poller has them, which has asked for nothing yet. */
    final Destinations destinations() {
        return destinations(TOPICS);
    }

    final Destinations destinations(Topics topics) {
        var asked = new Destinations(topics, kafka, (short) 1, Duration.ZERO);
        asking.add(asked);
        return asked;
    }

    final RecordLimits limits(Topics topics) {
        return new RecordLimits(topics.maxRecordBytes(), SweepPublisher.topics(topics), kafka);
    }

    final SweepPublisher publisher(long bytesPerTransaction) throws InterruptedException {
        return publisher(bytesPerTransaction, commandLog());
    }

    final SweepPublisher publisher(long bytesPerTransaction, CommandLog commands) throws InterruptedException {
        return publisher(bytesPerTransaction, commands, System::currentTimeMillis);
    }

    final SweepPublisher publisher(long bytesPerTransaction, CommandLog commands, LongSupplier clock)
            throws InterruptedException {
        var publisher = new SweepPublisher(
                TOPICS,
                kafka,
                SweepPublisher.partitionOf(account),
                clock,
                Alone.of(TOPICS, kafka),
                commands,
                destinations(),
                limits(TOPICS),
                bytesPerTransaction);
        publishers.add(publisher);
        publisher.open();
        return publisher;
    }

    final SweepFacts facts() {
        return factsOf(null);
    }

    final SweepFacts factsOf(String tenant) {
        return facts(Ledger.APPS, System.currentTimeMillis(), tenant);
    }

    final SweepFacts facts(String kind, long startedAt) {
        return facts(kind, startedAt, null);
    }

    private SweepFacts facts(String kind, long startedAt, String tenant) {
        return new SweepFacts(
                account,
                kind,
                startedAt,
                "CONNECTED",
                null,
                OptionalInt.empty(),
                1,
                1,
                1,
                OptionalLong.empty(),
                1,
                1,
                1,
                OptionalLong.empty(),
                tenant);
    }

    static Function<Ledger, Verdict> judge(AppsSweep sweep) {
        return ledger -> AppsJudge.judge(ledger, sweep, EvidenceRules.DEFAULT, System.currentTimeMillis());
    }

    /** What a {@code read_committed} reader sees of the account, per partition in order. */
    final List<ConsumerRecord<String, byte[]>> committed(String topic) {
        TransactionMarkers.awaitWritten(broker.bootstrapServers());
        var found = new ArrayList<ConsumerRecord<String, byte[]>>();
        Map<String, Object> properties =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    if (record.key().startsWith(account + "/")) {
                        found.add(record);
                    }
                }
            }
        }
        return found;
    }
}
