package dev.kandjistream.standalone.cli;

import dev.kandjistream.standalone.run.StopSignal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kandji-stream policy}: what to do is the word after it. */
@Command(
        name = "policy",
        header = "Tries a posture policy before it is used.",
        description =
                "Posture's rules are a file; a fault in it, or a rule that refuses half a company, is better seen here.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n")
final class PolicyCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    static CommandLine commandLine(KandjiStream root, StopSignal stop) {
        return new CommandLine(new PolicyCommand())
                .addSubcommand(new PolicyShowCommand())
                .addSubcommand(new PolicyTestCommand())
                .addSubcommand(new PolicySimulateCommand(root, stop));
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
