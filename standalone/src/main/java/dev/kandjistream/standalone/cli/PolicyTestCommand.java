package dev.kandjistream.standalone.cli;

import dev.kandjistream.posture.domain.Policy;
import dev.kandjistream.posture.policy.Fixture;
import dev.kandjistream.posture.policy.FixtureReader;
import dev.kandjistream.posture.policy.PolicyReader;
import dev.kandjistream.standalone.console.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kandji-stream policy test}. */
@Command(
        name = "test",
        header = "Tries a policy on made-up devices and compares.",
        description = {
            "Each case of the fixtures gives attributes and says what is expected; an attribute that is not given is"
                    + " missing. See docs/policy.md.",
            "Ends with 0 when all is as expected, with 1 when not, with 3 when policy or fixtures are at fault."
        })
final class PolicyTestCommand implements Callable<Integer> {

    @Option(names = "--policy", paramLabel = "FILE", required = true, description = "The policy.")
    private Path policy;

    @Option(
            names = "--fixtures",
            paramLabel = "DIR",
            required = true,
            description = "Folder with files of cases, *.yml or *.yaml.")
    private Path fixtures;

    @Override
    public Integer call() {
        Policy read = new PolicyReader().read(policy);
        List<Fixture> cases = FixtureReader.in(fixtures);
        Terminal terminal = Terminal.standardOutput(System.getenv());
        int failed = 0;
        for (Fixture fixture : cases) {
            List<String> differences = fixture.differences(read);
            terminal.line(terminal.mark(differences.isEmpty()) + " " + Terminal.safe(fixture.name()));
            if (!differences.isEmpty()) {
                failed++;
                terminal.line("    " + fixture.place());
                differences.forEach(difference -> terminal.line("    " + Terminal.safe(difference)));
            }
        }
        terminal.line();
        terminal.line((cases.size() - failed) + " of " + cases.size() + " cases as expected, policy version "
                + read.version());
        return failed == 0 ? ExitCodes.DONE : ExitCodes.FAILED;
    }
}
