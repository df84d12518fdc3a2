package dev.kandjistream.standalone.cli;

import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.console.Terminal;
import dev.kandjistream.standalone.run.CommandWriter;
import dev.kandjistream.standalone.run.ReceiptLog;
import dev.kandjistream.standalone.run.RunningPipeline;
import dev.kandjistream.standalone.run.StopSignal;
import dev.kandjistream.sweeps.CommandAnswer;
import dev.kandjistream.sweeps.SweepReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kandji-stream retractions approve} and {@code reject}: one command to the topic, and its answer if wanted. */
abstract class DecisionCommands implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofMillis(200);

    private final String action;
    private final StopSignal stop;

    @Mixin
    private ConfigOptions config;

    @Option(
            names = "--account",
            paramLabel = "ID",
            description = "The account; may be left out where there is only one.")
    private String account;

    @Option(names = "--device", paramLabel = "ID", description = "A device whose retraction is meant; several times.")
    private List<String> devices = List.of();

    @Option(names = "--all", description = "Everything of the account that is withheld when the poller reads this.")
    private boolean all;

    @Option(names = "--why", paramLabel = "TEXT", required = true, description = "Why; kept with the decision.")
    private String why;

    @Option(names = "--by", paramLabel = "NAME", description = "Who decides. Default: the user of this system.")
    private String by = System.getProperty("user.name");

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            arity = "0..1",
            fallbackValue = "15m",
            converter = DurationConverter.class,
            description = "Wait for the answer, at most so long (${FALLBACK-VALUE}); not 0 when nothing was decided.")
    private Duration wait;

    @Spec
    private CommandSpec spec;

    DecisionCommands(String action, StopSignal stop) {
        this.action = action;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        if (all == !devices.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "expected either --device, once or several times, or --all");
        }
        Configuration configuration = config.read(Set.of());
        Map<String, Object> properties = RunningPipeline.clientProperties(configuration);
        try (var receipts = new ReceiptLog(configuration.topics(), properties)) {
            var command = command(account(receipts.latest()));
            new CommandWriter(configuration.topics(), properties).write(command);
            Terminal terminal = Terminal.standardOutput(System.getenv());
            terminal.line("Asked the poller of " + command.getAccountId() + " to " + action + ", command "
                    + command.getCommandId());
            return wait == null ? ExitCodes.DONE : await(command, receipts, terminal);
        } catch (KafkaException failure) {
            throw StatusCommand.away(properties, failure);
        }
    }

    private dev.kandjistream.commands.Command command(String accountId) {
        return dev.kandjistream.commands.Command.newBuilder()
                .setCommandId(UUID.randomUUID().toString())
                .setAccountId(accountId)
                .setAction(action)
                .setDeviceIds(devices)
                .setBy(by)
                .setWhy(why)
                .setIssuedAt(Instant.now())
                .build();
    }

    /** A name that nobody has ever swept would wait for an answer for ever. */
    private String account(List<SweepReceipt> receipts) {
        Set<String> known =
                receipts.stream().map(SweepReceipt::getAccountId).collect(Collectors.toCollection(TreeSet::new));
        if (account == null && known.size() == 1) {
            return known.iterator().next();
        }
        if (account == null) {
            throw new Failure("Expected --account, as there is not just one: found " + named(known));
        }
        if (!known.contains(account)) {
            throw new Failure(
                    "Expected an account that was swept, found \"" + account + "\"; there are " + named(known));
        }
        return account;
    }

    private static String named(Set<String> accounts) {
        return accounts.isEmpty() ? "none" : String.join(", ", accounts);
    }

    private int await(dev.kandjistream.commands.Command command, ReceiptLog receipts, Terminal terminal) {
        long deadline = System.nanoTime() + wait.toNanos();
        while (System.nanoTime() < deadline) {
            stop.pause(Duration.ZERO);
            Optional<CommandAnswer> answer = receipts.next(LOOK).stream()
                    .filter(receipt -> receipt.getAccountId().equals(command.getAccountId()))
                    .flatMap(receipt -> receipt.getAnswers().stream())
                    .filter(given -> given.getCommandId().equals(command.getCommandId()))
                    .findFirst();
            if (answer.isPresent()) {
                return tell(answer.get(), terminal);
            }
        }
        throw new Failure("No answer after " + wait.toSeconds() + " s. The command stays in "
                + "its topic for the next sweep of " + command.getAccountId() + "; is its poller running?");
    }

    private static int tell(CommandAnswer answer, Terminal terminal) {
        boolean applied = answer.getOutcome().equals("APPLIED");
        terminal.line(terminal.mark(applied) + " " + answer.getOutcome() + ", " + answer.getDevices() + " devices");
        return applied ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    /** {@code approve}. */
    @Command(
            name = "approve",
            header = "Lets withheld retractions go out.",
            description = "The next whole sweep that still misses them retracts them; what it shows again stays.")
    static final class Approve extends DecisionCommands {
        Approve(StopSignal stop) {
            super("approve", stop);
        }
    }

    /** {@code reject}. */
    @Command(
            name = "reject",
            header = "Holds withheld retractions until they return.",
            description = "Neither time nor share releases them any more; a later approve does.")
    static final class Reject extends DecisionCommands {
        Reject(StopSignal stop) {
            super("reject", stop);
        }
    }
}
