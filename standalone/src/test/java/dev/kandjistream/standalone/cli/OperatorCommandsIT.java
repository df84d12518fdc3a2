package dev.kandjistream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import dev.kandjistream.commands.Command;
import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.embedded.EmbeddedRegistry;
import dev.kandjistream.progress.SweepProgress;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.standalone.run.ReceiptLog;
import dev.kandjistream.standalone.run.RunningSweeps;
import dev.kandjistream.standalone.run.StopSignal;
import dev.kandjistream.sweeps.CommandAnswer;
import dev.kandjistream.sweeps.SweepReceipt;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * {@code status} and {@code retractions} against a broker with receipts; the test answers where a poller would. And
 * {@code poller}, whose file an operator edits.
 */
class OperatorCommandsIT {
    @TempDir
    static Path directory;

    private static EmbeddedKafka broker;
    private static EmbeddedRegistry registry;
    private static Map<String, Object> kafka;

    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() {
        broker = EmbeddedKafka.start(directory.resolve("kafka"));
        registry = EmbeddedRegistry.start(0, Map.of("bootstrap.servers", broker.bootstrapServers()), "_schemas");
        kafka = Map.of("bootstrap.servers", broker.bootstrapServers(), "schema.registry.url", registry.url());
    }

    @AfterAll
    static void stop() throws Exception {
        registry.close();
        broker.close();
        restoreLogging();
    }

    /** Each test is a pipeline of its own, by its prefix. */
    private Topics topics(String prefix) {
        var topics = new Topics(prefix);
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            TopicAdmin.ensure(admin, topics, (short) 1);
        }
        return topics;
    }

    private int run(Topics topics, String... arguments) throws Exception {
        Path file = Files.writeString(directory.resolve(topics.prefix() + ".yml"), """
                kafka: { bootstrap_servers: "%s", topic_prefix: %s }
                schema_registry: { url: "%s" }
                """.formatted(
                        broker.bootstrapServers(), topics.prefix(), registry.url()));
        var line = KandjiStream.commandLine(StopSignal.none()).setErr(new PrintWriter(err));
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", file.toString()));
        return line.execute(all.toArray(String[]::new));
    }

    private static void receipt(Topics topics, String account, String connection, List<CommandAnswer> answers) {
        SweepReceipt receipt = SweepReceipt.newBuilder()
                .setAccountId(account)
                .setKind("devices")
                .setSweepId("sweep")
                .setStartedAt(Instant.now())
                .setFinishedAt(Instant.now())
                .setVerdict("COMPLETE")
                .setConnection(connection)
                .setRequests(1)
                .setPages(1)
                .setRows(1)
                .setDevices(1)
                .setPublished(0)
                .setUnchanged(1)
                .setRetracted(0)
                .setWithheld(0)
                .setOversized(0)
                .setAnswers(answers)
                .build();
        Map<String, Object> properties = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (var producer = new KafkaProducer<>(
                properties, new StringSerializer(), AvroSerdes.serializer(topics.sweeps(), kafka))) {
            producer.send(new ProducerRecord<>(topics.sweeps().name(), Keys.of(account, "devices"), receipt));
        }
    }

    /** Waits for a command as the poller would. */
    private static Command command(Topics topics) {
        Map<String, Object> properties = Map.of("bootstrap.servers", broker.bootstrapServers());
        var here = new TopicPartition(topics.commands().name(), 0);
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        try (var consumer = new KafkaConsumer<>(
                properties, new StringDeserializer(), AvroSerdes.deserializer(topics.commands(), kafka))) {
            consumer.assign(List.of(here));
            consumer.seekToBeginning(List.of(here));
            while (System.nanoTime() < deadline) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    assertThat(record.key())
                            .isEqualTo(Keys.of(
                                    record.value().getAccountId(),
                                    record.value().getCommandId()));
                    return record.value();
                }
            }
        }
        throw new AssertionError("no command came");
    }

    @Test
    void statusEndsWithOneWhereAnAccountIsNotConnected() throws Exception {
        Topics topics = topics("status");
        assertThat(run(topics, "status")).isZero();
        receipt(topics, "acme", "CONNECTED", List.of());
        assertThat(run(topics, "status", "--output", "json")).isZero();
        receipt(topics, "globex", "UNAUTHORIZED", List.of());
        assertThat(run(topics, "status")).isEqualTo(1);
        receipt(topics, "globex", "CONNECTED", List.of());
        assertThat(run(topics, "status")).isZero();
    }

    @Test
    void statusTellsTheRestWhereTheDatabaseIsAway() throws Exception {
        Topics topics = topics("nodatabase");
        receipt(topics, "acme", "CONNECTED", List.of());
        Path file = Files.writeString(
                directory.resolve("nodatabase-too.yml"), """
                kafka: { bootstrap_servers: "%s", topic_prefix: nodatabase }
                schema_registry: { url: "%s" }
                postgres: { url: "jdbc:postgresql://127.0.0.1:1/kandji", user: u, password: p }
                """.formatted(broker.bootstrapServers(), registry.url()));
        var line = KandjiStream.commandLine(StopSignal.none()).setErr(new PrintWriter(err));
        assertThat(line.execute("status", "--config", file.toString())).isZero();
        assertThat(err.toString()).contains("Expected the database at postgres.url", "told without it");
    }

    @Test
    void statusReadsReceiptsAndProgressOfTheAccountsThatItIsAskedAbout() throws Exception {
        Topics topics = topics("progress");
        receipt(topics, "acme", "CONNECTED", List.of());
        receipt(topics, "globex", "UNAUTHORIZED", List.of());
        Instant now = Instant.now();
        progress(topics, "acme", now, null);
        progress(topics, "acme", now, now);
        progress(topics, "globex", now, null);
        progress(topics, "initech", now.minusSeconds(61), null);
        assertThat(run(topics, "status", "--account", "acme")).isZero();
        assertThat(run(topics, "status", "--account", "globex")).isEqualTo(1);
        assertThat(run(topics, "status", "--all")).isEqualTo(1);

        assertThat(RunningSweeps.read(topics, kafka, Set.of(), Instant.now()))
                .as("neither what has ended nor what was last heard of more than a minute ago")
                .extracting(SweepProgress::getAccountId)
                .containsExactly("globex");
        assertThat(RunningSweeps.read(new Topics("older"), kafka, Set.of(), Instant.now()))
                .as("pollers of older versions tell nothing")
                .isEmpty();
        try (var log = new ReceiptLog(topics, kafka)) {
            assertThat(log.latest(Set.of("globex")))
                    .extracting(SweepReceipt::getAccountId)
                    .containsExactly("globex");
            assertThat(log.latest(Set.of()))
                    .extracting(SweepReceipt::getAccountId)
                    .containsExactly("acme", "globex");
            receipt(topics, "acme", "FORBIDDEN", List.of());
            List<SweepReceipt> next = List.of();
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (next.isEmpty() && System.nanoTime() < deadline) {
                next = log.next(Duration.ofMillis(100));
            }
            assertThat(next).extracting(SweepReceipt::getConnection).containsExactly("FORBIDDEN");
        }
    }

    private static void progress(Topics topics, String account, Instant toldAt, Instant endedAt) {
        var progress =
                new SweepProgress(account, "devices", "poller-1", toldAt.minusSeconds(9), toldAt, endedAt, 1L, 2L, 3L);
        Map<String, Object> properties = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (var producer = new KafkaProducer<>(
                properties, new StringSerializer(), AvroSerdes.serializer(topics.progress(), kafka))) {
            producer.send(new ProducerRecord<>(topics.progress().name(), Keys.of(account, "devices"), progress));
        }
    }

    @Test
    void whatIsNotWithheldIsAskedForWithAWarning() throws Exception {
        Topics topics = topics("warned");
        receipt(topics, "acme", "CONNECTED", List.of());
        assertThat(run(topics, "retractions", "approve", "--device", "d1", "--why", "sold"))
                .isZero();
        assertThat(err.toString()).contains("Not withheld by the last sweeps of the account: d1. Asking all the same");
        assertThat(command(topics).getDeviceIds()).containsExactly("d1");
        assertThat(run(topics, "retractions", "list", "--account", "acne")).isEqualTo(1);
        assertThat(err.toString()).contains("Expected an account that was swept, found \"acne\"; there are acme");
    }

    @Test
    void approveWritesTheCommandAndWaitsForItsAnswer() throws Exception {
        Topics topics = topics("approve");
        receipt(topics, "acme", "CONNECTED", List.of());
        var outcome = CompletableFuture.supplyAsync(() -> {
            try {
                return run(
                        topics,
                        "retractions",
                        "approve",
                        "--device",
                        "d1",
                        "--device",
                        "d2",
                        "--why",
                        "sold",
                        "--by",
                        "me",
                        "--wait=60s");
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });
        Command command = command(topics);
        assertThat(command.getAccountId()).isEqualTo("acme");
        assertThat(command.getAction()).isEqualTo("approve");
        assertThat(command.getDeviceIds()).containsExactly("d1", "d2");
        assertThat(command.getBy()).isEqualTo("me");
        assertThat(command.getWhy()).isEqualTo("sold");
        receipt(topics, "acme", "CONNECTED", List.of(new CommandAnswer("another", "approve", "EXPIRED", 0L)));
        receipt(
                topics,
                "acme",
                "CONNECTED",
                List.of(new CommandAnswer(command.getCommandId(), "approve", "APPLIED", 2L)));
        assertThat(outcome.get(60, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void rejectNeedsAnAccountThatIsKnown() throws Exception {
        Topics topics = topics("reject");
        assertThat(run(topics, "retractions", "reject", "--all", "--why", "offline"))
                .isEqualTo(1);
        receipt(topics, "acme", "CONNECTED", List.of());
        receipt(topics, "globex", "CONNECTED", List.of());
        assertThat(run(topics, "retractions", "reject", "--all", "--why", "offline"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("Expected --account, as there is not just one: found acme, globex");
        assertThat(run(topics, "retractions", "reject", "--account", "acne", "--all", "--why", "offline"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("found \"acne\"; there are acme, globex");
        assertThat(run(topics, "retractions", "reject", "--account", "globex", "--all", "--why", "offline"))
                .isZero();
        Command command = command(topics);
        assertThat(command.getAccountId()).isEqualTo("globex");
        assertThat(command.getDeviceIds()).isEmpty();
        assertThat(command.getBy()).isEqualTo(System.getProperty("user.name"));
        assertThat(run(topics, "retractions", "list", "--account", "globex")).isZero();
    }

    @Test
    void aRunningPollerFollowsTheFileThatItWasStartedWith() throws Exception {
        Topics topics = topics("follows");
        try (var acme = KandjiSimulator.start(Tenant.us("acme", 1).withDevices(3));
                var globex = KandjiSimulator.start(Tenant.us("globex", 2).withDevices(3))) {
            Path file = directory.resolve("followed.yml");
            String services = """
                    kafka: { bootstrap_servers: "%s", topic_prefix: follows, replication_factor: 1 }
                    schema_registry: { url: "%s" }
                    ops: { port: 0 }
                    """.formatted(broker.bootstrapServers(), registry.url());
            Files.writeString(file, services + "accounts:\n" + account("acme", acme));
            var poller = new Thread(
                    () -> KandjiStream.commandLine(StopSignal.none()).execute("poller", "--config", file.toString()));
            poller.start();
            try {
                awaitSweptAll(topics, Set.of("acme"));
                Files.writeString(file, services + "accounts:\n" + account("acme", acme) + account("globex", globex));
                awaitSweptAll(topics, Set.of("acme", "globex"));
            } finally {
                poller.interrupt();
                poller.join(Duration.ofSeconds(60).toMillis());
            }
            assertThat(poller.isAlive()).isFalse();
        }
    }

    private static String account(String id, KandjiSimulator api) {
        return "- {id: %s, api_url: \"%s\", token: \"%s\"}%n".formatted(id, api.url(), api.token());
    }

    /** Waits until the accounts with a receipt are these. */
    private static void awaitSweptAll(Topics topics, Set<String> accounts) {
        Map<String, Object> properties = Map.of("bootstrap.servers", broker.bootstrapServers());
        var seen = new TreeSet<String>();
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            var partitions = consumer.partitionsFor(topics.sweeps().name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!seen.containsAll(accounts)) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> seen.add(Keys.split(record.key()).get(0)));
                assertThat(System.nanoTime()).as("swept by now: %s", seen).isLessThan(deadline);
            }
        }
        assertThat(seen).isEqualTo(accounts);
    }

    /** Commands silence or close the log of their process; other tests in this one want to be heard, and to hear. */
    static void restoreLogging() throws Exception {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        new ContextInitializer(context).autoConfig();
        context.start();
    }
}
