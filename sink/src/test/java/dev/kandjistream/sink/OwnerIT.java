package dev.kandjistream.sink;

import static dev.kandjistream.sink.Pipe.record;
import static dev.kandjistream.sink.Records.usage;
import static dev.kandjistream.sink.Records.usageEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.schemas.Topics;
import java.nio.file.Path;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database holds the tables of one prefix of one cluster; a sink of another one writes nothing into it. */
@Tag("recovery")
class OwnerIT {
    private static final String CURRENT = "SELECT user_id FROM kandji.usage ORDER BY 1";

    @TempDir
    Path directory;

    @Test
    void sinkOfAnotherPrefixWritesNothingAndSaysWhoseTheDatabaseIs() {
        try (var first = new Pipe();
                var second = new Pipe(new Topics(Servers.prefix()), first.database, Servers.bootstrapServers())) {
            first.startSink();
            first.commit(event(first, "u1"), event(first, "u2"));
            first.judge.await(CURRENT, "u1", "u2");

            second.commit(event(second, "stranger"));
            SinkService stopped = second.startSink();

            SinkServiceIT.awaitTrue(() -> stopped.notReady().orElse("").contains("topic prefix"));
            assertThat(stopped.notReady().orElseThrow())
                    .contains(
                            "expected the tables of topic prefix " + second.topics.prefix(),
                            "found those of " + first.topics.prefix(),
                            "another database",
                            "kandji-stream rebuild --adopt");
            first.commit(event(first, "u3"));
            first.judge.await(CURRENT, "u1", "u2", "u3");
            assertThat(first.judge.rows(
                            "SELECT DISTINCT topic LIKE '" + first.topics.prefix() + ".%' FROM kandji.sink_offsets"))
                    .containsExactly("t");
        }
    }

    @Test
    void manySinksThatStartAtOnceOnAnEmptyDatabaseAgreeOnOneOwner() {
        try (var first = new Pipe();
                var second = new Pipe(new Topics(Servers.prefix()), first.database, Servers.bootstrapServers())) {
            var sinks = new SinkService[] {
                first.startSink(), second.startSink(), first.startSink(), second.startSink(),
            };
            first.commit(event(first, "first"));
            second.commit(event(second, "second"));

            String row = first.judge.await(CURRENT, rows -> !rows.isEmpty()).get(0);
            int owner = row.equals("first") ? 0 : 1;
            for (int i = 0; i < sinks.length; i++) {
                SinkService sink = sinks[i];
                if (i % 2 == owner) {
                    SinkServiceIT.awaitTrue(() -> sink.notReady().isEmpty());
                } else {
                    SinkServiceIT.awaitTrue(() -> sink.notReady().orElse("").contains("topic prefix"));
                }
            }
            assertThat(first.judge.rows(CURRENT)).containsExactly(row);
        }
    }

    @Test
    void anotherClusterWithTheSameTopicsStopsTheSinkUntilItIsTheFormerOneAgain() {
        try (var former = new Pipe()) {
            SinkService sink = former.startSink();
            former.commit(event(former, "u1"), event(former, "u2"));
            former.judge.await(CURRENT, "u1", "u2");
            sink.close();

            try (var broker = EmbeddedKafka.start(directory.resolve("kafka"));
                    var replacing = new Pipe(former.topics, former.database, broker.bootstrapServers())) {
                replacing.commit(event(replacing, "u9"));
                SinkService stopped = replacing.startSink();
                SinkServiceIT.awaitTrue(() -> stopped.notReady().orElse("").contains("Kafka cluster"));
                assertThat(stopped.notReady().orElseThrow()).contains("kandji-stream rebuild --adopt");
                assertThat(former.judge.rows(CURRENT)).containsExactly("u1", "u2");
            }

            former.startSink();
            former.commit(event(former, "u3"));
            former.judge.await(CURRENT, "u1", "u2", "u3");
        }
    }

    /** The folder of the broker was deleted, that of the database was not. */
    @Test
    void newBrokerOfTheSameDataDirectoryIsTakenOverAndTheRowsStandUntilTheyAreSweptAgain() {
        try (var former = new Pipe()) {
            SinkService sink = former.startSink(former.oneDirectory());
            former.commit(event(former, "u1"), event(former, "u2"));
            former.judge.await(CURRENT, "u1", "u2");
            sink.close();

            try (var broker = EmbeddedKafka.start(directory.resolve("kafka"));
                    var anew = new Pipe(former.topics, former.database, broker.bootstrapServers())) {
                SinkService again = anew.startSink(anew.oneDirectory());
                SinkServiceIT.awaitTrue(() -> again.needsOperator().orElse("").contains("2 rows"));
                assertThat(former.judge.rows(CURRENT)).containsExactly("u1", "u2");
                anew.commit(event(anew, "u1"), event(anew, "u2"), event(anew, "u3"));
                former.judge.await(CURRENT, "u1", "u2", "u3");
                SinkServiceIT.awaitTrue(() -> again.notReady().isEmpty());
            }
        }
    }

    /** The database of 0.1.0 has offsets and no owner. */
    @Test
    void databaseOfBeforeOwnersBelongsToThePrefixOfItsOffsets() {
        try (var first = new Pipe();
                var second = new Pipe(new Topics(Servers.prefix()), first.database, Servers.bootstrapServers())) {
            SinkService sink = first.startSink();
            first.commit(event(first, "u1"));
            first.judge.await(CURRENT, "u1");
            sink.close();
            first.judge.execute("DELETE FROM kandji.owner");

            second.commit(event(second, "stranger"));
            SinkService stopped = second.startSink();
            SinkServiceIT.awaitTrue(() -> stopped.notReady().orElse("").contains("topic prefix"));
            stopped.close();

            first.startSink();
            first.commit(event(first, "u2"));
            first.judge.await(CURRENT, "u1", "u2");
        }
    }

    private static ProducerRecord<byte[], byte[]> event(Pipe pipe, String user) {
        return record(
                pipe.topics.usage(),
                "acme/" + user + "/com.app",
                usageEvent("e-" + user, "started", "c", null, usage(user, "com.app", "1")));
    }
}
