package dev.kandjistream.standalone.cli;

import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.http.RateLimits;
import dev.kandjistream.simulator.script.Script;
import dev.kandjistream.standalone.run.StopSignal;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kandji-stream simulator}. */
@Command(
        name = "simulator",
        header = "Serves a simulated Kandji API over HTTP.",
        description = {
            "For whoever has no tenant to try things on.",
            "Same seed, same fleet. GET /simulator tells how to change it, and switches faults."
        })
final class SimulatorCommand implements Callable<Integer> {

    /** Which age of the API is shown: newer tenants or older ones. */
    enum Form {
        us,
        eu
    }

    private final StopSignal stop;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen on. Default: ${DEFAULT-VALUE}.")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8090",
            converter = PortConverter.class,
            description = "Port; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "Token it accepts. Default: one made from the seed, which is printed.")
    private String token;

    @Option(
            names = "--devices",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Devices of the fleet. Default: ${DEFAULT-VALUE}.")
    private int devices;

    @Option(
            names = "--apps-per-device",
            paramLabel = "N",
            defaultValue = "150",
            description = "About how many app rows a Mac has. Default: ${DEFAULT-VALUE}.")
    private int appsPerDevice;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Same seed, same fleet. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--account",
            paramLabel = "ID",
            defaultValue = "acme",
            description = "Names the tenant and its email domain. Default: ${DEFAULT-VALUE}.")
    private String account;

    @Option(
            names = "--form",
            paramLabel = "FORM",
            defaultValue = "us",
            description = "How the API answers, as newer (us) or older (eu) tenants see it. Default: ${DEFAULT-VALUE}.")
    private Form form;

    @Option(
            names = "--hourly-limit",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Requests an hour that it allows and tells. Default: ${DEFAULT-VALUE}, as documented.")
    private int hourlyLimit;

    @Option(
            names = "--play",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Play a change of the fleet every so often, such as 30s. Default: none.")
    private Duration play;

    @Spec
    private CommandSpec spec;

    SimulatorCommand(StopSignal stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (KandjiSimulator simulator = start()) {
            out.println("api_url  " + simulator.url());
            out.println("token    " + simulator.token());
            out.println("fleet    " + devices + " devices, seed " + seed);
            out.println("Ctrl-C ends it.");
            out.flush();
            run(simulator, out);
            return ExitCodes.DONE;
        }
    }

    private void run(KandjiSimulator simulator, PrintWriter out) {
        Script script = simulator.endless();
        Duration pause = play == null ? Duration.ofDays(1) : play;
        while (true) {
            stop.pause(pause);
            if (play != null) {
                script.next().ifPresent(played -> {
                    out.println(played.description());
                    out.flush();
                });
            }
        }
    }

    private KandjiSimulator start() {
        Tenant tenant = tenant();
        var address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new Failure("Expected after --host an address of this machine, such as 127.0.0.1 or 0.0.0.0, found \""
                    + host + "\", which no name service knows.");
        }
        try {
            return KandjiSimulator.start(tenant, address);
        } catch (UncheckedIOException fault) {
            throw new Failure(
                    "The simulator cannot listen on " + host + ":" + port + " ("
                            + fault.getCause().getMessage() + "). Choose another --port, or 0 for any free one.",
                    fault);
        }
    }

    private void atLeast(int least, String option, int found) {
        if (found < least) {
            throw new ParameterException(
                    spec.commandLine(), "expected at least " + least + " after " + option + ", found " + found);
        }
    }

    private Tenant tenant() {
        atLeast(0, "--devices", devices);
        atLeast(0, "--apps-per-device", appsPerDevice);
        atLeast(1, "--hourly-limit", hourlyLimit);
        if (!account.matches("[a-z0-9-]+")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "expected after --account small letters, digits and dashes, found \"" + account + "\"");
        }
        try {
            Tenant tenant = (form == Form.us ? Tenant.us(account, seed) : Tenant.eu(account, seed))
                    // What changes from now on does so now, as the dates of answers say; looks for changes hold on to
                    // those.
                    .withClock(InstantSource.system())
                    .withDevices(devices)
                    .withAppsPerMac(appsPerDevice)
                    .withLimits(
                            new RateLimits(hourlyLimit, RateLimits.documented().perSecond(), true));
            return token == null ? tenant : tenant.withToken(token);
        } catch (IllegalArgumentException fault) {
            throw new ParameterException(spec.commandLine(), fault.getMessage());
        }
    }
}
