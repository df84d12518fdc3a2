package dev.kandjistream.standalone.cli;

import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.config.Part;
import dev.kandjistream.standalone.console.StatusJson;
import dev.kandjistream.standalone.console.StatusView;
import dev.kandjistream.standalone.console.Terminal;
import dev.kandjistream.standalone.run.AppliedSweeps;
import dev.kandjistream.standalone.run.ReceiptLog;
import dev.kandjistream.standalone.run.RunningPipeline;
import dev.kandjistream.sweeps.SweepReceipt;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kandji-stream status}. */
@Command(
        name = "status",
        header = "Tells how each account stands, from its last sweeps.",
        description = {
            "Connection, verdict, freshness, quota and what is withheld, from the receipts in Kafka; where postgres is"
                    + " configured also since when the tables hold a sweep.",
            "Ends with 0 only when every account is connected."
        })
final class StatusCommand implements Callable<Integer> {

    /** For whom. */
    enum Output {
        text,
        json
    }

    @Mixin
    private ConfigOptions config;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            defaultValue = "text",
            description = "text for people, json for programs. Default: ${DEFAULT-VALUE}.")
    private Output output;

    @Override
    public Integer call() {
        Configuration configuration = config.read(Set.of(Part.SINK));
        List<SweepReceipt> receipts = receipts(configuration);
        Map<String, Instant> applied = applied(configuration);
        Terminal terminal = Terminal.standardOutput(System.getenv());
        if (output == Output.json) {
            terminal.line(StatusJson.of(receipts, applied, Instant.now()));
        } else {
            new StatusView(terminal, Instant.now()).lines(receipts, applied).forEach(terminal::line);
        }
        boolean connected =
                receipts.stream().allMatch(receipt -> receipt.getConnection().equals("CONNECTED"));
        return connected ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    /** @throws Failure when they cannot be read */
    static List<SweepReceipt> receipts(Configuration configuration) {
        Map<String, Object> properties = RunningPipeline.clientProperties(configuration);
        try (var log = new ReceiptLog(configuration.topics(), properties)) {
            return log.latest();
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

    private static Map<String, Instant> applied(Configuration configuration) {
        if (configuration.postgres().isEmpty()) {
            return Map.of();
        }
        try {
            return new AppliedSweeps(configuration.postgres().get()).times();
        } catch (SQLException fault) {
            throw new Failure("The database cannot be asked: " + fault.getMessage(), fault);
        }
    }
}
