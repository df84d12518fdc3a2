package dev.kandjistream.standalone;

import dev.kandjistream.standalone.cli.KandjiStream;
import dev.kandjistream.standalone.run.FatalErrors;
import dev.kandjistream.standalone.run.StopSignal;

/** Where the process begins and ends. */
public final class Main {
    private Main() {}

    /** Runs the command and ends the process with its exit code; threads that libraries left behind do not hold it. */
    public static void main(String[] arguments) {
        FatalErrors.install();
        System.exit(KandjiStream.commandLine(StopSignal.install()).execute(arguments));
    }
}
