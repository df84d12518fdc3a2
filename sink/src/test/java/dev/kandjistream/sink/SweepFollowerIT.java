package dev.kandjistream.sink;

import static dev.kandjistream.sink.Pipe.record;
import static dev.kandjistream.sink.Records.usage;
import static dev.kandjistream.sink.Records.usageEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.schemas.Topics;
import dev.kandjistream.sweeps.RawEndOffset;
import dev.kandjistream.sweeps.SweepReceipt;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against a real Kafka Streams application with transactions and a repartition topic, in the enricher's place: it passes what
 * it finds in the raw topic on to the usage topic.
 */
class SweepFollowerIT {
    private static final String APPLIED = "SELECT sweep_id FROM kandji.sweeps WHERE applied_at IS NOT NULL ORDER BY 1";

    @TempDir
    Path state;

    private Pipe pipe;
    private KafkaStreams streams;
    private int published;

    @BeforeEach
    void open() throws Exception {
        pipe = new Pipe();
        pipe.admin
                .createTopics(List.of(new NewTopic(pipe.topics.rawDevices().name(), Pipe.PARTITIONS, (short) 1)))
                .all()
                .get();
        // Streams gives up where it finds no such topic, and a topic just created may not have got about yet.
        SinkServiceIT.awaitTrue(() -> pipe.exists(pipe.topics.rawDevices().name()));
        streams = passOn();
    }

    @AfterEach
    void close() {
        stopStreams();
        pipe.close();
    }

    @Test
    void sweepIsAppliedOnlyWhenEverythingItPublishedStandsInTheTables() throws Exception {
        streams.start();
        pipe.startSink();
        for (int sweep = 1; sweep <= 4; sweep++) {
            publishSweep("s" + sweep, 300);
            String id = "s" + sweep;
            pipe.judge.await(APPLIED, id);
            assertThat(pipe.judge.number("SELECT count(*) FROM kandji.usage_events"))
                    .isEqualTo(published);
            assertThat(pipe.judge.rows("SELECT pending_end_offsets FROM kandji.sweeps"))
                    .containsExactly("{}");
        }
    }

    @Test
    void sweepWaitsForTheEnricherAndANewerOneThatPublishedNothingWaitsForIt() throws Exception {
        pipe.startSink();
        publishSweep("s1", 10);
        pipe.judge.await("SELECT sweep_id FROM kandji.sweeps", "s1");
        publishSweep("s2", 0);
        pipe.judge.await("SELECT sweep_id, raw_end_offsets FROM kandji.sweeps", "s2|{}");
        assertThat(pipe.judge.rows(APPLIED)).isEmpty();

        streams.start();

        pipe.judge.await(APPLIED, "s2");
        assertThat(pipe.judge.number("SELECT count(*) FROM kandji.usage_events"))
                .isEqualTo(10);
    }

    @Test
    void markersOfAbortedTransactionsAtTheEndsHoldNothingUp() throws Exception {
        streams.start();
        pipe.startSink();
        publishSweep("s1", 50);
        pipe.judge.await(APPLIED, "s1");

        List<ProducerRecord<byte[], byte[]>> nothing = new ArrayList<>();
        for (String topic : List.of(
                pipe.topics.rawDevices().name(),
                pipe.topics.userContributions(),
                pipe.topics.usage().name())) {
            for (int partition = 0; partition < Pipe.PARTITIONS; partition++) {
                nothing.add(new ProducerRecord<>(topic, partition, new byte[] {1}, new byte[] {1}));
            }
        }
        pipe.abort(nothing);
        publishSweep("s2", 1);
        pipe.abort(nothing);

        pipe.judge.await(APPLIED, "s2");
        assertThat(pipe.judge.number("SELECT count(*) FROM kandji.usage_events"))
                .isEqualTo(51);
    }

    /** The enricher does not read the topic unconfirmed, and never commits an offset there. */
    @Test
    void offsetsOfTopicsThatTheEnricherDoesNotReadAreNotWaitedFor() throws Exception {
        pipe.admin
                .createTopics(List.of(new NewTopic(pipe.topics.unconfirmed().name(), Pipe.PARTITIONS, (short) 1)))
                .all()
                .get();
        SinkServiceIT.awaitTrue(() -> pipe.exists(pipe.topics.unconfirmed().name()));
        streams.start();
        pipe.startSink();
        publishSweep("s1", 50, 20);
        pipe.judge.await(APPLIED, "s1");
        assertThat(pipe.judge.number("SELECT count(*) FROM kandji.usage_events"))
                .isEqualTo(50);

        publishSweep("s2", 0, 20);
        pipe.judge.await(APPLIED, "s2");
    }

    private void publishSweep(String sweep, int records) throws Exception {
        publishSweep(sweep, records, 0);
    }

    /** Raw records and receipt in one transaction, like the poller's; the receipt names the end of the records. */
    private void publishSweep(String sweep, int records, int unconfirmed) throws Exception {
        var producer = pipe.producer();
        producer.beginTransaction();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < records; i++, published++) {
            String user = "u" + published;
            sent.add(producer.send(record(
                    pipe.topics.rawDevices(),
                    "acme/" + user + "/com.app",
                    usageEvent("e" + published, "started", "c", null, usage(user, "com.app", "1")))));
        }
        for (int i = 0; i < unconfirmed; i++) {
            sent.add(producer.send(record(pipe.topics.unconfirmed(), "acme/d" + i, new byte[] {1})));
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (Future<RecordMetadata> one : sent) {
            var where = new TopicPartition(one.get().topic(), one.get().partition());
            ends.merge(where, one.get().offset() + 1, Math::max);
        }
        List<RawEndOffset> offsets = new ArrayList<>();
        ends.forEach((partition, end) -> offsets.add(new RawEndOffset(partition.topic(), partition.partition(), end)));
        SweepReceipt receipt = Records.receipt(
                "devices", sweep, Instant.parse("2026-03-02T08:00:00Z").plusSeconds(published), offsets);
        producer.send(record(pipe.topics.sweeps(), "acme/devices", receipt));
        producer.commitTransaction();
    }

    private KafkaStreams passOn() {
        Topics topics = pipe.topics;
        var bytes = Serdes.ByteArray();
        var builder = new StreamsBuilder();
        builder.stream(topics.rawDevices().name(), Consumed.with(bytes, bytes))
                .repartition(Repartitioned.with(bytes, bytes)
                        .withName(Topics.USER_CONTRIBUTIONS)
                        .withNumberOfPartitions(Pipe.PARTITIONS))
                .to(topics.usage().name(), Produced.with(bytes, bytes));
        var properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, topics.enricherApplicationId());
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, Servers.bootstrapServers());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        properties.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        return new KafkaStreams(builder.build(), properties);
    }

    private void stopStreams() {
        streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(Duration.ofSeconds(10)));
    }
}
