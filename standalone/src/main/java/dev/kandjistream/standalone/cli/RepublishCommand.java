package dev.kandjistream.standalone.cli;

import dev.kandjistream.config.Durations;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.console.RepublishView;
import dev.kandjistream.standalone.console.Terminal;
import dev.kandjistream.standalone.run.CommandWriter;
import dev.kandjistream.standalone.run.ReceiptLog;
import dev.kandjistream.standalone.run.Republication;
import dev.kandjistream.standalone.run.RunningPipeline;
import dev.kandjistream.standalone.run.StopSignal;
import dev.kandjistream.sweeps.SweepReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kandji-stream republish}. */
@Command(
        name = "republish",
        header = "Publishes accounts to the raw topics again.",
        description = {
            "Asks the running pollers to sweep the devices and apps of accounts at once and to publish every device,"
                    + " changed or not, and follows the sweeps to the end. Everything else goes on.",
            "It retracts nothing, begins no new baseline, and makes no change events where nothing changed. A raw topic"
                    + " that was deleted needs no command: pollers notice that by themselves."
        })
final class RepublishCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration IDLE = Duration.ofMinutes(2);

    private final KandjiStream root;
    private final StopSignal stop;

    @Mixin
    private ConfigOptions config;

    @Option(
            names = "--account",
            paramLabel = "ID",
            converter = IdConverter.class,
            description = "Publish this account again. Repeatable.")
    private List<String> named = List.of();

    @Option(
            names = "--all",
            description = "Publish every account of the configuration again; every account that was"
                    + " ever swept where it names none.")
    private boolean all;

    @Option(names = "--dry-run", description = "Show what would be published and write nothing.")
    private boolean dryRun;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "2h",
            converter = DurationConverter.class,
            description = "Follow the sweeps for at most so long. Default: ${DEFAULT-VALUE}.")
    private Duration wait;

    @Spec
    private CommandSpec spec;

    RepublishCommand(KandjiStream root, StopSignal stop) {
        this.root = root;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        if (all == !named.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "expected either --account, once or several times, or --all");
        }
        Logging.toNowhere(root.isVerbose());
        Configuration configuration = config.read(Set.of());
        Map<String, Object> properties = RunningPipeline.clientProperties(configuration);
        Terminal terminal = Terminal.standardOutput(System.getenv());
        try (var receipts = new ReceiptLog(configuration.topics(), properties)) {
            List<SweepReceipt> latest = receipts.latest(all ? config.accountIds() : new TreeSet<>(named));
            Set<String> accounts = RetractionsCommand.accounts(latest);
            requireSwept(accounts, receipts);
            var view = new RepublishView(terminal);
            if (dryRun) {
                view.plan(latest).forEach(terminal::line);
                return ExitCodes.DONE;
            }
            var republications = new ArrayList<Republication>();
            for (String account : accounts) {
                var command = command(account);
                republications.add(new Republication(account, command.getCommandId()));
                new CommandWriter(configuration.topics(), properties).write(command);
            }
            terminal.line("Asked the pollers to publish again: " + String.join(", ", accounts));
            return follow(republications, receipts, view, terminal);
        } catch (KafkaException failure) {
            throw StatusCommand.away(properties, failure);
        }
    }

    /** A name that nobody has ever swept would wait for an answer for ever. */
    private void requireSwept(Set<String> accounts, ReceiptLog receipts) {
        List<String> unknown =
                named.stream().filter(account -> !accounts.contains(account)).toList();
        if (!unknown.isEmpty() || accounts.isEmpty()) {
            throw new Failure(
                    "Expected accounts that were swept, found \"" + String.join("\", \"", unknown) + "\"; there are "
                            + RetractionsCommand.named(RetractionsCommand.accounts(receipts.latest(Set.of()))));
        }
    }

    private static dev.kandjistream.commands.Command command(String account) {
        String by = System.getProperty("user.name");
        return dev.kandjistream.commands.Command.newBuilder()
                .setCommandId(UUID.randomUUID().toString())
                .setAccountId(account)
                .setAction("republish")
                .setDeviceIds(List.of())
                .setBy(by == null || by.isBlank() ? "unknown" : by)
                .setWhy("kandji-stream republish")
                .setIssuedAt(Instant.now())
                .build();
    }

    private int follow(List<Republication> republications, ReceiptLog receipts, RepublishView view, Terminal terminal) {
        long deadline = System.nanoTime() + wait.toNanos();
        long heard = System.nanoTime();
        boolean warned = false;
        while (!republications.stream().allMatch(Republication::ended)) {
            stop.pause(Duration.ZERO);
            if (System.nanoTime() > deadline) {
                throw new Failure("Not done after " + Durations.format(wait) + ": "
                        + republications.stream()
                                .filter(account -> !account.ended())
                                .map(Republication::waitsFor)
                                .toList()
                        + ". The pollers go on with it; kandji-stream status shows their sweeps.");
            }
            for (SweepReceipt receipt : receipts.next(LOOK)) {
                for (Republication republication : republications) {
                    if (republication.take(receipt)) {
                        heard = System.nanoTime();
                        terminal.line(view.receipt(receipt));
                    }
                }
            }
            if (!warned && System.nanoTime() - heard > IDLE.toNanos()) {
                warned = true;
                terminal.line("  No sweep has ended for " + IDLE.toSeconds()
                        + " s. Large accounts take an hour. Do the pollers run, and are they ready? Waiting for them.");
            }
        }
        republications.forEach(account -> view.outcome(account).forEach(terminal::line));
        return republications.stream().allMatch(Republication::isWhole) ? ExitCodes.DONE : ExitCodes.FAILED;
    }
}
