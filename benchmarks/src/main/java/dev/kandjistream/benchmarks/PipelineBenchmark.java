package dev.kandjistream.benchmarks;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Times the first sweeps of one simulated account, as whole processes.
 *
 * <p>First each service alone, one after the other over the same records: rows per second, and processor time per row
 * from the moment the service was ready. Then all three at once: seconds from the poller being ready until the last app
 * row stands in the tables.
 */
public final class PipelineBenchmark {
    private static final Duration LIMIT = Duration.ofMinutes(20);

    private final Options options;
    private final Path directory;
    private final Surroundings surroundings;
    private final String api;

    private PipelineBenchmark(Options options, Path directory, Surroundings surroundings, String api) {
        this.options = options;
        this.directory = directory;
        this.surroundings = surroundings;
        this.api = api;
    }

    /** @param args the launcher, then options; see {@link Options} */
    public static void main(String[] args) throws Exception {
        if (Options.asksForHelp(args)) {
            System.out.print(Options.USAGE);
            return;
        }
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException fault) {
            System.err.println(fault.getMessage().strip());
            System.exit(2);
            return;
        }
        measure(options);
    }

    private static void measure(Options options) throws Exception {
        Path directory = Files.createTempDirectory("kandji-stream-benchmark");
        int port = freePort();
        try (var surroundings = new Surroundings(directory);
                var simulator = ChildProcess.start("simulator", directory, options.heap(), options.simulator(port))) {
            simulator.await("listening", Duration.ofMinutes(2), () -> listens(port));
            String api = "http://127.0.0.1:" + port;
            var benchmark = new PipelineBenchmark(options, directory, surroundings, api);
            System.out.printf(
                    Locale.ROOT,
                    "%,d devices, about %d app rows a Mac and fewer on phones%n%n",
                    options.devices(),
                    options.appsPerDevice());
            if (options.alone()) {
                benchmark.eachAlone();
            }
            if (options.together()) {
                benchmark.together();
            }
        } finally {
            System.out.println("logs: " + directory);
        }
    }

    private void eachAlone() throws Exception {
        String prefix = "alone";
        createDatabase(prefix);
        long appRows = alone(prefix, "poller", 0);
        alone(prefix, "enricher", appRows);
        alone(prefix, "sink", 0);
        System.out.println();
    }

    /** @return how many rows the service worked on */
    private long alone(String prefix, String service, long rowsKnown) throws Exception {
        try (var progress = new Progress(surroundings, prefix);
                var process = service(prefix, service)) {
            Duration before = process.cpu();
            long start = System.nanoTime();
            process.await("done", LIMIT, () -> progress.isDone(service));
            double seconds = (System.nanoTime() - start) / 1e9;
            Duration cpu = process.cpu().minus(before);
            long rows = rowsKnown > 0 ? rowsKnown : progress.rows(service);
            report(service + " alone", rows, service.equals("sink") ? "table row" : "app row", seconds, cpu);
            return rows;
        }
    }

    private void together() throws Exception {
        String prefix = "together";
        createDatabase(prefix);
        try (var progress = new Progress(surroundings, prefix);
                var enricher = service(prefix, "enricher");
                var sink = service(prefix, "sink");
                var poller = service(prefix, "poller")) {
            long start = System.nanoTime();
            var cpu = new ArrayList<Duration>();
            for (var service : List.of(poller, enricher, sink)) {
                cpu.add(service.cpu());
            }
            poller.await("swept", LIMIT, () -> progress.isDone("poller"));
            double swept = (System.nanoTime() - start) / 1e9;
            sink.await("in the tables", LIMIT, () -> progress.isDone("sink"));
            double seconds = (System.nanoTime() - start) / 1e9;
            long appRows = progress.rows("poller");
            report("poller, together", appRows, "app row", swept, poller.cpu().minus(cpu.get(0)));
            report(
                    "enricher, together",
                    appRows,
                    "app row",
                    seconds,
                    enricher.cpu().minus(cpu.get(1)));
            report(
                    "sink, together",
                    progress.rows("sink"),
                    "table row",
                    seconds,
                    sink.cpu().minus(cpu.get(2)));
            System.out.printf(
                    Locale.ROOT,
                    "%nall three: %d app rows swept in %.1f s, %d rows in the tables after %.1f s%n",
                    appRows,
                    swept,
                    progress.rows("sink"),
                    seconds);
        }
    }

    private static void report(String what, long rows, String unit, double seconds, Duration cpu) {
        System.out.printf(
                Locale.ROOT,
                "%-20s %,9d %ss in %6.1f s  %,8.0f a second  %6.1f us CPU a %s%n",
                what,
                rows,
                unit,
                seconds,
                rows / seconds,
                cpu.toNanos() / 1e3 / Math.max(1, rows),
                unit);
    }

    /** The service, started and ready. */
    private ChildProcess service(String prefix, String service) throws Exception {
        int opsPort = freePort();
        Path file = surroundings.configuration(directory, prefix, prefix, api, options.requestsPerSecond(), opsPort);
        var command = List.of(options.launcher(), service, "--config", file.toString());
        var process = ChildProcess.start(prefix + "-" + service, directory, options.heap(), command);
        process.awaitReady(opsPort);
        return process;
    }

    private void createDatabase(String name) throws Exception {
        var postgres = surroundings.postgres();
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean listens(int port) {
        try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (java.io.IOException notYet) {
            return false;
        }
    }
}
