package dev.kandjistream.sink;

import static dev.kandjistream.sink.Pipe.record;
import static dev.kandjistream.sink.Records.usage;
import static dev.kandjistream.sink.Records.usageEvent;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Current tables are made anew from topics that are complete; history stays. */
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

    private ProducerRecord<byte[], byte[]> event(String id, String user, String version) {
        return record(
                pipe.topics.usage(),
                "acme/" + user + "/com.app",
                usageEvent(id, "started", "c", null, usage(user, "com.app", version)));
    }
}
