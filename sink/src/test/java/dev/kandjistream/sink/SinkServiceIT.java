package dev.kandjistream.sink;

import static dev.kandjistream.sink.Pipe.record;
import static dev.kandjistream.sink.Records.device;
import static dev.kandjistream.sink.Records.deviceEvent;
import static dev.kandjistream.sink.Records.usage;
import static dev.kandjistream.sink.Records.usageEvent;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Kafka to PostgreSQL: records made by hand go in, plain SQL looks at what came out. */
class SinkServiceIT {
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
    void eventsBecomeHistoryAndTheLastStateOfEachKeyBecomesCurrent() {
        var first = usage("u1", "com.figma", "1.0");
        var second = usage("u1", "com.figma", "2.0");
        pipe.commit(
                record(pipe.topics.usage(), "acme/u1/com.figma", usageEvent("e1", "started", "c", null, first)),
                record(pipe.topics.usage(), "acme/u1/com.figma", usageEvent("e2", "updated", "u", first, second)),
                record(pipe.topics.devices(), "acme/d1", deviceEvent("e3", "attributed", "c", null, device("d1", "u1"))));
        pipe.abort(record(
                pipe.topics.usage(), "acme/u9/com.ghost", usageEvent("e9", "started", "c", null, usage("u9", "com.ghost", "1"))));

        pipe.startSink();

        pipe.judge.await(
                "SELECT account_id, user_id, app_id, versions, device_ids, first_seen_at, record_key FROM kandji.usage",
                "acme|u1|com.figma|{2.0}|{device-of-u1}|2025-12-24 08:00:00+00|acme/u1/com.figma");
        pipe.judge.await("SELECT tags[2], mdm_enabled, platform FROM kandji.devices", "a \"quoted\", {braced} tag|t|Mac");
        assertThat(pipe.judge.rows("SELECT event_id, event_type, op, cause, sweep_id, observed_at, emitted_at,"
                        + " before->>'versions', after->>'versions', after->>'first_seen_at'"
                        + " FROM kandji.usage_events ORDER BY arrival"))
                .containsExactly(
                        Records.id("e1") + "|usage.started|c|APP_INSTALLED|sweep-1|2026-03-01 10:00:00.25+00|"
                                + "2026-03-01 10:00:01.5+00|null|[\"1.0\"]|2025-12-24T08:00:00.000Z",
                        Records.id("e2") + "|usage.updated|u|APP_INSTALLED|sweep-1|2026-03-01 10:00:00.25+00|"
                                + "2026-03-01 10:00:01.5+00|[\"1.0\"]|[\"2.0\"]|2025-12-24T08:00:00.000Z");
        assertThat(pipe.count("sink.conflicts")).isZero();
    }
}
