package dev.kandjistream.benchmarks;

import java.util.List;

/**
 * What to measure.
 *
 * @param launcher the program under test
 * @param heap heap of each service, as a JVM option
 */
record Options(String launcher, int devices, int appsPerDevice, String heap) {
    private static final String USAGE = """
            usage: benchmarks/run [--devices N] [--apps-per-device N] [--heap SIZE]

              --devices N           Macs of the simulated account (1000)
              --apps-per-device N   app rows a Mac (150)
              --heap SIZE           heap of each process, such as 512m (1g)
            """;

    static Options parse(String[] args) {
        int devices = 1000;
        int apps = 150;
        String heap = "1g";
        for (int i = 1; i < args.length; i += 2) {
            String value = i + 1 < args.length ? args[i + 1] : "";
            switch (args[i]) {
                case "--devices" -> devices = Integer.parseInt(value);
                case "--apps-per-device" -> apps = Integer.parseInt(value);
                case "--heap" -> heap = value;
                default -> {
                    System.err.print(USAGE);
                    System.exit(args[i].equals("--help") ? 0 : 2);
                }
            }
        }
        return new Options(args[0], devices, apps, "-Xmx" + heap);
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
                "1");
    }
}
