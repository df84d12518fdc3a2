package dev.kandjistream.standalone.cli;

import dev.kandjistream.config.Durations;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.console.Terminal;
import dev.kandjistream.standalone.run.CommandWriter;
import dev.kandjistream.standalone.run.ReceiptLog;
import dev.kandjistream.standalone.run.RunningPipeline;
import dev.kandjistream.standalone.run.StopSignal;
import dev.kandjistream.sweeps.CommandAnswer;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.sweeps.WithheldRetraction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    private final KandjiStream root;
    private final String action;
    private final StopSignal stop;

    @Mixin
    private ConfigOptions config;

    @Option(
            names = "--account",
            paramLabel = "ID",
            converter = IdConverter.class,
            description = "The account; may be left out where there is only one.")
    private String account;

    @Option(
            names = "--device",
            paramLabel = "ID",
            converter = IdConverter.class,
            description = "A device whose retraction is meant; several times.")
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

    DecisionCommands(KandjiStream root, String action, StopSignal stop) {
        this.root = root;
        this.action = action;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        requireSense();
        Logging.toNowhere(root.isVerbose());
        Configuration configuration = config.read(Set.of());
        Map<String, Object> properties = RunningPipeline.clientProperties(configuration);
        try (var receipts = new ReceiptLog(configuration.topics(), properties)) {
            List<SweepReceipt> last = lastOfTheAccount(receipts);
            warnOfWhatIsNotWithheld(last);
            var command = command(last.get(0).getAccountId());
            new CommandWriter(configuration.topics(), properties).write(command);
            Terminal terminal = Terminal.standardOutput(System.getenv());
            terminal.line("Asked the poller of " + command.getAccountId() + " to " + action + ", command "
                    + command.getCommandId());
            return wait == null ? ExitCodes.DONE : await(command, receipts, terminal);
        } catch (KafkaException failure) {
            throw StatusCommand.away(properties, failure);
        }
    }

    private void requireSense() {
        if (all == !devices.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "expected either --device, once or several times, or --all");
        }
        if (devices.stream().anyMatch(String::isBlank)) {
            throw new ParameterException(
                    spec.commandLine(), "expected the id of a device after --device, found nothing");
        }
        if (why.isBlank()) {
            throw new ParameterException(
                    spec.commandLine(), "expected after --why what others will want to know later, found nothing");
        }
        if (by == null || by.isBlank()) {
            throw new ParameterException(spec.commandLine(), "expected after --by who decides, found nothing");
        }
    }

    /**
     * It is sent all the same: what the poller withholds when it reads the command counts, and that may be more than the last
     * receipts say or list.
     */
    private void warnOfWhatIsNotWithheld(List<SweepReceipt> receipts) {
        long withheld = receipts.stream().mapToLong(SweepReceipt::getWithheld).sum();
        Set<String> listed = receipts.stream()
                .flatMap(receipt -> receipt.getWithheldRetractions().stream())
                .map(WithheldRetraction::getDeviceId)
                .collect(Collectors.toSet());
        boolean allListed = receipts.stream()
                .allMatch(receipt -> receipt.getWithheld()
                        <= receipt.getWithheldRetractions().size());
        List<String> unknown =
                devices.stream().filter(device -> !listed.contains(device)).toList();
        if (all && withheld == 0) {
            warn("Nothing of the account is withheld by its last sweeps");
        } else if (allListed && !unknown.isEmpty()) {
            warn("Not withheld by the last sweeps of the account: " + String.join(", ", unknown));
        }
    }

    private void warn(String what) {
        spec.commandLine()
                .getErr()
                .println(what + ". Asking all the same, as the next sweep counts; kandji-stream retractions list tells"
                        + " what is withheld.");
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

    /** At least one: a name that nobody has ever swept would wait for an answer for ever. */
    private List<SweepReceipt> lastOfTheAccount(ReceiptLog receipts) {
        Set<String> known = account == null ? config.accountIds() : Set.of(account);
        if (known.isEmpty()) {
            known = RetractionsCommand.accounts(receipts.latest(Set.of()));
        }
        if (known.size() != 1) {
            throw new Failure("Expected --account, as there is not just one: found " + RetractionsCommand.named(known));
        }
        List<SweepReceipt> last = receipts.latest(known);
        if (last.isEmpty()) {
            throw new Failure("Expected an account that was swept, found \"" + String.join("", known) + "\"; there are "
                    + RetractionsCommand.named(RetractionsCommand.accounts(receipts.latest(Set.of()))));
        }
        return last;
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
        throw new Failure("No answer after " + Durations.format(wait) + ". The command stays in "
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
        Approve(KandjiStream root, StopSignal stop) {
            super(root, "approve", stop);
        }
    }

    /** {@code reject}. */
    @Command(
            name = "reject",
            header = "Holds withheld retractions until they return.",
            description = "Neither time nor share releases them any more; a later approve does.")
    static final class Reject extends DecisionCommands {
        Reject(KandjiStream root, StopSignal stop) {
            super(root, "reject", stop);
        }
    }
}
