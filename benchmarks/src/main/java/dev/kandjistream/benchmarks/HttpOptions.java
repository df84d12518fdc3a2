package dev.kandjistream.benchmarks;

import java.util.List;

/**
 * What to ask of the API.
 *
 * @param seconds that are measured, after {@code warmUp} that are not
 */
record HttpOptions(int perSecond, int seconds, int warmUp, int connections, int devices, int rules) {
    static final String USAGE = """
            usage: benchmarks/http [--per-second N] [--seconds N] [--warm-up N]
                                   [--connections N] [--devices N] [--rules N]

              --per-second N    decisions a second (5000)
              --seconds N       that are measured (30)
              --warm-up N       seconds before, half of them at a fifth of the rate (20)
              --connections N   that are kept open (32)
              --devices N       in the made-up fleet (10000)
              --rules N         of the policy; the last one allows (10)

            SERVER_JAVA_OPTS in the environment are the server's JVM options
            (-XX:+UseSerialGC -XX:TieredStopAtLevel=4, as the launcher has them).
            """;

    /** @throws IllegalArgumentException saying which option is wrong and what was expected */
    static HttpOptions parse(List<String> args) {
        int[] values = {5_000, 30, 20, 32, 10_000, 10};
        List<String> names = List.of("--per-second", "--seconds", "--warm-up", "--connections", "--devices", "--rules");
        for (int i = 0; i < args.size(); i += 2) {
            int which = names.indexOf(args.get(i));
            String value = i + 1 < args.size() ? args.get(i + 1) : "nothing";
            if (which < 0) {
                throw new IllegalArgumentException("expected an option, found \"" + args.get(i) + "\"\n" + USAGE);
            }
            if (!value.matches("[1-9]\\d{0,6}")) {
                throw new IllegalArgumentException(
                        "expected after " + args.get(i) + " a whole number of at least 1, found " + value);
            }
            values[which] = Integer.parseInt(value);
        }
        return new HttpOptions(values[0], values[1], values[2], values[3], values[4], values[5]);
    }
}
