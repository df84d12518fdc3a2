package dev.kandjistream.standalone.cli;

import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.config.Part;
import dev.kandjistream.standalone.run.SingleService;
import dev.kandjistream.standalone.run.StopSignal;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kandji-stream enricher}. */
@Command(
        name = "enricher",
        header = "Runs the enricher alone: raw topics into change events.",
        description = "Makes license, usage, user and device events; needs kafka and schema_registry in the"
                + " configuration.")
final class EnricherCommand implements Callable<Integer> {
    private static final int USUAL_OPS_PORT = 9472;

    private final StopSignal stop;

    @Mixin
    private ConfigOptions config;

    EnricherCommand(StopSignal stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Configuration configuration = config.read(Set.of(Part.ENRICHER));
        configuration.requireExternal("enricher", false);
        return ServiceRun.run(
                configuration,
                USUAL_OPS_PORT,
                stop,
                (read, metrics) -> SingleService.enricher(read, metrics.registry()));
    }
}
