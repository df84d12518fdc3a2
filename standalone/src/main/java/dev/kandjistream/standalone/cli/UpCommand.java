package dev.kandjistream.standalone.cli;

import ch.qos.logback.classic.Level;
import dev.kandjistream.poller.AccountConfig;
import dev.kandjistream.standalone.config.ConfigSource;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.config.Part;
import dev.kandjistream.standalone.config.RejectedAccount;
import dev.kandjistream.standalone.config.WatchedAccounts;
import dev.kandjistream.standalone.console.SweepConsole;
import dev.kandjistream.standalone.console.SweepConsole.Mode;
import dev.kandjistream.standalone.console.Terminal;
import dev.kandjistream.standalone.run.DataDirectory;
import dev.kandjistream.standalone.run.StopSignal;
import dev.kandjistream.standalone.run.Sweeps;
import dev.kandjistream.sweeps.SweepReceipt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kandji-stream up}. */
@Command(
        name = "up",
        header = "Runs everything in this process for real accounts.",
        description = {
            "Starts poller, enricher, sink and, where it is configured, posture, and whatever of Kafka, registry and PostgreSQL is not"
                    + " configured.",
            "With --once it sweeps each account once, follows that into the tables, prints the summary and ends."
        })
final class UpCommand implements Callable<Integer> {
    private static final Duration FOLLOW = Duration.ofMinutes(30);
    private static final Duration WATCH = Duration.ofMillis(500);

    private final KandjiStream root;
    private final StopSignal stop;

    @Mixin
    private ConfigOptions config;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Folder for everything embedded. Default: data_dir of the configuration, else ./data.")
    private Path dataDir;

    @Option(
            names = "--once",
            description = "One sweep of devices and apps of each account, then end; not 0 when one was not whole.")
    private boolean once;

    UpCommand(KandjiStream root, StopSignal stop) {
        this.root = root;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        ConfigSource source = config.source(Part.ALL, environment());
        Configuration configuration = source.read();
        Terminal terminal = Terminal.standardOutput(System.getenv());
        try (DataDirectory data = DataDirectory.open(configuration.dataDir(), DataDirectory.Use.UP)) {
            Logging.toFile(data.log(), root.isVerbose(), once ? Level.ERROR : Level.WARN);
            RejectedAccounts.complain(configuration);
            terminal.line("kandji-stream, data in " + data.path());
            try (Session session = Session.open(configuration, Session.USUAL_OPS_PORT, data, terminal, stop)) {
                return once
                        ? sweepOnce(session, configuration, terminal)
                        : run(session, new WatchedAccounts(source, configuration), terminal);
            }
        } finally {
            Logging.stop();
        }
    }

    private int run(Session session, WatchedAccounts accounts, Terminal terminal) {
        session.sweeps().tell(Mode.NEWS);
        session.pipeline().follow(accounts);
        session.pipeline().schedule();
        terminal.line();
        session.printWhere();
        terminal.line();
        terminal.line("Sweeping as configured; a line for each sweep that finds something. Ctrl-C ends it.");
        while (session.pipeline().failed().isEmpty()) {
            stop.pause(WATCH);
        }
        throw new Failure("Stopped for good: " + session.pipeline().failed().orElseThrow());
    }

    private int sweepOnce(Session session, Configuration configuration, Terminal terminal) {
        session.requireTables();
        terminal.line();
        terminal.line("Sweeping each account once");
        session.sweeps().tell(Mode.BARS);
        var sweeps = new Sweeps(session.pipeline(), stop);
        List<String> accounts =
                configuration.accounts().stream().map(AccountConfig::id).toList();
        List<SweepReceipt> receipts = sweeps.devicesThenApps(accounts);
        session.sweeps().tell(Mode.TROUBLE);
        terminal.line("Following it into the tables");
        sweeps.follow(receipts, FOLLOW, session.sweeps()::applied);
        terminal.line();
        session.printSummary();
        terminal.line();
        session.printWhere();
        return verdict(receipts, configuration.rejected(), terminal);
    }

    private static int verdict(List<SweepReceipt> receipts, List<RejectedAccount> rejected, Terminal terminal) {
        List<SweepReceipt> notWhole = receipts.stream()
                .filter(receipt -> !SweepConsole.isGood(receipt))
                .toList();
        if (notWhole.isEmpty() && rejected.isEmpty()) {
            return ExitCodes.DONE;
        }
        terminal.line();
        notWhole.forEach(receipt -> terminal.line(terminal.mark(false) + " " + SweepConsole.describeTrouble(receipt)));
        rejected.forEach(account -> terminal.line(terminal.mark(false) + " " + account.name()
                + ": not swept, its file is at fault: " + RejectedAccounts.describe(account)));
        return ExitCodes.FAILED;
    }

    /** The option is the variable's shorthand. */
    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        if (dataDir != null) {
            environment.put("KANDJI_STREAM_DATA_DIR", dataDir.toString());
        }
        return environment;
    }
}
