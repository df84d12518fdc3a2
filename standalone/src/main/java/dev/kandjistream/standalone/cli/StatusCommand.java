package dev.kandjistream.standalone.cli;

import dev.kandjistream.progress.SweepProgress;
import dev.kandjistream.sink.TablesState;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.config.Part;
import dev.kandjistream.standalone.console.Status;
import dev.kandjistream.standalone.console.StatusJson;
import dev.kandjistream.standalone.console.StatusTable;
import dev.kandjistream.standalone.console.Terminal;
import dev.kandjistream.standalone.run.AppliedSweeps;
import dev.kandjistream.standalone.run.ReceiptLog;
import dev.kandjistream.standalone.run.RunningPipeline;
import dev.kandjistream.standalone.run.RunningSweeps;
import dev.kandjistream.sweeps.SweepReceipt;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kandji-stream status}. */
@Command(
        name = "status",
        header = "Tells how each account stands, from its last sweeps.",
        description = {
            "Connection, verdict, freshness, quota, what is withheld and how far sweeps under way have come, of the"
                    + " accounts that the configuration names, by what pollers wrote to Kafka; where postgres is configured"
                    + " also since when the tables hold a sweep.",
            "Where the tables do not follow the topics, it says which command repairs that.",
            "Ends with 0 only when every account is connected and the tables follow the topics."
        })
final class StatusCommand implements Callable<Integer> {

    /** For whom. */
    enum Output {
        text,
        json
    }

    private final KandjiStream root;

    @Mixin
    private ConfigOptions config;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            defaultValue = "text",
            description = "text for people, json for programs. Default: ${DEFAULT-VALUE}.")
    private Output output;

    @Option(
            names = "--account",
            paramLabel = "ID",
            converter = IdConverter.class,
            description = "Of this account only; several times.")
    private List<String> accounts = List.of();

    @Option(
            names = "--all",
            description = "Of every account that was ever swept, configured or not; reads thirty days of receipts.")
    private boolean all;

    @Option(names = "--details", description = "In full also what is well; by default a line of the table.")
    private boolean details;

    @Spec
    private CommandSpec spec;

    StatusCommand(KandjiStream root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        Logging.toNowhere(root.isVerbose());
        Configuration configuration = config.read(Set.of(Part.SINK));
        Set<String> asked = asked(accounts, all, config);
        Status status = status(configuration, asked);
        Terminal terminal = Terminal.standardOutput(System.getenv());
        Instant now = Instant.now();
        if (output == Output.json) {
            terminal.line(StatusJson.of(status, now));
        } else {
            new StatusTable(terminal, now, ZoneId.systemDefault())
                    .lines(status, details)
                    .forEach(terminal::line);
        }
        return status.isWell() ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    /** Those named, else those configured; empty where that is none, or all are wanted. */
    static Set<String> asked(List<String> named, boolean all, ConfigOptions config) {
        if (all) {
            return Set.of();
        }
        return named.isEmpty() ? config.accountIds() : new TreeSet<>(named);
    }

    private Status status(Configuration configuration, Set<String> asked) {
        Map<String, Object> properties = RunningPipeline.clientProperties(configuration);
        List<SweepReceipt> receipts = receipts(configuration, asked);
        try {
            List<SweepProgress> running = RunningSweeps.read(configuration.topics(), properties, asked, Instant.now());
            return new Status(receipts, running, applied(configuration), asked, tables(configuration));
        } catch (KafkaException failure) {
            throw away(properties, failure);
        }
    }

    /**
     * @param asked accounts; empty: all
     * @throws Failure when they cannot be read
     */
    static List<SweepReceipt> receipts(Configuration configuration, Set<String> asked) {
        Map<String, Object> properties = RunningPipeline.clientProperties(configuration);
        try (var log = new ReceiptLog(configuration.topics(), properties)) {
            return log.latest(asked);
        } catch (KafkaException failure) {
            throw away(properties, failure);
        }
    }

    /** What to tell when broker or registry do not do what was asked. */
    static Failure away(Map<String, Object> properties, KafkaException failure) {
        return new Failure(
                "Expected Kafka at " + properties.get("bootstrap.servers") + " and a schema registry at "
                        + properties.get("schema.registry.url") + " to answer, found: " + failure.getMessage()
                        + ". Is the pipeline running, and are kafka.bootstrap_servers and schema_registry.url right?",
                failure);
    }

    /** Without the database everything else can still be told. */
    private Map<String, Instant> applied(Configuration configuration) {
        if (configuration.postgres().isEmpty()) {
            return Map.of();
        }
        try {
            return new AppliedSweeps(configuration.postgres().get()).times();
        } catch (SQLException fault) {
            spec.commandLine()
                    .getErr()
                    .println("Expected the database at postgres.url to tell since when tables hold a sweep, found: "
                            + fault.getMessage() + ". The rest is told without it.");
            return Map.of();
        }
    }

    /** Only where the database is configured, or everything is embedded: else another database might answer here. */
    private static TablesState tables(Configuration configuration) {
        boolean embedded =
                configuration.postgres().isEmpty() && configuration.kafka().isEmpty();
        if (configuration.postgres().isEmpty() && !embedded) {
            return TablesState.UNKNOWN;
        }
        try {
            return TablesState.read(RunningPipeline.sinkConfig(configuration));
        } catch (SQLException unreachable) {
            return TablesState.UNKNOWN; // said already, when the times were asked for
        }
    }
}
