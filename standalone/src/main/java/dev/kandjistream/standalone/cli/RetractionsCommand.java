package dev.kandjistream.standalone.cli;

import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.console.RetractionsView;
import dev.kandjistream.standalone.console.Terminal;
import dev.kandjistream.standalone.run.StopSignal;
import dev.kandjistream.sweeps.SweepReceipt;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kandji-stream retractions}: what to do is the word after it. */
@Command(
        name = "retractions",
        header = "Lists what is withheld, and lets you decide about it.",
        description =
                "What an account no longer shows is retracted on evidence only; until there is enough it is withheld.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n")
final class RetractionsCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    static CommandLine commandLine(StopSignal stop) {
        return new CommandLine(new RetractionsCommand())
                .addSubcommand(new ListCommand())
                .addSubcommand(new DecisionCommands.Approve(stop))
                .addSubcommand(new DecisionCommands.Reject(stop));
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** {@code kandji-stream retractions list}. */
    @Command(
            name = "list",
            header = "Lists what is withheld: what, since when, and why.",
            description = "From the last receipt of each account and kind; the 1,000 that have waited longest of each.")
    static final class ListCommand implements Callable<Integer> {
        @Mixin
        private ConfigOptions config;

        @Option(names = "--account", paramLabel = "ID", description = "Of this account only.")
        private String account;

        @Override
        public Integer call() {
            Configuration configuration = config.read(Set.of());
            List<SweepReceipt> receipts = StatusCommand.receipts(configuration).stream()
                    .filter(receipt -> account == null || receipt.getAccountId().equals(account))
                    .toList();
            Terminal terminal = Terminal.standardOutput(System.getenv());
            new RetractionsView(terminal).lines(receipts).forEach(terminal::line);
            return ExitCodes.DONE;
        }
    }
}
