package dev.kandjistream.standalone.cli;

import dev.kandjistream.config.ConfigException;
import dev.kandjistream.config.Fault;
import dev.kandjistream.poller.AccountConfig;
import dev.kandjistream.poller.check.AccountCheck;
import dev.kandjistream.standalone.config.ConfigReader;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.config.Part;
import dev.kandjistream.standalone.config.RejectedAccount;
import dev.kandjistream.standalone.console.CheckView;
import dev.kandjistream.standalone.console.Terminal;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kandji-stream check}. */
@Command(
        name = "check",
        header = "Tells whether accounts can be polled, endpoint by endpoint.",
        description = {
            "Tries token and endpoints of one account (--url, --token-file) or of all configured ones, and tells what"
                    + " the intervals will cost.",
            "Ends with 0 only when every account can be polled."
        })
final class CheckCommand implements Callable<Integer> {
    private static final String VARIABLE = "KANDJI_STREAM_ACCOUNTS_ACCOUNT_";

    @Option(names = "--url", paramLabel = "URL", description = "URL of the account's API, in any form Kandji shows it.")
    private String url;

    @Option(names = "--token-file", paramLabel = "FILE", description = "File with the account's API token.")
    private Path tokenFile;

    @Option(names = "--allow-http", description = "Accept http for a server that is not on this machine.")
    private boolean allowHttp;

    @Mixin
    private ConfigOptions config;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Configuration configuration = url == null && tokenFile == null ? config.read(Set.of(Part.POLLER)) : single();
        Terminal terminal = Terminal.standardOutput(System.getenv());
        boolean good = true;
        for (AccountConfig account : configuration.accounts()) {
            good &= check(account, terminal);
        }
        for (RejectedAccount account : configuration.rejected()) {
            good = false;
            terminal.line(terminal.mark(false) + " " + account.name() + " is not polled: its file is at fault");
            account.faults().forEach(fault -> terminal.line("    " + fault));
        }
        return good ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    private boolean check(AccountConfig account, Terminal terminal) {
        try {
            AccountCheck.Result result = AccountCheck.of(account);
            String name = url == null ? account.id() : "account";
            new CheckView(terminal).lines(name, result).forEach(terminal::line);
            return result.passed();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Failure("The check was interrupted", interrupted);
        }
    }

    /** One account from the command line, read as if it stood in the environment: same rules, same words. */
    private Configuration single() {
        if (url == null || tokenFile == null) {
            throw new ParameterException(
                    spec.commandLine(), "--url and --token-file belong together, or leave both out and use --config");
        }
        try {
            Map<String, String> account = Map.of(
                    VARIABLE + "API_URL", url,
                    VARIABLE + "TOKEN_FILE", tokenFile.toString(),
                    VARIABLE + "ALLOW_HTTP", String.valueOf(allowHttp));
            return ConfigReader.read(Optional.empty(), account, Set.of(Part.POLLER));
        } catch (ConfigException refusal) {
            throw new ConfigException(
                    refusal.faults().stream().map(CheckCommand::asOption).toList());
        }
    }

    /** The fault, where the person typed what is at fault. */
    private static Fault asOption(Fault fault) {
        String option = fault.place().source().endsWith("API_URL") ? "--url" : "--token-file";
        return new Fault(new Fault.Place(option, 0), "", fault.message());
    }
}
