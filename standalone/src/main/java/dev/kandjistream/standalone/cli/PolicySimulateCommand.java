package dev.kandjistream.standalone.cli;

import dev.kandjistream.posture.domain.Policy;
import dev.kandjistream.posture.policy.PolicyReader;
import dev.kandjistream.posture.policy.Simulation;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.config.Part;
import dev.kandjistream.standalone.console.SimulationJson;
import dev.kandjistream.standalone.console.SimulationTable;
import dev.kandjistream.standalone.console.Terminal;
import dev.kandjistream.standalone.run.PresentFleet;
import dev.kandjistream.standalone.run.RunningPipeline;
import dev.kandjistream.standalone.run.StopSignal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kandji-stream policy simulate}. */
@Command(
        name = "simulate",
        header = "Tells whom a policy would allow and deny at present.",
        description = {
            "Reads the fleet as posture does and judges every device, asked about by the user it is assigned to and"
                    + " without a context. With --against it tells what would change.",
            "Nothing is recorded and nobody is told."
        })
final class PolicySimulateCommand implements Callable<Integer> {
    private static final Duration USUAL_AGE = Duration.ofHours(1);

    /** As the option says them. */
    enum Output {
        text,
        json
    }

    private final KandjiStream root;
    private final StopSignal stop;

    @Mixin
    private ConfigOptions config;

    @Option(names = "--policy", paramLabel = "NEW", required = true, description = "The policy to be tried.")
    private Path policy;

    @Option(names = "--against", paramLabel = "OLD", description = "The policy that decides today.")
    private Path against;

    @Option(
            names = "--examples",
            paramLabel = "N",
            defaultValue = "3",
            description = "Serial numbers shown of each change. Default: ${DEFAULT-VALUE}.")
    private int examples;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            defaultValue = "text",
            description = "text for people, json for programs. Default: ${DEFAULT-VALUE}.")
    private Output output;

    PolicySimulateCommand(KandjiStream root, StopSignal stop) {
        this.root = root;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Logging.toNowhere(root.isVerbose());
        var reader = new PolicyReader();
        Policy tried = reader.read(policy);
        Optional<Policy> today = Optional.ofNullable(against).map(reader::read);
        List<Simulation.Subject> fleet = fleet(config.read(Set.of(Part.POSTURE)));
        Simulation.Report report = Simulation.run(fleet.stream(), tried, today, Math.max(0, examples));
        Terminal terminal = Terminal.standardOutput(System.getenv());
        if (output == Output.json) {
            terminal.line(SimulationJson.of(report));
        } else {
            new SimulationTable(terminal).lines(report).forEach(terminal::line);
        }
        return ExitCodes.DONE;
    }

    private List<Simulation.Subject> fleet(Configuration configuration) {
        Map<String, Object> properties = RunningPipeline.clientProperties(configuration);
        Function<String, Duration> allowedAge = configuration
                .posture()
                .<Function<String, Duration>>map(posture -> posture::allowedAge)
                .orElse(account -> USUAL_AGE);
        try {
            return PresentFleet.read(
                    configuration.topics(),
                    properties,
                    allowedAge,
                    configuration.serials().serialNumbers(),
                    stop);
        } catch (KafkaException failure) {
            throw StatusCommand.away(properties, failure);
        }
    }
}
