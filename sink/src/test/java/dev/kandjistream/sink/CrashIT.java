package dev.kandjistream.sink;

import static dev.kandjistream.sink.Pipe.record;
import static dev.kandjistream.sink.Records.usage;
import static dev.kandjistream.sink.Records.usageEvent;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever dies in the middle: afterwards every event stands in history once, and every key in its last state. */
class CrashIT {
    private static final int KEYS = 400;
    private Pipe pipe;
    private int published;

    @BeforeEach
    void open() {
        pipe = new Pipe();
    }

    @AfterEach
    void close() {
        pipe.close();
    }

    @Test
    void connectionsKilledInTheMiddleOfBatchesLoseAndDoubleNothing() {
        pipe.startSink(pipe.config(2, 100));
        for (int round = 0; round < 6; round++) {
            publish(1_000);
            long before = round * 1_000L;
            pipe.judge.await("SELECT count(*) FROM kandji.usage_events", rows -> Long.parseLong(rows.get(0)) > before);
            pipe.judge.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE application_name = 'kandji-stream sink' AND datname = current_database()");
        }
        awaitEverything();
    }

    @Test
    void sinkClosedAndStartedAgainGoesOnWhereItStopped() {
        for (int round = 0; round < 4; round++) {
            SinkService sink = pipe.startSink(pipe.config(2, 50));
            publish(1_000);
            long before = round * 1_000L;
            pipe.judge.await("SELECT count(*) FROM kandji.usage_events", rows -> Long.parseLong(rows.get(0)) > before);
            sink.close();
            assertThat(sink.failure()).isEmpty();
        }
        pipe.startSink();
        awaitEverything();
    }

    @Test
    void twoSinksThatComeAndGoShareTheWorkWithoutLosingOrDoublingAnything() {
        SinkService first = pipe.startSink(pipe.config(1, 50));
        publish(1_000);
        SinkService second = pipe.startSink(pipe.config(2, 50));
        publish(1_000);
        pipe.judge.await("SELECT count(*) FROM kandji.usage_events", rows -> Long.parseLong(rows.get(0)) > 500);
        first.close();
        publish(1_000);
        awaitEverything();
        assertThat(second.failure()).isEmpty();
    }

    @Test
    void databaseRestartedUnderTheSinkIsWaitedFor() {
        SinkService sink = pipe.startSink(pipe.config(2, 100));
        publish(1_000);
        pipe.judge.await("SELECT count(*) > 0 FROM kandji.usage_events", "t");

        Servers.stopPostgres();
        publish(1_000);
        SinkServiceIT.awaitTrue(() ->
                sink.notReady().filter(reason -> reason.startsWith("database")).isPresent());
        Servers.startPostgresAgain();

        awaitEverything();
        SinkServiceIT.awaitTrue(() -> sink.notReady().isEmpty());
    }

    private void publish(int events) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < events; i++, published++) {
            String user = "u" + published % KEYS;
            records.add(record(
                    pipe.topics.usage(),
                    "acme/" + user + "/com.app",
                    usageEvent("e" + published, "updated", "u", null, usage(user, "com.app", "v" + published))));
            if (records.size() == 100) {
                pipe.commit(records);
                records.clear();
            }
        }
        pipe.commit(records);
    }

    private void awaitEverything() {
        pipe.judge.await(
                "SELECT count(*), count(DISTINCT event_id) FROM kandji.usage_events", published + "|" + published);
        List<String> expected = new ArrayList<>();
        for (int last = published - KEYS; last < published; last++) {
            expected.add("{v" + last + "}");
        }
        pipe.judge.await("SELECT versions FROM kandji.usage ORDER BY substr(versions[1], 2)::int", expected::equals);
        assertThat(pipe.count("sink.conflicts")).isZero();
        assertThat(pipe.count("sink.dead.letters")).isZero();
    }
}
