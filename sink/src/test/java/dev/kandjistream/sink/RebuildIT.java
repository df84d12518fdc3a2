package dev.kandjistream.sink;

import static dev.kandjistream.sink.Pipe.record;
import static dev.kandjistream.sink.Records.usage;
import static dev.kandjistream.sink.Records.usageEvent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.sink.domain.RebuildPlan;
import dev.kandjistream.sink.jdbc.OwnerMismatch;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Current tables are made anew from topics that are complete; history stays. */
@Tag("recovery")
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

    /** Somebody had the topic keep them for an hour only. */
    @Test
    void topicSaysForHowLongNullRecordsStay() throws Exception {
        SinkService sink = pipe.startSink();
        pipe.commit(event("e1", "u1", "1"), event("e2", "u2", "1"));
        pipe.judge.await(CURRENT, "u1|{1}", "u2|{1}");
        sink.close();
        pipe.judge.execute("UPDATE kandji.usage SET user_id = 'stray', record_key = 'acme/stray/com.app'"
                + " WHERE user_id = 'u1'");
        pipe.judge.execute("UPDATE kandji.sink_offsets SET caught_up_at = now() - interval '2 hours'");
        pipe.startSink().close();
        assertThat(pipe.judge.rows(CURRENT)).as("in time, nothing is rebuilt").containsExactly("stray|{1}", "u2|{1}");

        var topic = new ConfigResource(
                ConfigResource.Type.TOPIC, pipe.topics.usage().name());
        var hour = new AlterConfigOp(new ConfigEntry("delete.retention.ms", "3600000"), AlterConfigOp.OpType.SET);
        pipe.admin.incrementalAlterConfigs(Map.of(topic, List.of(hour))).all().get();
        pipe.judge.execute("UPDATE kandji.sink_offsets SET caught_up_at = now() - interval '2 hours'");
        pipe.startSink();

        pipe.judge.await(CURRENT, "u1|{1}", "u2|{1}");
    }

    @Test
    void dryRunComparesAndChangesNothing() throws Exception {
        startWithThreeRowsOfWhichOneIsStray();
        pipe.judge.execute("DELETE FROM kandji.usage WHERE user_id = 'u3'");

        try (Rebuild rebuild = Rebuild.open(pipe.config())) {
            assertThat(rebuild.objection()).isEmpty();
            assertThat(rebuild.plan(Set.of("usage"))).containsExactly(plan(2, 1, 1));
        }

        assertThat(pipe.judge.rows(CURRENT)).containsExactly("stray|{1}", "u2|{1}");
    }

    @Test
    void operatorsRebuildMakesTheTableWhatTheTopicSaysWhileTheSinkRuns() throws Exception {
        SinkService sink = startWithThreeRowsOfWhichOneIsStray();
        pipe.judge.execute("UPDATE kandji.usage SET versions = '{wrong}' WHERE user_id = 'u2'");

        assertThat(rebuild(Set.of("usage"), false, false)).containsExactly(plan(1, 1, 2));
        assertThat(pipe.judge.rows(CURRENT)).containsExactly("u1|{1}", "u2|{1}", "u3|{1}");
        assertThat(rebuild(Set.of("usage"), false, false))
                .as("asked again, it comes to the same")
                .containsExactly(plan(0, 0, 3));

        assertThat(pipe.judge.rows(CURRENT)).containsExactly("u1|{1}", "u2|{1}", "u3|{1}");
        assertThat(pipe.judge.rows(HISTORY)).containsExactly("3");
        assertThat(pipe.count("sink.conflicts")).isZero();
        assertThat(sink.notReady()).isEmpty();
    }

    @Test
    void rebuildWhileRecordsFlowLosesAndDoublesNothing() throws Exception {
        pipe.startSink(pipe.config(2, 50));
        int keys = 40;
        var flowing = new AtomicBoolean(true);
        var published = new AtomicInteger();
        var flow = CompletableFuture.runAsync(() -> {
            while (flowing.get()) {
                int n = published.get();
                List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    records.add(event("flow" + (n + i), "u" + (n + i) % keys, String.valueOf(n + i)));
                }
                pipe.commit(records);
                published.addAndGet(20);
            }
        });
        pipe.judge.await(HISTORY, rows -> Long.parseLong(rows.get(0)) > 200);
        pipe.judge.execute("UPDATE kandji.usage SET user_id = 'stray', record_key = 'acme/stray/com.app'"
                + " WHERE user_id = 'u1'");
        for (int round = 0; round < 3; round++) {
            rebuild(Set.of("usage"), false, false);
            assertThat(pipe.judge.number("SELECT count(*) FROM kandji.usage")).isEqualTo(keys);
        }
        flowing.set(false);
        flow.get(30, TimeUnit.SECONDS);

        int all = published.get();
        pipe.judge.await(HISTORY, String.valueOf(all));
        String[] expected = IntStream.range(0, keys)
                .mapToObj(user -> "u" + user + "|{" + (all - keys + Math.floorMod(user - all, keys)) + "}")
                .sorted()
                .toArray(String[]::new);
        pipe.judge.await(CURRENT, rows -> rows.stream().sorted().toList().equals(List.of(expected)));
        assertThat(pipe.count("sink.conflicts")).isZero();
    }

    @Test
    void rebuildThatNoSinkHasDoneYetIsDoneByTheNextOneThatStarts() throws Exception {
        SinkService sink = startWithThreeRowsOfWhichOneIsStray();
        sink.close();
        try (Rebuild rebuild = Rebuild.open(pipe.config())) {
            rebuild.plan(Set.of("usage"));
            rebuild.begin(false, false);
            assertThat(rebuild.progress()).allMatch(progress -> !progress.ended() && progress.read() < progress.of());
        }

        pipe.startSink();

        pipe.judge.await(CURRENT, "u1|{1}", "u2|{1}", "u3|{1}");
    }

    @Test
    void emptyTopicEmptiesItsTableOnlyWhereTheOperatorSaysSo() throws Exception {
        SinkService sink = startWithThreeRowsOfWhichOneIsStray();
        pipe.delete(pipe.topics.usage());
        pipe.createAgain(pipe.topics.usage(), 1);

        assertThat(rebuild(Set.of("usage"), false, false)).isEmpty();
        SinkServiceIT.awaitTrue(() -> sink.notReady().orElse("").contains("3 rows"));
        assertThat(pipe.judge.rows(CURRENT)).containsExactly("stray|{1}", "u2|{1}", "u3|{1}");

        assertThat(rebuild(Set.of("usage"), true, false)).containsExactly(plan(0, 3, 0));
        SinkServiceIT.awaitTrue(() -> sink.notReady().isEmpty());
        assertThat(pipe.judge.rows(CURRENT)).isEmpty();
        assertThat(pipe.judge.rows(HISTORY)).containsExactly("3");
    }

    @Test
    void topicRefilledInOtherPartitionsIsRebuiltAndAllIsWell() throws Exception {
        SinkService sink = startWithThreeRowsOfWhichOneIsStray();
        pipe.delete(pipe.topics.usage());
        pipe.createAgain(pipe.topics.usage(), 1);
        pipe.commit(event("f2", "u2", "2"), event("f4", "u4", "2"));
        SinkServiceIT.awaitTrue(() -> sink.notReady().orElse("").contains("2 rows"));

        assertThat(rebuild(Set.of("usage"), false, false)).containsExactly(plan(0, 2, 2));

        assertThat(pipe.judge.rows(CURRENT)).containsExactly("u2|{2}", "u4|{2}");
        SinkServiceIT.awaitTrue(() -> sink.notReady().isEmpty());
    }

    /** Ended rows would come back: an outdated record of them stays for ever in the partition that the key had before. */
    @Test
    void topicWithAddedPartitionsRemovesAndBringsBackNothing() throws Exception {
        SinkService sink = pipe.startSink();
        List<ProducerRecord<byte[], byte[]>> begun = new ArrayList<>();
        List<ProducerRecord<byte[], byte[]>> ended = new ArrayList<>();
        for (int user = 0; user < 20; user++) {
            begun.add(event("e" + user, "u" + user, "1"));
            ended.add(record(pipe.topics.usage(), "acme/u" + user + "/com.app", (byte[]) null));
        }
        pipe.commit(begun);
        pipe.judge.await("SELECT count(*) FROM kandji.usage", "20");
        pipe.admin
                .createPartitions(Map.of(pipe.topics.usage().name(), NewPartitions.increaseTo(2 * Pipe.PARTITIONS)))
                .all()
                .get();
        SinkServiceIT.awaitTrue(() -> sink.notReady().orElse("").contains("has more partitions than before"));
        sink.close(); // one that starts finds the new partitions at once
        SinkService wider = pipe.startSink();
        pipe.newProducer();
        pipe.commit(ended.subList(0, 15));
        pipe.judge.await("SELECT count(*) FROM kandji.usage", "5");

        assertThat(rebuild(Set.of("usage"), false, false)).as("refused").isEmpty();
        wider.close();
        pipe.judge.execute("UPDATE kandji.sink_offsets SET caught_up_at = now() - interval '31 days'"
                + " WHERE topic LIKE '%.usage'");
        SinkService again = pipe.startSink();
        SinkServiceIT.awaitTrue(() -> again.notReady().orElse("").contains("5 rows"));
        pipe.commit(event("f1", "late", "1"));

        pipe.judge.await(CURRENT, "late|{1}", "u15|{1}", "u16|{1}", "u17|{1}", "u18|{1}", "u19|{1}");
    }

    @Test
    void anotherPrefixTakesTheDatabaseOverWhenAnOperatorAdoptsIt() throws Exception {
        SinkService former = startWithThreeRowsOfWhichOneIsStray();
        try (var heir = new Pipe(new Topics(Servers.prefix()), pipe.database, Servers.bootstrapServers())) {
            SinkService waiting = heir.startSink();
            SinkServiceIT.awaitTrue(() -> waiting.notReady().orElse("").contains("topic prefix"));
            heir.commit(record(
                    heir.topics.usage(),
                    "acme/u2/com.app",
                    usageEvent("h2", "started", "c", null, usage("u2", "com.app", "7"))));

            try (Rebuild rebuild = Rebuild.open(heir.config())) {
                assertThat(rebuild.objection().orElseThrow()).contains("topic prefix");
                rebuild.plan(Set.of("usage"));
                assertThatThrownBy(() -> rebuild.begin(false, false)).isInstanceOf(OwnerMismatch.class);
            }
            assertThat(pipe.judge.rows(CURRENT)).containsExactly("stray|{1}", "u2|{1}", "u3|{1}");
            assertThat(rebuild(heir, Rebuild.entities(heir.topics), false, true))
                    .contains(new RebuildPlan(heir.topics.usage().name(), "usage", "usage", 0, 2, 1, 0));

            heir.judge.await(CURRENT, "u2|{7}");
            SinkServiceIT.awaitTrue(() -> waiting.notReady().isEmpty());
            SinkServiceIT.awaitTrue(() -> former.notReady().orElse("").contains("topic prefix"));
            pipe.commit(event("e9", "u9", "1"));
            heir.commit(record(
                    heir.topics.usage(),
                    "acme/u8/com.app",
                    usageEvent("h8", "started", "c", null, usage("u8", "com.app", "1"))));
            heir.judge.await(CURRENT, "u2|{7}", "u8|{1}");
        }
    }

    @Test
    void replacedClusterIsAdoptedAndTablesThatItsTopicsDoNotFillYetKeepTheirRows(@TempDir Path directory)
            throws Exception {
        SinkService former = pipe.startSink();
        pipe.commit(
                event("e1", "u1", "1"),
                event("e2", "u2", "1"),
                record(
                        pipe.topics.users(),
                        "acme/u1",
                        Records.userEvent("e9", "discovered", "c", null, Records.user("u1", 1))));
        pipe.judge.await(CURRENT, "u1|{1}", "u2|{1}");
        pipe.judge.await("SELECT user_id FROM kandji.users", "u1");
        former.close();

        try (var broker = EmbeddedKafka.start(directory.resolve("kafka"));
                var replacing = new Pipe(pipe.topics, pipe.database, broker.bootstrapServers())) {
            SinkService sink = replacing.startSink();
            SinkServiceIT.awaitTrue(() -> sink.notReady().orElse("").contains("Kafka cluster"));
            replacing.commit(event("e2", "u2", "1"), event("f3", "u3", "1"));

            List<RebuildPlan> outcome = rebuild(replacing, Rebuild.entities(pipe.topics), false, true);

            assertThat(outcome).contains(plan(1, 1, 1)).noneMatch(plan -> plan.entity()
                    .equals("users"));
            assertThat(pipe.judge.rows(CURRENT)).containsExactly("u2|{1}", "u3|{1}");
            assertThat(pipe.judge.rows("SELECT user_id FROM kandji.users")).containsExactly("u1");
            SinkServiceIT.awaitTrue(() -> sink.notReady().orElse("").contains("rebuild --entity users"));
            assertThat(sink.notReady().orElseThrow()).contains("1 row ").doesNotContain("entity usage");
        }
    }

    private SinkService startWithThreeRowsOfWhichOneIsStray() {
        SinkService sink = pipe.startSink();
        pipe.commit(event("e1", "u1", "1"), event("e2", "u2", "1"), event("e3", "u3", "1"));
        pipe.judge.await(CURRENT, "u1|{1}", "u2|{1}", "u3|{1}");
        pipe.judge.execute("UPDATE kandji.usage SET user_id = 'stray', record_key = 'acme/stray/com.app'"
                + " WHERE user_id = 'u1'");
        return sink;
    }

    private RebuildPlan plan(long written, long removed, long kept) {
        return new RebuildPlan(pipe.topics.usage().name(), "usage", "usage", written, removed, kept, 0);
    }

    private List<RebuildPlan> rebuild(Set<String> entities, boolean allowEmpty, boolean adopt) throws Exception {
        return rebuild(pipe, entities, allowEmpty, adopt);
    }

    private static List<RebuildPlan> rebuild(Pipe pipe, Set<String> entities, boolean allowEmpty, boolean adopt)
            throws Exception {
        try (Rebuild rebuild = Rebuild.open(pipe.config())) {
            rebuild.plan(entities);
            rebuild.begin(allowEmpty, adopt);
            SinkServiceIT.awaitTrue(() -> {
                try {
                    return rebuild.progress().stream().allMatch(progress -> progress.ended() && !progress.broken());
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            return rebuild.outcome();
        }
    }

    private ProducerRecord<byte[], byte[]> event(String id, String user, String version) {
        return record(
                pipe.topics.usage(),
                "acme/" + user + "/com.app",
                usageEvent(id, "started", "c", null, usage(user, "com.app", version)));
    }
}
