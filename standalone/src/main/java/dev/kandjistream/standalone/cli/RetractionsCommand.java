package dev.kandjistream.standalone.cli;

import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.console.RetractionsView;
import dev.kandjistream.standalone.console.Terminal;
import dev.kandjistream.standalone.run.StopSignal;
import dev.kandjistream.sweeps.SweepReceipt;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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

    static CommandLine commandLine(KandjiStream root, StopSignal stop) {
        return new CommandLine(new RetractionsCommand())
                .addSubcommand(new ListCommand(root))
                .addSubcommand(new DecisionCommands.Approve(root, stop))
                .addSubcommand(new DecisionCommands.Reject(root, stop));
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Those that receipts tell of. */
    static Set<String> accounts(List<SweepReceipt> receipts) {
        return receipts.stream().map(SweepReceipt::getAccountId).collect(Collectors.toCollection(TreeSet::new));
    }

    static String named(Set<String> accounts) {
        return accounts.isEmpty() ? "none" : String.join(", ", accounts);
    }

    /** {@code kandji-stream retractions list}. */
    @Command(
            name = "list",
            header = "Lists what is withheld: what, since when, and why.",
            description = "From the last receipt of each account and kind; the 1,000 that have waited longest of each.")
    static final class ListCommand implements Callable<Integer> {
        private final KandjiStream root;

        @Mixin
        private ConfigOptions config;

        @Option(
                names = "--account",
                paramLabel = "ID",
                converter = IdConverter.class,
                description = "Of this account only.")
        private String account;

        @Option(
                names = "--all",
                description = "Of every account that was ever swept, configured or not; reads thirty days of receipts.")
        private boolean all;

        ListCommand(KandjiStream root) {
            this.root = root;
        }

        @Override
        public Integer call() {
            Logging.toNowhere(root.isVerbose());
            Configuration configuration = config.read(Set.of());
            Set<String> asked = StatusCommand.asked(account == null ? List.of() : List.of(account), all, config);
            List<SweepReceipt> receipts = StatusCommand.receipts(configuration, asked);
            if (account != null && receipts.isEmpty()) {
                throw new Failure("Expected an account that was swept, found \"" + account + "\"; there are "
                        + named(accounts(StatusCommand.receipts(configuration, Set.of()))));
            }
            Terminal terminal = Terminal.standardOutput(System.getenv());
            new RetractionsView(terminal).lines(receipts).forEach(terminal::line);
            return ExitCodes.DONE;
        }
    }
}
