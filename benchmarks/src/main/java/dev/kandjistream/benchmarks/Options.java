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
    private static final int MOST_PER_SECOND = 49;

    static final String USAGE = """
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

    /** @throws IllegalArgumentException saying which option is wrong and what was expected */
    static Options parse(String[] args) {
        int devices = 1264;
        int apps = 150;
        String heap = "1g";
        int perSecond = 20;
        String only = "";
        for (int i = 1; i < args.length; i += 2) {
            String option = args[i];
            String value = i + 1 < args.length ? args[i + 1] : "";
            switch (option) {
                case "--devices" -> devices = number(option, value, Integer.MAX_VALUE);
                case "--apps-per-device" -> apps = number(option, value, Integer.MAX_VALUE);
                case "--heap" -> heap = matching(option, value, "\\d+[kmgKMG]", "a size such as 512m");
                case "--requests-per-second" -> perSecond = number(option, value, MOST_PER_SECOND);
                case "--only" -> only = matching(option, value, "alone|together", "alone or together");
                default -> throw new IllegalArgumentException("expected an option, found \"" + option + "\"\n" + USAGE);
            }
        }
        return new Options(
                args[0], devices, apps, "-Xmx" + heap, perSecond, !only.equals("together"), !only.equals("alone"));
    }

    /** Whether somebody only wants to know what there is. */
    static boolean asksForHelp(String[] args) {
        return List.of(args).contains("--help");
    }

    private static int number(String option, String value, int most) {
        matching(option, value, "\\d{1,9}", "a whole number");
        int number = Integer.parseInt(value);
        if (number < 1 || number > most) {
            throw new IllegalArgumentException("expected after " + option + " at least 1"
                    + (most == Integer.MAX_VALUE ? "" : " and at most " + most) + ", found " + value);
        }
        return number;
    }

    private static String matching(String option, String value, String form, String expected) {
        if (!value.matches(form)) {
            throw new IllegalArgumentException("expected after " + option + " " + expected + ", found "
                    + (value.isEmpty() ? "nothing" : "\"" + value + "\""));
        }
        return value;
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
