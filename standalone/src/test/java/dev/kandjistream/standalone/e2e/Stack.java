package dev.kandjistream.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.commands.Command;
import dev.kandjistream.enricher.EnricherConfig;
import dev.kandjistream.enricher.EnricherService;
import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.poller.GroupSettings;
import dev.kandjistream.poller.Kind;
import dev.kandjistream.poller.SweepListener;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.config.EmbeddedSettings;
import dev.kandjistream.standalone.config.EnricherSettings;
import dev.kandjistream.standalone.config.KafkaSettings;
import dev.kandjistream.standalone.config.LogSettings;
import dev.kandjistream.standalone.config.OpsSettings;
import dev.kandjistream.standalone.config.PostgresSettings;
import dev.kandjistream.standalone.config.PostureSettings;
import dev.kandjistream.standalone.config.SerialSettings;
import dev.kandjistream.standalone.config.SinkSettings;
import dev.kandjistream.standalone.ops.Health;
import dev.kandjistream.standalone.run.CommandWriter;
import dev.kandjistream.standalone.run.DataDirectory;
import dev.kandjistream.standalone.run.Pipeline;
import dev.kandjistream.standalone.run.Steps;
import dev.kandjistream.standalone.run.StopSignal;
import dev.kandjistream.sweeps.SweepReceipt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The whole pipeline over some accounts, as {@code up} runs it, swept on demand; restartable on its directory. */
final class Stack implements AutoCloseable {
    static final Rules RULES = new Rules(1, Set.of("helper", "updater"), Set.of("Mac", "iPhone", "iPad"));

    /** Far more than is ever needed: the machine may be busy with other things. */
    static final Duration DEADLINE = Duration.ofMinutes(3);

    private static final Topics TOPICS = new Topics("kandji");

    private final Path directory;
    private final List<Account> accounts;
    private final Optional<KafkaSettings> kafka;
    private final Optional<PostgresSettings> postgres;
    private final Optional<PostureSettings> posture;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Judge judge = new Judge(TOPICS.prefix());
    private final Alarms alarms = Alarms.listen();
    /** Those in force. */
    private Rules rules = RULES;

    private short replication = 1;
    private DataDirectory data;
    private Pipeline pipeline;
    private EnricherService otherEnricher;

    private Stack(
            Path directory,
            List<Account> accounts,
            Optional<KafkaSettings> kafka,
            Optional<PostgresSettings> postgres,
            Optional<PostureSettings> posture) {
        this.directory = directory;
        this.accounts = accounts;
        this.kafka = kafka;
        this.postgres = postgres;
        this.posture = posture;
    }

    /** Everything embedded. */
    static Stack start(Path directory, List<Account> accounts) {
        return started(new Stack(directory, accounts, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    /** Everything embedded, and a posture service beside it. */
    static Stack start(Path directory, List<Account> accounts, PostureSettings posture) {
        return started(new Stack(directory, accounts, Optional.empty(), Optional.empty(), Optional.of(posture)));
    }

    /** Registry and database embedded, every topic on three brokers. */
    static Stack startOnThree(Path directory, List<Account> accounts, KafkaSettings brokers) {
        var stack = new Stack(directory, accounts, Optional.of(brokers), Optional.empty(), Optional.empty());
        stack.replication = 3;
        return started(stack);
    }

    /** Only the registry embedded. */
    static Stack startOn(Path directory, List<Account> accounts, KafkaSettings kafka, PostgresSettings postgres) {
        return started(new Stack(directory, accounts, Optional.of(kafka), Optional.of(postgres), Optional.empty()));
    }

    private static Stack started(Stack stack) {
        stack.up();
        return stack;
    }

    void up() {
        data = DataDirectory.open(directory, DataDirectory.Use.UP);
        try {
            pipeline = Pipeline.start(configuration(), data, new Health(), meters, SweepListener.NONE, Steps.SILENT);
            pipeline.awaitReady(DEADLINE, StopSignal.none());
        } catch (RuntimeException failed) {
            // Left alone, the broker would find its directory deleted and end the JVM.
            close();
            throw failed;
        }
    }

    private Configuration configuration() {
        return new Configuration(
                directory,
                TOPICS,
                replication,
                accounts.stream().map(Account::config).toList(),
                List.of(),
                List.of(),
                Optional.empty(),
                GroupSettings.DEFAULT,
                rules,
                SerialSettings.DEFAULT,
                new EnricherSettings(Optional.empty(), 1, 0, Optional.empty(), 100),
                new SinkSettings(2, 20_000, 100),
                posture,
                kafka,
                Optional.empty(),
                postgres,
                EmbeddedSettings.ANY_PORTS,
                new OpsSettings("127.0.0.1", OptionalInt.of(0)),
                new LogSettings("WARN", false));
    }

    /** Ends all of it in order; {@link #up} continues on the same directory. */
    void down() {
        if (otherEnricher != null) {
            otherEnricher.close();
            otherEnricher = null;
        }
        if (pipeline != null) {
            pipeline.close();
            pipeline = null;
        }
        if (data != null) {
            data.close();
            data = null;
        }
    }

    @Override
    public void close() {
        try {
            down();
        } finally {
            accounts.forEach(Account::close);
            alarms.end();
        }
    }

    void stop(Pipeline.Part part) {
        pipeline.stop(part);
    }

    /** Returns when everything is ready again. */
    void start(Pipeline.Part... parts) {
        List.of(parts).forEach(pipeline::start);
        pipeline.awaitReady(DEADLINE, StopSignal.none());
    }

    Pipeline pipeline() {
        return pipeline;
    }

    Judge judge() {
        return judge;
    }

    SimpleMeterRegistry meters() {
        return meters;
    }

    /** Everything ends and comes again on the same directory, with other rules. */
    void restartWith(Rules next) {
        down();
        rules = next;
        up();
    }

    /** The enricher alone comes again, configured with other rules, over the same stores; returns at once. */
    void restartEnricherWith(Rules next) {
        stopEnricher();
        otherEnricher = new EnricherService(
                new EnricherConfig(
                        TOPICS,
                        pipeline.clientProperties(),
                        next,
                        directory.toAbsolutePath().resolve("enricher"),
                        1,
                        0,
                        Optional.empty()),
                meters);
        otherEnricher.start();
        if (next.version() > rules.version()) {
            rules = next;
        }
    }

    /** The enricher alone comes again, on another machine as it were: its stores are to be had from the broker. */
    void restartEnricherWithoutItsDisk() throws IOException {
        pipeline.stop(Pipeline.Part.ENRICHER);
        Path disk = directory.resolve("enricher");
        try (Stream<Path> files = Files.walk(disk)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        start(Pipeline.Part.ENRICHER);
    }

    private void stopEnricher() {
        pipeline.stop(Pipeline.Part.ENRICHER);
        if (otherEnricher != null) {
            otherEnricher.close();
            otherEnricher = null;
        }
    }

    /** Why the enricher of {@link #restartEnricherWith} stopped for good, which it also calls a person for. */
    Throwable awaitEnricherFailure() {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (otherEnricher.failure().isEmpty() || alarms.lines().isEmpty()) {
            assertThat(System.nanoTime())
                    .as("deadline for the failure and the call for a person in the log")
                    .isLessThan(deadline);
            StopSignal.none().pause(Duration.ofMillis(100));
        }
        alarms.lines().clear();
        return otherEnricher.failure().orElseThrow();
    }

    // ---- sweeping

    /** Sweeps all accounts side by side and follows the sweeps into the tables. */
    Map<Account, SweepReceipt> sweep(Kind kind) {
        return sweep(kind, accounts);
    }

    Map<Account, SweepReceipt> sweep(Kind kind, List<Account> some) {
        Map<Account, SweepReceipt> receipts = publish(kind, some);
        receipts.values().forEach(this::awaitApplied);
        return receipts;
    }

    /** Sweeps all accounts side by side; returns when the receipts are there. */
    Map<Account, SweepReceipt> publish(Kind kind) {
        return publish(kind, accounts);
    }

    private Map<Account, SweepReceipt> publish(Kind kind, List<Account> some) {
        var asked = new LinkedHashMap<Account, CompletableFuture<SweepReceipt>>();
        some.forEach(account -> asked.put(account, pipeline.sweepNow(account.id(), kind)));
        var receipts = new LinkedHashMap<Account, SweepReceipt>();
        asked.forEach((account, receipt) -> receipts.put(account, await(receipt)));
        return receipts;
    }

    SweepReceipt sweep(Account account, Kind kind) {
        SweepReceipt receipt = await(pipeline.sweepNow(account.id(), kind));
        if (!receipt.getSweepId().isEmpty()) {
            // A sweep between full ones that found nothing new commits nothing.
            awaitApplied(receipt);
        }
        return receipt;
    }

    /** Devices and then apps of all accounts, all of them COMPLETE. */
    List<SweepReceipt> sweepWhole() {
        var receipts = new ArrayList<SweepReceipt>();
        receipts.addAll(sweep(Kind.DEVICES).values());
        receipts.addAll(sweep(Kind.APPS).values());
        assertThat(receipts).allSatisfy(receipt -> assertThat(receipt.getVerdict())
                .as("verdict on %s of %s, reason %s", receipt.getKind(), receipt.getAccountId(), receipt.getReason())
                .isEqualTo("COMPLETE"));
        return receipts;
    }

    static <T> T await(CompletableFuture<T> outcome) {
        try {
            return outcome.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } catch (ExecutionException | TimeoutException failed) {
            throw new IllegalStateException("no receipt: " + failed, failed);
        }
    }

    void awaitApplied(SweepReceipt receipt) {
        try {
            assertThat(pipeline.awaitApplied(receipt, DEADLINE, StopSignal.none()))
                    .as(
                            "%s sweep %s of %s came through",
                            receipt.getKind(), receipt.getSweepId(), receipt.getAccountId())
                    .isTrue();
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    // ---- judging

    /** Reads the topics on; returns how many change records there are, to ask later what came since. */
    int read() {
        judge.read(pipeline.clientProperties());
        return judge.events().mark();
    }

    /** The log is lawful, tables and history are what it says, and all of it is the truth of every account. */
    void judgeAll() {
        judgeLaws();
        accounts.forEach(this::judgeTruth);
    }

    void judgeLaws() {
        read();
        try (Connection database = pipeline.database()) {
            judge.lawsHold(database);
            assertThat(new Tables(database).query("SELECT * FROM kandji.sweeps WHERE applied_at IS NULL"))
                    .as("sweeps that have not come through")
                    .isEmpty();
            assertThat(alarms.lines()).as("calls for a person in the log").isEmpty();
            assertThat(meters.find("sink.conflicts").counters())
                    .as("events whose id history knew already")
                    .allSatisfy(conflicts -> assertThat(conflicts.count()).isZero());
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Writes an operator's command; the next sweep of the account reads it. */
    void command(Account account, String action, List<String> deviceIds) {
        var properties = new HashMap<>(pipeline.clientProperties());
        // The same limit as on the command line: less than the writer's own limit for the complete write.
        properties.put("request.timeout.ms", 10_000);
        new CommandWriter(TOPICS, properties)
                .write(new Command(
                        UUID.randomUUID().toString(),
                        account.id(),
                        action,
                        deviceIds,
                        "operator",
                        "as the test wants it",
                        Instant.now()));
    }

    /** After {@link #judgeLaws}, which reads the topics on. */
    void judgeTruth(Account account) {
        try (Connection database = pipeline.database()) {
            var truth = account.simulator().truth(Judge.truthRules(rules));
            judge.truthStands(account.id(), truth, database);
            judge.viewsStand(account.id(), truth, database);
            judge.rawStands(account.id(), account.fleet());
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** For what no receipt tells of: a pass of other rules. */
    void awaitTruth() {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        for (Account account : accounts) {
            while (!isTruth(account)) {
                if (System.nanoTime() > deadline) {
                    judgeTruth(account);
                }
                StopSignal.none().pause(Duration.ofMillis(100));
            }
        }
    }

    private boolean isTruth(Account account) {
        try (Connection database = pipeline.database()) {
            return judge.isTruth(account.id(), account.simulator().truth(Judge.truthRules(rules)), database);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Change events of an account since the mark, one line each. */
    List<String> lines(Account account, int mark) {
        return events(account, mark).stream().map(Logged::line).toList();
    }

    List<Logged> events(Account account, int mark) {
        return judge.events().eventsSince(mark).stream()
                .filter(record -> record.source().get("db").equals(account.id()))
                .toList();
    }

    /** What an account's tables hold now. */
    Holdings holdings(Account account) {
        try (Connection database = pipeline.database()) {
            return Holdings.of(account.id(), new Tables(database));
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Account to its connection, as the accounts table has it. */
    Map<String, String> connections() {
        try (Connection database = pipeline.database()) {
            var connections = new TreeMap<String, String>();
            new Tables(database)
                    .query("SELECT account_id, connection FROM kandji.accounts")
                    .forEach(row -> connections.put((String) row.get("account_id"), (String) row.get("connection")));
            return connections;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
