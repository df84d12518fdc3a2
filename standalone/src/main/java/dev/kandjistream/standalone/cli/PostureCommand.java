package dev.kandjistream.standalone.cli;

import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.config.Part;
import dev.kandjistream.standalone.run.SingleService;
import dev.kandjistream.standalone.run.StopSignal;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kandji-stream posture}. */
@Command(
        name = "posture",
        header = "Runs posture alone: answers for devices by serial number.",
        description =
                "Reads the fleet from the raw topics and answers allow, monitor or deny over HTTP; needs kafka, schema_registry and posture in the configuration.")
final class PostureCommand implements Callable<Integer> {
    private static final int USUAL_OPS_PORT = 9474;

    private final StopSignal stop;

    @Mixin
    private ConfigOptions config;

    PostureCommand(StopSignal stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Configuration configuration = config.read(Set.of(Part.POSTURE));
        configuration.requirePosture();
        return ServiceRun.run(
                configuration,
                USUAL_OPS_PORT,
                stop,
                (read, metrics) -> SingleService.posture(read, metrics.registry()));
    }
}
