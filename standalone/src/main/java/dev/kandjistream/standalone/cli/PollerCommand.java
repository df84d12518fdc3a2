package dev.kandjistream.standalone.cli;

import dev.kandjistream.standalone.config.ConfigSource;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.config.Part;
import dev.kandjistream.standalone.config.WatchedAccounts;
import dev.kandjistream.standalone.run.SingleService;
import dev.kandjistream.standalone.run.StopSignal;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kandji-stream poller}. */
@Command(
        name = "poller",
        header = "Runs the poller alone: accounts into raw topics.",
        description =
                "Sweeps the configured accounts, and follows the file as they change; needs kafka and schema_registry in the configuration.")
final class PollerCommand implements Callable<Integer> {
    private static final int USUAL_OPS_PORT = 9471;

    private final StopSignal stop;

    @Mixin
    private ConfigOptions config;

    PollerCommand(StopSignal stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() {
        ConfigSource source = config.source(Set.of(Part.POLLER), System.getenv());
        Configuration configuration = source.read();
        configuration.requireExternal("poller", false);
        RejectedAccounts.complain(configuration);
        return ServiceRun.run(
                configuration,
                USUAL_OPS_PORT,
                stop,
                (read, metrics) -> SingleService.poller(read, new WatchedAccounts(source, read), metrics.registry()));
    }
}
