package dev.kandjistream.sink;

import static dev.kandjistream.sink.Pipe.record;
import static dev.kandjistream.sink.Records.usage;
import static dev.kandjistream.sink.Records.usageEvent;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever a topic loses, no row goes with it: rows stand until a record or an operator removes them. */
@Tag("recovery")
class UnbackedRowsIT {
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
    void topicDeletedUnderTheRunningSinkAndCreatedAgainKeepsTheRowsAndTakesNewRecords() {
        SinkService sink = pipe.startSink();
        pipe.commit(event("e1", "u1", "1"), event("e2", "u2", "1"), event("e3", "u3", "1"));
        pipe.judge.await(CURRENT, "u1|{1}", "u2|{1}", "u3|{1}");
        assertThat(sink.notReady()).isEmpty();

        pipe.delete(pipe.topics.usage());
        awaitComplaint(sink, "3 rows");
        assertThat(sink.notReady().orElseThrow()).contains(pipe.topics.usage().name() + " does not exist");
        // The others flow.
        pipe.commit(record(
                pipe.topics.users(),
                "acme/u1",
                Records.userEvent("e9", "discovered", "c", null, Records.user("u1", 1))));
        pipe.judge.await("SELECT user_id FROM kandji.users", "u1");

        pipe.createAgain(pipe.topics.usage(), 1);
        awaitComplaint(sink, "3 rows");
        pipe.commit(
                event("f2", "u2", "2"), event("f4", "u4", "1"), record(pipe.topics.usage(), "acme/u3/com.app", (byte[])
                        null));

        pipe.judge.await(CURRENT, "u1|{1}", "u2|{2}", "u4|{1}");
        awaitComplaint(sink, "1 row ");
        assertThat(sink.notReady().orElseThrow())
                .contains(
                        "Topic " + pipe.topics.usage().name(), "kandji.usage", "kandji-stream rebuild --entity usage");
        assertThat(pipe.gauge("sink.topics.replaced")).isEqualTo(1);
        assertThat(pipe.gauge("sink.unbacked.rows")).isEqualTo(1);
        assertThat(pipe.count("sink.rebuilds")).isZero();
        assertThat(pipe.count("sink.conflicts")).isZero();

        // The last row that stood comes by: all is well by itself.
        pipe.commit(event("f1", "u1", "2"));
        pipe.judge.await(CURRENT, "u1|{2}", "u2|{2}", "u4|{1}");
        SinkServiceIT.awaitTrue(() -> sink.notReady().isEmpty());
        assertThat(pipe.gauge("sink.unbacked.rows")).isZero();
    }

    @Test
    void topicCreatedAgainEmptyWhileTheSinkWasAwayKeepsTheRows() {
        SinkService sink = pipe.startSink();
        pipe.commit(event("e1", "u1", "1"));
        pipe.judge.await(CURRENT, "u1|{1}");
        sink.close();

        pipe.delete(pipe.topics.usage());
        SinkService again = pipe.startSink();

        awaitComplaint(again, "1 row ");
        assertThat(pipe.judge.rows(CURRENT)).containsExactly("u1|{1}");
        again.close();
        awaitComplaint(pipe.startSink(), "1 row ");
        assertThat(pipe.judge.rows(CURRENT)).containsExactly("u1|{1}");
        assertThat(pipe.judge.rows(HISTORY)).containsExactly("1");
    }

    @Test
    void topicRefilledWithTheSameEventsBacksTheRowsAgainAndIsNoConflict() {
        SinkService sink = pipe.startSink();
        pipe.commit(event("e1", "u1", "1"), event("e2", "u2", "1"));
        pipe.judge.await(CURRENT, "u1|{1}", "u2|{1}");
        pipe.delete(pipe.topics.usage());
        pipe.createAgain(pipe.topics.usage(), Pipe.PARTITIONS);
        awaitComplaint(sink, "2 rows");

        pipe.commit(event("e1", "u1", "1"), event("e2", "u2", "1"));

        SinkServiceIT.awaitTrue(() -> sink.notReady().isEmpty());
        assertThat(pipe.judge.rows(CURRENT)).containsExactly("u1|{1}", "u2|{1}");
        assertThat(pipe.judge.rows(HISTORY)).containsExactly("2");
        assertThat(pipe.count("sink.conflicts")).isZero();
        assertThat(pipe.count("sink.reread.events")).isEqualTo(2);
    }

    @Test
    void recordsDeletedUnderTheRunningSinkKeepTheRows() {
        SinkService sink = pipe.startSink();
        pipe.commit(event("e1", "u1", "1"), event("e2", "u2", "1"), event("e3", "u3", "1"));
        pipe.judge.await(CURRENT, "u1|{1}", "u2|{1}", "u3|{1}");

        pipe.cut(pipe.topics.usage());

        awaitComplaint(sink, "3 rows");
        assertThat(sink.notReady().orElseThrow()).contains("records at its beginning were deleted");
        pipe.commit(event("e4", "u1", "2"));
        pipe.judge.await(CURRENT, "u1|{2}", "u2|{1}", "u3|{1}");
    }

    @Test
    void recordsDeletedBeforeTheyWereReadKeepTheRowsThatTheyPerhapsEnded() {
        SinkService sink = pipe.startSink();
        pipe.commit(event("e1", "u1", "1"), event("e2", "u2", "1"));
        pipe.judge.await(CURRENT, "u1|{1}", "u2|{1}");
        sink.close();

        pipe.commit(record(pipe.topics.usage(), "acme/u1/com.app", (byte[]) null));
        pipe.cut(pipe.topics.usage());
        pipe.commit(event("e5", "u2", "2"));
        SinkService again = pipe.startSink();

        pipe.judge.await(CURRENT, "u1|{1}", "u2|{2}");
        awaitComplaint(again, "1 row ");
        assertThat(pipe.count("sink.rebuilds")).isZero();
    }

    @Test
    void fewerRecordsThanTheTableHasReadKeepTheRows() {
        SinkService sink = pipe.startSink();
        pipe.commit(event("e1", "u1", "1"), event("e2", "u2", "1"));
        pipe.judge.await(CURRENT, "u1|{1}", "u2|{1}");
        sink.close();
        // As after the loss of a log's tail: positions beyond the end of the same topic, and a row of a record that is
        // lost.
        pipe.judge.execute(
                "UPDATE kandji.sink_offsets SET next_offset = next_offset + 1000 WHERE topic LIKE '%.usage'");
        pipe.judge.execute("INSERT INTO kandji.usage SELECT (jsonb_populate_record(u, '{\"user_id\": \"lost\","
                + " \"record_key\": \"acme/lost/com.app\"}')).* FROM kandji.usage u WHERE user_id = 'u1'");

        SinkService again = pipe.startSink();

        awaitComplaint(again, "1 row ");
        assertThat(again.notReady().orElseThrow()).contains("records at its end were lost");
        pipe.judge.await(CURRENT, "lost|{1}", "u1|{1}", "u2|{1}");
        pipe.commit(event("e3", "u3", "1"));
        pipe.judge.await(CURRENT, "lost|{1}", "u1|{1}", "u2|{1}", "u3|{1}");
        assertThat(pipe.count("sink.conflicts")).isZero();
    }

    @Test
    void receiptsAreKeptAsWell() {
        SinkService sink = pipe.startSink();
        pipe.commit(record(
                pipe.topics.sweeps(), "acme/devices", Records.receipt("devices", "s1", Records.OBSERVED, List.of())));
        pipe.judge.await("SELECT account_id FROM kandji.accounts", "acme");
        pipe.delete(pipe.topics.sweeps());
        pipe.createAgain(pipe.topics.sweeps(), 1);

        awaitComplaint(sink, "1 row ");
        assertThat(pipe.judge.rows("SELECT sweep_id FROM kandji.sweeps")).containsExactly("s1");
        assertThat(pipe.judge.rows("SELECT account_id FROM kandji.accounts")).containsExactly("acme");
    }

    private static void awaitComplaint(SinkService sink, String text) {
        SinkServiceIT.awaitTrue(() -> sink.notReady().orElse("").contains(text));
    }

    private ProducerRecord<byte[], byte[]> event(String id, String user, String version) {
        return record(
                pipe.topics.usage(),
                "acme/" + user + "/com.app",
                usageEvent(id, "started", "c", null, usage(user, "com.app", version)));
    }
}
