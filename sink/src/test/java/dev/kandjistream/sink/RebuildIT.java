package dev.kandjistream.sink;

import static dev.kandjistream.sink.Pipe.record;
import static dev.kandjistream.sink.Records.usage;
import static dev.kandjistream.sink.Records.usageEvent;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the topic can no longer tell what happened since: current tables are rebuilt from it, history stays. */
class RebuildIT {
    private static final String CURRENT = "SELECT user_id, versions FROM kandji.usage ORDER BY 1";
    private static final String HISTORY = "SELECT count(*) FROM kandji.usage_events";
    private Pipe pipe;

    @BeforeEach
    void open() {
        pipe = new Pipe();
    }

    @AfterEach
    void close() {
        pipe.close();
    }

    @Test
    void recreatedTopicReplacesTheCurrentRowsWhileTheSinkRuns() throws Exception {
        pipe.startSink();
        pipe.commit(event("e1", "u1", "1"), event("e2", "u2", "1"), event("e3", "u3", "1"));
        pipe.judge.await(CURRENT, "u1|{1}", "u2|{1}", "u3|{1}");

        recreate(1);
        pipe.newProducer();
        pipe.commit(event("e2", "u2", "1"), event("e4", "u4", "1"));

        pipe.judge.await(CURRENT, "u2|{1}", "u4|{1}");
        pipe.judge.await(HISTORY, "4");
        pipe.judge.await("SELECT count(*) FROM kandji.sink_offsets WHERE topic LIKE '%.usage'", "1");
        assertThat(pipe.count("sink.conflicts")).isZero();
        assertThat(pipe.count("sink.reread.events")).isEqualTo(1);
        assertThat(pipe.count("sink.rebuilds")).isGreaterThanOrEqualTo(1);
    }

    @Test
    void topicRecreatedEmptyEmptiesTheTable() throws Exception {
        SinkService sink = pipe.startSink();
        pipe.commit(event("e1", "u1", "1"));
        pipe.judge.await(CURRENT, "u1|{1}");
        sink.close();

        recreate(Pipe.PARTITIONS);
        pipe.startSink();

        pipe.judge.await(CURRENT);
        assertThat(pipe.judge.rows(HISTORY)).containsExactly("1");
        pipe.judge.await("SELECT count(*) FROM kandji.sink_offsets WHERE rebuild_until IS NOT NULL", "0");
    }

    @Test
    void positionBeforeTheBeginningOfTheLogRebuilds() throws Exception {
        SinkService sink = pipe.startSink();
        pipe.commit(event("e1", "u1", "1"), event("e2", "u2", "1"), event("e3", "u3", "1"));
        pipe.judge.await(CURRENT, "u1|{1}", "u2|{1}", "u3|{1}");
        sink.close();

        // u1 ended, and the log was cut before the sink could read so.
        pipe.commit(record(pipe.topics.usage(), "acme/u1/com.app", (byte[]) null));
        cutLog();
        pipe.commit(event("e5", "u2", "2"), event("e6", "u4", "1"));
        pipe.startSink();

        // u3 lives in another partition, where nothing was lost unread.
        pipe.judge.await(CURRENT, "u2|{2}", "u3|{1}", "u4|{1}");
        pipe.judge.await(HISTORY, "5");
        assertThat(pipe.count("sink.conflicts")).isZero();
    }

    @Test
    void logCutUnderTheRunningSinkIsNoticedWhenTheBrokerRefusesToRead() throws Exception {
        pipe.startSink();
        pipe.commit(event("e1", "u1", "1"), event("e2", "u2", "1"));
        pipe.judge.await(CURRENT, "u1|{1}", "u2|{1}");

        // As after a loss of data: the stored positions lie beyond the end, under the same topic id.
        pipe.close();
        pipe.judge.execute(
                "UPDATE kandji.sink_offsets SET next_offset = next_offset + 1000 WHERE topic LIKE '%.usage'");
        pipe.judge.execute("UPDATE kandji.usage SET user_id = 'stray', record_key = 'acme/stray/com.app'"
                + " WHERE user_id = 'u1'");
        try (var reopened = new SinkHandle(pipe)) {
            pipe.judge.await(CURRENT, "u1|{1}", "u2|{1}");
            reopened.assertRunning();
        }
    }

    @Test
    void sinkThatWasAwayForLongerThanNullRecordsStayRebuilds() {
        SinkService sink = pipe.startSink();
        pipe.commit(event("e1", "u1", "1"), event("e2", "u2", "1"));
        pipe.judge.await(CURRENT, "u1|{1}", "u2|{1}");
        sink.close();
        // What a removal leaves that was compacted away unread: a row whose key the topic does not know.
        pipe.judge.execute("UPDATE kandji.usage SET user_id = 'stray', record_key = 'acme/stray/com.app'"
                + " WHERE user_id = 'u1'");
        pipe.startSink().close();
        assertThat(pipe.judge.rows(CURRENT)).as("in time, nothing is rebuilt").containsExactly("stray|{1}", "u2|{1}");

        pipe.judge.execute("UPDATE kandji.sink_offsets SET caught_up_at = now() - interval '31 days'");
        pipe.startSink();

        pipe.judge.await(CURRENT, "u1|{1}", "u2|{1}");
        assertThat(pipe.judge.rows(HISTORY)).containsExactly("2");
    }

    @Test
    void operatorAsksForARebuildByRemovingTheTopicId() {
        SinkService sink = pipe.startSink();
        pipe.commit(event("e1", "u1", "1"), event("e2", "u2", "1"));
        pipe.judge.await(CURRENT, "u1|{1}", "u2|{1}");
        sink.close();
        pipe.judge.execute("UPDATE kandji.usage SET versions = '{wrong}'");
        pipe.judge.execute("UPDATE kandji.sink_offsets SET topic_id = NULL");

        pipe.startSink();

        pipe.judge.await(CURRENT, "u1|{1}", "u2|{1}");
    }

    private ProducerRecord<byte[], byte[]> event(String id, String user, String version) {
        return record(
                pipe.topics.usage(),
                "acme/" + user + "/com.app",
                usageEvent(id, "started", "c", null, usage(user, "com.app", version)));
    }

    private void recreate(int partitions) throws Exception {
        String name = pipe.topics.usage().name();
        pipe.admin.deleteTopics(List.of(name)).all().get();
        SinkServiceIT.awaitTrue(() -> {
            try {
                pipe.admin
                        .createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                        .all()
                        .get();
                return true;
            } catch (Exception e) {
                return false;
            }
        });
    }

    private void cutLog() throws Exception {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int i = 0; i < Pipe.PARTITIONS; i++) {
            latest.put(new TopicPartition(pipe.topics.usage().name(), i), OffsetSpec.latest());
        }
        Map<TopicPartition, RecordsToDelete> cut = new HashMap<>();
        pipe.admin
                .listOffsets(latest)
                .all()
                .get()
                .forEach((partition, end) -> cut.put(partition, RecordsToDelete.beforeOffset(end.offset())));
        pipe.admin.deleteRecords(cut).all().get();
    }

    /** A sink beside a pipe that is closed. */
    private record SinkHandle(SinkService service) implements AutoCloseable {
        SinkHandle(Pipe pipe) {
            this(new SinkService(pipe.config(), pipe.metrics, pipe.deserializers, admin -> {}));
            service.start();
        }

        void assertRunning() {
            assertThat(service.failure()).isEmpty();
        }

        @Override
        public void close() {
            service.close();
        }
    }
}
