package dev.kandjistream.benchmarks;

import java.util.List;

/**
 * What to measure.
 *
 * @param launcher the program under test
 * @param heap heap of each service, as a JVM option
 * @param requestsPerSecond that the poller may make
 * @param alone whether to time each service alone
 * @param together whether to time all at once
 */
record Options(
        String launcher,
        int devices,
        int appsPerDevice,
        String heap,
        int requestsPerSecond,
        boolean alone,
        boolean together) {
    private static final String USAGE = """
            usage: benchmarks/run [--devices N] [--apps-per-device N] [--heap SIZE]
                                  [--requests-per-second N] [--only alone|together]

              --devices N           devices of the simulated account, two thirds Macs (1264,
                                    which have some 150,000 app rows)
              --apps-per-device N   app rows a Mac (150)
              --heap SIZE           heap of each process, such as 512m (1g)
              --requests-per-second N   that the poller may make, at most 49 (20)
              --only RUN            alone: one service after the other; together: all at once (both)

            KANDJI_STREAM_JAVA_OPTS in the environment gives each process further JVM options.
            """;

    static Options parse(String[] args) {
        int devices = 1264;
        int apps = 150;
        String heap = "1g";
        int perSecond = 20;
        String only = "";
        for (int i = 1; i < args.length; i += 2) {
            String value = i + 1 < args.length ? args[i + 1] : "";
            switch (args[i]) {
                case "--devices" -> devices = Integer.parseInt(value);
                case "--apps-per-device" -> apps = Integer.parseInt(value);
                case "--heap" -> heap = value;
                case "--requests-per-second" -> perSecond = Integer.parseInt(value);
                case "--only" -> only = value;
                default -> {
                    System.err.print(USAGE);
                    System.exit(args[i].equals("--help") ? 0 : 2);
                }
            }
        }
        return new Options(
                args[0], devices, apps, "-Xmx" + heap, perSecond, !only.equals("together"), !only.equals("alone"));
    }

    List<String> simulator(int port) {
        return List.of(
                launcher,
                "simulator",
                "--port",
                String.valueOf(port),
                "--token",
                "benchmark",
                "--devices",
                String.valueOf(devices),
                "--apps-per-device",
                String.valueOf(appsPerDevice),
                "--seed",
                "1",
                // A large fleet's first sweep would otherwise mostly wait for its budget; the limit a second stays.
                "--hourly-limit",
                "1000000");
    }
}
