package dev.kandjistream.sink;

import static dev.kandjistream.sink.Pipe.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.decisions.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Decisions become rows that are added and never changed, each once. */
class DecisionsIT {
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
    void decisionsStandInTheirTableOnceAlsoWhenTheTopicIsReadAgain() {
        SinkService sink = pipe.startSink();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            records.add(of(Records.denied("d" + i, "d" + i % 5)));
        }
        records.add(20, of(unfit()));
        records.add(record(pipe.topics.decisions(), "SN-D1", (byte[]) null));
        pipe.commit(records);
        pipe.judge.await("SELECT count(*) FROM kandji.decisions", "50");
        assertThat(pipe.deadLetters(2))
                .extracting(letter -> Pipe.header(letter, "deadletter.cause"))
                .anySatisfy(cause -> assertThat(cause).contains("database", "index row"))
                .anySatisfy(cause -> assertThat(cause).contains("must not be null"));
        assertThat(pipe.count("sink.conflicts")).isZero();
        sink.close();

        pipe.judge.execute("UPDATE kandji.sink_offsets SET topic_id = NULL");
        pipe.startSink();
        pipe.commit(of(Records.unknown("one more")));

        pipe.judge.await("SELECT count(*) FROM kandji.decisions", "51");
        pipe.judge.await("SELECT count(*) FROM kandji.sink_offsets WHERE rebuild_until IS NOT NULL", "0");
        SinkServiceIT.awaitTrue(() -> pipe.count("sink.reread.events") == 50);
        assertThat(pipe.count("sink.conflicts")).isZero();
    }

    @Test
    void auditorReadsWhyAndOfWhatDevice() {
        var odd = Decision.newBuilder(Records.denied("allowed", "d2"))
                .setDecision("allow")
                .setRule("managed")
                .setMonitored(List.of())
                .setMissing(List.of())
                .setContext(Map.of("no\0te", "a \"quoted\"\0 \\ word"))
                .setAttributes(Map.of("connection", "available", "connection_reason", ""))
                .build();
        pipe.commit(
                record(
                        pipe.topics.devices(),
                        "acme/d1",
                        Records.deviceEvent("e1", "attributed", "c", null, Records.device("d1", "u1"))),
                record(
                        pipe.topics.licenses(),
                        "acme/d1",
                        Records.licenseEvent(
                                "e2",
                                "assigned",
                                "c",
                                "USER_ASSIGNED",
                                Records.OBSERVED,
                                null,
                                Records.license("d1", "u1", Records.OBSERVED))),
                record(pipe.topics.unattributed(), "acme/d2", Records.device("d2", null)),
                record(
                        pipe.topics.sweeps(),
                        "acme/devices",
                        Records.receipt("devices", "s1", Records.OBSERVED, List.of())),
                of(Records.denied("denied", "d1")),
                of(odd),
                of(Records.unknown("unknown")));

        pipe.startSink();

        pipe.judge.await(
                "SELECT (SELECT count(*) FROM kandji.decisions) + (SELECT count(*) FROM kandji.devices)"
                        + " + (SELECT count(*) FROM kandji.unattributed_devices) + (SELECT count(*) FROM kandji.licenses)"
                        + " + (SELECT count(*) FROM kandji.accounts)",
                "7");
        assertThat(
                        pipe.judge.rows(
                                "SELECT decided_at, client, decision, reason, serial_number, user_email, data_age, device_name,"
                                        + " assigned_user_id, license_type, account_connection FROM kandji.decision_audit ORDER BY reason"))
                .containsExactly(
                        "2026-03-01 10:00:00.25+00|sign-in|allow|allowed by managed|SN-D2|ada@acme.example|00:00:41.5|Mac of null"
                                + "|null|null|CONNECTED",
                        "2026-03-01 10:00:00.25+00|sign-in|deny|denied by not-managed; not known: mdm_enabled; noticed by old-system;"
                                + " stale, data_too_old|SN-D1|ada@acme.example|00:00:41.5|Mac of u1|u1|Mac|CONNECTED",
                        "2026-03-01 10:01:00.25+00|sign-in|deny|denied, since no rule matched|NOBODY|null|null|null|null|null|null");
        assertThat(pipe.judge.rows(
                        "SELECT decision_id, context, attributes ->> 'tags', monitored, missing, rule, source,"
                                + " policy_version FROM kandji.decisions ORDER BY decision, rule NULLS LAST"))
                .containsExactly(
                        Records.id("allowed")
                                + "|{\"note\": \"a \\\"quoted\\\" \\\\ word\"}|null|{}|{}|managed|view|9f2c000000000000",
                        Records.id("denied")
                                + "|{\"app\": \"vpn\"}|[\"a \\\"b\\\"\"]|{old-system}|{mdm_enabled}|not-managed|view"
                                + "|9f2c000000000000",
                        Records.id("unknown") + "|{}|null|{}|{}|null|live|9f2c000000000000");
        assertThat(pipe.judge.rows("SELECT * FROM kandji.decision_summary ORDER BY outcome, rule"))
                .containsExactly(
                        "2026-03-01|allow|managed|1|1|1|0|0",
                        "2026-03-01|deny|not-managed|1|1|1|1|0",
                        "2026-03-01|deny|null|1|1|0|0|1",
                        "2026-03-01|monitor|old-system|1|1|1|1|0");
        assertThat(pipe.count("sink.stripped.characters")).isEqualTo(2);
    }

    private ProducerRecord<byte[], byte[]> of(Decision decision) {
        return record(pipe.topics.decisions(), decision.getSerialNumber(), decision);
    }

    /** An index entry has room for some 2,700 bytes, and this serial number does not compress. */
    private static Decision unfit() {
        var random = new Random(7);
        var huge = new StringBuilder();
        while (huge.length() < 20_000) {
            huge.append(Long.toHexString(random.nextLong()));
        }
        return Decision.newBuilder(Records.unknown("unfit"))
                .setSerialNumber(huge.toString())
                .build();
    }
}
