package dev.kandjistream.standalone.cli;

import dev.kandjistream.posture.policy.ShippedPolicy;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kandji-stream policy show}. */
@Command(
        name = "show",
        header = "Prints a policy to begin with.",
        description = {
            "connected: whatever Kandji knows may sign in. managed: whatever Kandji manages. trusted: what vendors of"
                    + " sign-in commonly ask of a trusted device.",
            "For a file: kandji-stream policy show managed > policy.yml"
        })
final class PolicyShowCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", arity = "1", description = "connected, managed or trusted.")
    private String name;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        ShippedPolicy policy = Arrays.stream(ShippedPolicy.values())
                .filter(shipped -> shipped.word().equals(name))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "expected one of " + words() + ", found \"" + name + "\""));
        PrintWriter out = spec.commandLine().getOut();
        out.print(policy.text());
        out.flush();
        return ExitCodes.DONE;
    }

    private static String words() {
        return Arrays.stream(ShippedPolicy.values()).map(ShippedPolicy::word).collect(Collectors.joining(", "));
    }
}
