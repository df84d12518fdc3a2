package dev.kandjistream.standalone.cli;

import ch.qos.logback.classic.Level;
import dev.kandjistream.standalone.config.ConfigReader;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.config.EmbeddedSettings;
import dev.kandjistream.standalone.console.SweepConsole;
import dev.kandjistream.standalone.console.Terminal;
import dev.kandjistream.standalone.console.Terminal.Style;
import dev.kandjistream.standalone.demo.Demo;
import dev.kandjistream.standalone.run.DataDirectory;
import dev.kandjistream.standalone.run.Ports;
import dev.kandjistream.standalone.run.StopSignal;
import dev.kandjistream.sweeps.SweepReceipt;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kandji-stream demo}. */
@Command(
        name = "demo",
        header = "Shows all of it with two simulated accounts.",
        description = {
            "Starts Kafka, registry, PostgreSQL, poller, enricher, sink and posture in this process.",
            "Prints a summary, then plays changes of the fleets and prints the events that come of them. Started again"
                    + " on the same data it goes on where it was."
        })
final class DemoCommand implements Callable<Integer> {
    private static final String PORT = "Default: ${DEFAULT-VALUE}, or a free one where it is busy; 0 takes a free one.";

    private final KandjiStream root;
    private final StopSignal stop;

    @Option(names = "--once", description = "Play one scripted day, print the final summary and end.")
    private boolean once;

    @Option(
            names = "--devices",
            paramLabel = "N",
            description = "Devices of acme; globex has a fifth of it. Default: 1000.")
    private Integer devices;

    @Option(names = "--apps-per-device", paramLabel = "N", description = "About how many apps a Mac has. Default: 150.")
    private Integer appsPerDevice;

    @Option(names = "--seed", paramLabel = "N", description = "Same seed, same fleets, same story. Default: 1.")
    private Long seed;

    @Option(names = "--all-events", description = "Print each event of a burst; by default the first few and a count.")
    private boolean allEvents;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "Folder for everything. Default: ./${DEFAULT-VALUE}.")
    private Path dataDir;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            defaultValue = "9092",
            converter = PortConverter.class,
            description = PORT)
    private int kafkaPort;

    @Option(
            names = "--registry-port",
            paramLabel = "PORT",
            defaultValue = "8081",
            converter = PortConverter.class,
            description = PORT)
    private int registryPort;

    @Option(
            names = "--postgres-port",
            paramLabel = "PORT",
            defaultValue = "5432",
            converter = PortConverter.class,
            description = PORT)
    private int postgresPort;

    @Option(
            names = "--posture-port",
            paramLabel = "PORT",
            defaultValue = "8480",
            converter = PortConverter.class,
            description = PORT)
    private int posturePort;

    @Option(
            names = "--ops-port",
            paramLabel = "PORT",
            defaultValue = "9470",
            converter = PortConverter.class,
            description = PORT)
    private int opsPort;

    @Spec
    private CommandSpec spec;

    DemoCommand(KandjiStream root, StopSignal stop) {
        this.root = root;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Terminal terminal = Terminal.standardOutput(System.getenv());
        try (DataDirectory data = DataDirectory.open(dataDir, DataDirectory.Use.DEMO)) {
            Logging.toFile(data.log(), root.isVerbose(), Level.ERROR);
            try (Demo demo = prepare(data)) {
                terminal.line(terminal.styled(Style.STRONG, "kandji-stream demo") + ", data in " + data.path());
                terminal.line();
                demo.apis().forEach(api -> terminal.line(Session.step(terminal, "simulated Kandji API", api)));
                try (Session session = Session.open(configuration(demo, data), opsPort, data, terminal, stop)) {
                    return play(demo, session, terminal);
                }
            }
        } finally {
            Logging.stop();
        }
    }

    private int play(Demo demo, Session session, Terminal terminal) {
        session.requireTables();
        var stage = new Demo.Stage(session.pipeline(), session.sweeps(), terminal, stop, allEvents);
        terminal.line();
        terminal.line(
                demo.continues()
                        ? "Going on where it was left: sweeping for what changed"
                        : "First sweeps: " + demo.fleets());
        Instant began = Instant.now();
        List<SweepReceipt> receipts = new ArrayList<>(demo.firstSweeps(stage));
        terminal.line(String.format(
                Locale.ROOT,
                "Swept and in the tables after %.1f s",
                Duration.between(began, Instant.now()).toMillis() / 1000.0));
        terminal.line();
        session.printSummary();
        terminal.line();
        demo.showPosture(stage);
        terminal.line();
        session.printWhere();
        terminal.line();
        if (!once) {
            terminal.line("Now the fleets change: ▸ what happens, + ~ - the events that come of it. Ctrl-C ends it.");
            demo.playOn(stage);
            throw new Failure("Stopped for good: " + session.pipeline().failed().orElse("for no reason given"));
        }
        terminal.line("A day in the life of both fleets: ▸ what happens, + ~ - the events that come of it");
        receipts.addAll(demo.playDay(stage));
        terminal.line();
        session.printSummary();
        return verdict(receipts, terminal);
    }

    private static int verdict(List<SweepReceipt> receipts, Terminal terminal) {
        List<SweepReceipt> notWhole = receipts.stream()
                .filter(receipt -> !SweepConsole.isGood(receipt))
                .toList();
        if (notWhole.isEmpty()) {
            return ExitCodes.DONE;
        }
        terminal.line();
        notWhole.forEach(receipt -> terminal.line(terminal.mark(false) + " " + SweepConsole.describeTrouble(receipt)));
        return ExitCodes.FAILED;
    }

    private Demo prepare(DataDirectory data) {
        for (Integer size : new Integer[] {devices, appsPerDevice}) {
            if (size != null && size < 1) {
                throw new ParameterException(
                        spec.commandLine(), "--devices and --apps-per-device must be at least 1, found " + size);
            }
        }
        try {
            return Demo.prepare(
                    data.path(),
                    Optional.ofNullable(devices),
                    Optional.ofNullable(appsPerDevice),
                    Optional.ofNullable(seed));
        } catch (IllegalArgumentException conflict) {
            throw new Failure(conflict.getMessage(), conflict);
        }
    }

    private Configuration configuration(Demo demo, DataDirectory data) {
        var ports = new EmbeddedSettings(kafkaPort, registryPort, postgresPort);
        return ConfigReader.embedded(
                data.path(),
                demo.accountConfigs(),
                Optional.of(demo.postureSettings(Ports.orAnyFree(posturePort))),
                ports);
    }
}
