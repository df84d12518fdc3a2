package dev.kandjistream.sink;

import static dev.kandjistream.sink.Pipe.record;
import static dev.kandjistream.sink.Records.device;
import static dev.kandjistream.sink.Records.deviceEvent;
import static dev.kandjistream.sink.Records.usage;
import static dev.kandjistream.sink.Records.usageEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.schemas.Topic;
import dev.kandjistream.sink.kafka.RecordReader;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
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
                record(
                        pipe.topics.devices(),
                        "acme/d1",
                        deviceEvent("e3", "attributed", "c", null, device("d1", "u1"))));
        pipe.abort(List.of(record(
                pipe.topics.usage(),
                "acme/u9/com.ghost",
                usageEvent("e9", "started", "c", null, usage("u9", "com.ghost", "1")))));

        pipe.startSink();

        pipe.judge.await(
                "SELECT account_id, user_id, app_id, versions, device_ids, first_seen_at, record_key FROM kandji.usage",
                "acme|u1|com.figma|{2.0}|{device-of-u1}|2025-12-24 08:00:00+00|acme/u1/com.figma");
        pipe.judge.await(
                "SELECT tags[2], mdm_enabled, platform FROM kandji.devices", "a \"quoted\", {braced} tag|t|Mac");
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

    @Test
    void nullRecordAloneRemovesTheRowUnderItsKeyAndAnEndedUsageGoesToo() {
        var one = usage("u1", "com.one", "1");
        var two = usage("u1", "com.two", "1");
        pipe.commit(
                record(pipe.topics.usage(), "acme/u1/com.one", usageEvent("e1", "started", "c", null, one)),
                record(pipe.topics.usage(), "acme/u1/com.two", usageEvent("e2", "started", "c", null, two)),
                record(pipe.topics.unattributed(), "acme/d7", device("d7", null)),
                record(pipe.topics.unattributed(), "acme/d8", device("d8", null)));
        pipe.startSink();
        pipe.judge.await("SELECT count(*) FROM kandji.usage", "2");
        pipe.judge.await("SELECT device_id FROM kandji.unattributed_devices ORDER BY 1", "d7", "d8");

        pipe.commit(
                record(pipe.topics.usage(), "acme/u1/com.one", usageEvent("e3", "ended", "d", one, null)),
                record(pipe.topics.usage(), "acme/u1/com.one", (byte[]) null),
                record(pipe.topics.usage(), "acme/u1/com.two", (byte[]) null),
                record(pipe.topics.usage(), "acme/nobody/com.ever", (byte[]) null),
                record(pipe.topics.unattributed(), "acme/d7", (byte[]) null));

        pipe.judge.await("SELECT count(*) FROM kandji.usage", "0");
        pipe.judge.await("SELECT device_id FROM kandji.unattributed_devices", "d8");
        assertThat(pipe.judge.rows("SELECT op, user_id, app_id, after FROM kandji.usage_events ORDER BY event_id"))
                .contains("d|u1|com.one|null");
        assertThat(pipe.judge.number("SELECT count(*) FROM kandji.usage_events"))
                .isEqualTo(3);
    }

    @Test
    void charactersThatTheDatabaseCannotHoldAreStrippedAndCounted() {
        var app = usage("u1", "com.nul", "1");
        app = dev.kandjistream.usage.Usage.newBuilder(app)
                .setAppName("a\0b \"quoted\" \\ \u00e9 \ud83d\ude00 \t tab")
                .setVersions(List.of("1\0", "2"))
                .build();
        pipe.commit(record(pipe.topics.usage(), "acme/u1/com.nul", usageEvent("e1", "started", "c", null, app)));

        pipe.startSink();

        String expected = "ab \"quoted\" \\ \u00e9 \ud83d\ude00 \t tab";
        pipe.judge.await("SELECT app_name, versions FROM kandji.usage", expected + "|{1,2}");
        pipe.judge.await(
                "SELECT after->>'app_name', after->'versions' FROM kandji.usage_events", expected + "|[\"1\", \"2\"]");
        assertThat(pipe.count("sink.stripped.characters")).isEqualTo(4);
        assertThat(pipe.count("sink.dead.letters")).isZero();
    }

    @Test
    void unreadableRecordGoesToTheDeadLettersAsReceivedAndTheRestFlows() {
        var good = usage("u1", "com.good", "1");
        byte[] rubbish = {0, 0, 0, 0, 1, 42};
        pipe.commit(
                record(pipe.topics.usage(), "acme/u1/com.good", usageEvent("e1", "started", "c", null, good)),
                // The last of its key is unreadable: what was known before it stays.
                record(pipe.topics.usage(), "acme/u1/com.good", rubbish),
                record(pipe.topics.licenses(), "acme/d1", rubbish));

        pipe.startSink();

        pipe.judge.await("SELECT app_id FROM kandji.usage", "com.good");
        var letters = pipe.deadLetters(2);
        assertThat(letters).hasSize(2).allSatisfy(letter -> {
            assertThat(letter.value()).isEqualTo(rubbish);
            assertThat(Pipe.header(letter, "deadletter.cause")).contains("Not dev.kandjistream");
            assertThat(Pipe.header(letter, "deadletter.by")).isEqualTo("sink");
        });
        assertThat(letters)
                .extracting(letter -> new String(letter.key(), StandardCharsets.UTF_8) + " "
                        + Pipe.header(letter, "deadletter.topic") + " " + Pipe.header(letter, "deadletter.offset"))
                .containsExactlyInAnyOrder(
                        "acme/u1/com.good " + pipe.topics.usage().name() + " 1",
                        "acme/d1 " + pipe.topics.licenses().name() + " 0");
        assertThat(pipe.count("sink.dead.letters")).isEqualTo(2);
    }

    @Test
    void recordThatTheDatabaseRefusesIsFoundAmongManyAndBuried() {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            records.add(record(
                    pipe.topics.usage(),
                    "acme/u" + i + "/com.app",
                    usageEvent("e" + i, "started", "c", null, usage("u" + i, "com.app", "1"))));
        }
        // An index entry has room for some 2,700 bytes, and this one does not compress.
        var random = new Random(7);
        var huge = new StringBuilder();
        while (huge.length() < 20_000) {
            huge.append(Long.toHexString(random.nextLong()));
        }
        records.add(
                77,
                record(
                        pipe.topics.usage(),
                        "acme/u-bad/huge",
                        usageEvent("bad", "started", "c", null, usage("u-bad", huge.toString(), "1"))));
        pipe.commit(records);

        pipe.startSink(pipe.config(1, 20_000));

        pipe.judge.await("SELECT count(*) FROM kandji.usage", "200");
        pipe.judge.await("SELECT count(*) FROM kandji.usage_events", "200");
        var letters = pipe.deadLetters(1);
        assertThat(letters).hasSize(1);
        assertThat(new String(letters.get(0).key(), StandardCharsets.UTF_8)).isEqualTo("acme/u-bad/huge");
        assertThat(Pipe.header(letters.get(0), "deadletter.cause")).contains("database", "index row");
    }

    @Test
    void databaseThatRefusesEverythingIsWaitedForInsteadOfBuryingATopic() {
        SinkService sink = pipe.startSink(pipe.config(1, 500));
        awaitTrue(() -> sink.notReady().isEmpty());
        pipe.judge.execute("ALTER TABLE kandji.usage_events ADD CONSTRAINT nothing CHECK (false)");
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            var event = usageEvent("e" + i, "started", "c", null, usage("u" + i, "com.app", "1"));
            records.add(record(pipe.topics.usage(), "acme/u" + i + "/com.app", event));
        }
        pipe.commit(records);
        awaitTrue(() ->
                sink.notReady().filter(reason -> reason.startsWith("database")).isPresent());

        pipe.judge.execute("ALTER TABLE kandji.usage_events DROP CONSTRAINT nothing");

        pipe.judge.await("SELECT count(*) FROM kandji.usage_events", "200");
        assertThat(pipe.deadLetters(100)).hasSize(100);
    }

    @Test
    void sinkWaitsWhileTheRegistryIsAwayAndBuriesNothing() {
        var away = new AtomicBoolean(true);
        pipe.deserializers = new RecordReader.Deserializers() {
            @Override
            public <V> Deserializer<V> of(Topic<V> topic) {
                Deserializer<V> plain = PlainAvro.deserializer(topic);
                return (name, bytes) -> {
                    if (away.get()) {
                        throw new SerializationException("no schema", new ConnectException("refused"));
                    }
                    return plain.deserialize(name, bytes);
                };
            }
        };
        pipe.commit(record(
                pipe.topics.usage(),
                "acme/u1/com.app",
                usageEvent("e1", "started", "c", null, usage("u1", "com.app", "1"))));
        SinkService sink = pipe.startSink();
        awaitTrue(() -> sink.notReady()
                .filter(reason -> reason.startsWith("schema registry"))
                .isPresent());

        away.set(false);

        pipe.judge.await("SELECT app_id FROM kandji.usage", "com.app");
        awaitTrue(() -> sink.notReady().isEmpty());
        assertThat(pipe.count("sink.dead.letters")).isZero();
    }

    @Test
    void receiptsFillSweepsAndAccounts() {
        var monday = Instant.parse("2026-03-02T08:00:00Z");
        pipe.commit(
                record(pipe.topics.sweeps(), "acme/devices", Records.receipt("devices", "s1", monday, List.of())),
                record(
                        pipe.topics.sweeps(),
                        "acme/apps",
                        Records.receipt("apps", "s2", monday.plusSeconds(60), List.of())),
                record(
                        pipe.topics.sweeps(),
                        "acme/devices",
                        Records.receipt("devices", "s3", monday.plusSeconds(300), "UNAUTHORIZED", List.of())));

        pipe.startSink();

        pipe.judge.await(
                "SELECT account_id, kind, sweep_id, verdict, connection, status, claimed_total, quota_spent,"
                        + " unread, confirmed_at, applied_at IS NOT NULL FROM kandji.sweeps ORDER BY kind",
                "acme|apps|s2|COMPLETE|CONNECTED|null|1000|17|3|2026-03-02 08:00:10+00|t",
                "acme|devices|s3|FAILED|UNAUTHORIZED|401|1000|17|3|null|t");
        assertThat(pipe.judge.rows("SELECT connection, connection_since, endpoint, status, last_devices_sweep_at,"
                        + " last_devices_sweep_id, last_apps_sweep_at, last_apps_sweep_id, updated_at,"
                        + " devices_confirmed_at, apps_confirmed_at FROM kandji.accounts"))
                .containsExactly(
                        "UNAUTHORIZED|2026-03-02 08:05:00+00|GET /devices|401|2026-03-02 08:00:00+00|s1|"
                                + "2026-03-02 08:01:00+00|s2|2026-03-02 08:05:00+00|2026-03-02 07:59:10+00|2026-03-02 08:00:10+00");

        pipe.commit(record(pipe.topics.sweeps(), "acme/devices", (byte[]) null));
        pipe.judge.await("SELECT kind FROM kandji.sweeps", "apps");
        pipe.commit(record(pipe.topics.sweeps(), "acme/apps", (byte[]) null));
        pipe.judge.await("SELECT count(*) FROM kandji.accounts", "0");
    }

    static void awaitTrue(BooleanSupplier wish) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!wish.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Judge.pause();
        }
    }
}
