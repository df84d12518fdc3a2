package dev.kandjistream.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How long decisions over HTTP take at a steady rate: {@link DecisionServer} in one process, who asks in this one. */
public final class HttpBenchmark {
    private static final String TOKEN = "benchmark";
    private static final String LAUNCHERS_OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=4";

    private HttpBenchmark() {}

    /** @param args see {@link HttpOptions} */
    public static void main(String[] args) throws Exception {
        if (List.of(args).contains("--help")) {
            System.out.print(HttpOptions.USAGE);
            return;
        }
        HttpOptions options;
        try {
            options = HttpOptions.parse(List.of(args));
        } catch (IllegalArgumentException fault) {
            System.err.println(fault.getMessage().strip());
            System.exit(2);
            return;
        }
        measure(options);
    }

    private static void measure(HttpOptions options) throws Exception {
        Path directory = Files.createTempDirectory("kandji-stream-benchmark");
        Process server = server(directory, options);
        try (var lines = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            String url = lines.lines()
                    .filter(line -> line.startsWith("http://"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            "The server did not start; see " + directory.resolve("server.log")));
            measure(options, URI.create(url), server);
        } finally {
            server.destroy();
            server.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static Process server(Path directory, HttpOptions options) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(TOKEN.getBytes(StandardCharsets.US_ASCII));
        Path tokens = Files.writeString(
                directory.resolve("tokens.yml"), """
                tokens:
                  - { name: benchmark, sha256: "%s", scopes: [decide] }
                """.formatted(HexFormat.of().formatHex(digest)));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(javaOptions().split(" ")));
        command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path")));
        command.add(DecisionServer.class.getName());
        command.addAll(List.of(tokens.toString(), "" + options.devices(), "" + options.rules()));
        return new ProcessBuilder(command)
                .redirectError(directory.resolve("server.log").toFile())
                .start();
    }

    private static String javaOptions() {
        return System.getenv().getOrDefault("SERVER_JAVA_OPTS", LAUNCHERS_OPTIONS);
    }

    private static void measure(HttpOptions options, URI url, Process server) throws IOException {
        System.out.printf(
                Locale.ROOT,
                "%,d decisions a second for %d s, %d rules, %,d devices, %d connections; server: %s%n",
                options.perSecond(),
                options.seconds(),
                options.rules(),
                options.devices(),
                options.connections(),
                javaOptions());
        var address = new InetSocketAddress(url.getHost(), url.getPort());
        try (var load = new OpenLoop(address, requests(options, url), options.connections())) {
            // A young JVM cannot keep up; what it then owes would take the rest of the warm-up to pay.
            Duration half = Duration.ofSeconds((options.warmUp() + 1) / 2);
            load.run(Math.max(1, options.perSecond() / 5), half);
            System.out.printf("warm-up, not counted: %s%n", load.run(options.perSecond(), half));
            double busy = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
            Duration serverBefore = cpu(server.toHandle());
            Duration ownBefore = cpu(ProcessHandle.current());
            long start = System.nanoTime();
            Latencies latencies = load.run(options.perSecond(), Duration.ofSeconds(options.seconds()));
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(Locale.ROOT, "%,d decisions in %.1f s: %s%n", latencies.count(), seconds, latencies);
            List<Double> p99s = latencies.bySecond(options.perSecond());
            System.out.printf(
                    Locale.ROOT,
                    "p99 second by second: best %.2f ms, middle %.2f ms, worst %.2f ms; %d of %d below 10 ms%n",
                    p99s.get(0),
                    p99s.get(p99s.size() / 2),
                    p99s.get(p99s.size() - 1),
                    p99s.stream().filter(millis -> millis < 10).count(),
                    p99s.size());
            System.out.printf(
                    Locale.ROOT,
                    "CPU a decision: server %.0f µs, who asks %.0f µs; load average before %.1f, after %.1f%n",
                    micros(cpu(server.toHandle()).minus(serverBefore), latencies.count()),
                    micros(cpu(ProcessHandle.current()).minus(ownBefore), latencies.count()),
                    busy,
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        }
    }

    private static List<byte[]> requests(HttpOptions options, URI url) {
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < options.devices(); i++) {
            String body =
                    "{\"serial_number\":\"%s\",\"platform\":\"macOS\",\"user_email\":\"person%d@acme.example\",\"context\":{\"app\":\"vpn\"}}"
                            .formatted(DecisionServer.serialNumber(i), i);
            requests.add(("POST /v1/decisions HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\nAuthorization: Bearer "
                            + TOKEN + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                            + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.US_ASCII));
        }
        return requests;
    }

    private static Duration cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static double micros(Duration cpu, int decisions) {
        return cpu.toNanos() / 1e3 / decisions;
    }
}
