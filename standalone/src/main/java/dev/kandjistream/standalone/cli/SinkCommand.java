package dev.kandjistream.standalone.cli;

import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.config.Part;
import dev.kandjistream.standalone.run.SingleService;
import dev.kandjistream.standalone.run.StopSignal;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kandji-stream sink}. */
@Command(
        name = "sink",
        header = "Runs the sink alone: change events into tables.",
        description = "Writes rows; needs kafka, schema_registry and postgres in the configuration.")
final class SinkCommand implements Callable<Integer> {
    private static final int USUAL_OPS_PORT = 9473;

    private final StopSignal stop;

    @Mixin
    private ConfigOptions config;

    SinkCommand(StopSignal stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Configuration configuration = config.read(Set.of(Part.SINK));
        configuration.requireExternal("sink", true);
        return ServiceRun.run(
                configuration, USUAL_OPS_PORT, stop, (read, metrics) -> SingleService.sink(read, metrics.registry()));
    }
}
