package dev.kandjistream.standalone.cli;

import dev.kandjistream.config.ConfigException;
import dev.kandjistream.standalone.run.DataDirectory;
import dev.kandjistream.standalone.run.NotReadyException;
import dev.kandjistream.standalone.run.StopSignal;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line's root. Without a command it prints what there is. */
@Command(
        name = "kandji-stream",
        description =
                "Streams Kandji (Iru) device and app inventories as license and usage changes, to Kafka and PostgreSQL.",
        versionProvider = KandjiStream.Version.class,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        usageHelpAutoWidth = false,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, as asked",
            "1:not done: an account cannot be polled, a sweep was not whole, a service stopped",
            "2:the command line is wrong",
            "3:the configuration is wrong",
            "130, 143:stopped by Ctrl-C, by SIGTERM"
        },
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n")
public final class KandjiStream implements Runnable {

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log more, and show the stack trace of a failure.")
    private boolean verbose;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** The parsed and executable command line, whose {@code execute} gives the exit code. */
    public static CommandLine commandLine(StopSignal stop) {
        var root = new KandjiStream();
        return new CommandLine(root)
                .addSubcommand(new DemoCommand(root, stop))
                .addSubcommand(new CheckCommand())
                .addSubcommand(new UpCommand(root, stop))
                .addSubcommand(new PollerCommand(stop))
                .addSubcommand(new EnricherCommand(stop))
                .addSubcommand(new SinkCommand(stop))
                .addSubcommand(new PostureCommand(stop))
                .addSubcommand(new StatusCommand(root))
                .addSubcommand(RetractionsCommand.commandLine(root, stop))
                .addSubcommand(DeadLettersCommand.commandLine(root, stop))
                .addSubcommand(new RepublishCommand(root, stop))
                .addSubcommand(new ReplayCommand(root, stop))
                .addSubcommand(new RebuildCommand(root, stop))
                .addSubcommand(PolicyCommand.commandLine(root, stop))
                .addSubcommand(new AppConfigCommand())
                .addSubcommand(new SimulatorCommand(stop))
                .setExecutionExceptionHandler((failure, command, parsed) -> root.explain(failure, command, stop));
    }

    boolean isVerbose() {
        return verbose;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private int explain(Exception failure, CommandLine command, StopSignal stop) {
        if (failure instanceof StopSignal.Stopped) {
            return stop.exitCode();
        }
        PrintWriter err = command.getErr();
        if (verbose) {
            failure.printStackTrace(err);
        }
        if (failure instanceof ConfigException) {
            err.println(failure.getMessage());
            return ExitCodes.CONFIGURATION;
        }
        if (failure instanceof Failure
                || failure instanceof NotReadyException
                || failure instanceof DataDirectory.InUseException) {
            err.println(failure.getMessage());
        } else {
            err.println("Something failed that should not have: " + failure
                    + (verbose ? "" : "\nWith --verbose it says where."));
        }
        return ExitCodes.FAILED;
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = KandjiStream.class.getPackage().getImplementationVersion();
            return new String[] {
                "kandji-stream " + (version == null ? "(not from a jar)" : version),
                "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
            };
        }
    }
}
