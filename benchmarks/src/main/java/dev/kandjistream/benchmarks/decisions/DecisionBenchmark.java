package dev.kandjistream.benchmarks.decisions;

import dev.kandjistream.posture.domain.AccountState;
import dev.kandjistream.posture.domain.Doubt;
import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.posture.domain.Enrolments;
import dev.kandjistream.posture.domain.Outcome;
import dev.kandjistream.posture.domain.Policy;
import dev.kandjistream.posture.domain.Posture;
import dev.kandjistream.posture.domain.Question;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.domain.Sighting;
import dev.kandjistream.posture.domain.Verdict;
import dev.kandjistream.posture.policy.PolicyReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What one decision costs once the device is found: attributes made, rules judged. Policies of 10 and of 200 rules take turns, so
 * that what else the machine does falls on both; no rule but the last one matches.
 */
public final class DecisionBenchmark {
    private static final String USAGE = """
            usage: benchmarks/decisions [ROUNDS]

              ROUNDS   of 100,000 decisions by each policy, after two to warm up (10)
            """;

    private static final int DECISIONS = 100_000;
    private static final int WARM_UP = 2;
    private static final int DEVICES = 1_000;
    private static final long NOW = 1_767_600_000_000L;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final List<Question> questions = new ArrayList<>();
    private final List<Sighting> sightings = new ArrayList<>();

    private DecisionBenchmark() {
        var account = new AccountState("acme", "CONNECTED", NOW - 60_000, Duration.ofHours(1), false);
        for (int i = 0; i < DEVICES; i++) {
            questions.add(new Question(
                    SerialNumber.of("C02X" + i).orElseThrow(),
                    Optional.of("macOS"),
                    Optional.of("person" + i + "@acme.example"),
                    Map.of("app", "vpn")));
            sightings.add(Sighting.ofView(new Enrolments.Chosen(device(i), false), Optional.of(account)));
        }
    }

    private static Enrolment device(int i) {
        return new Enrolment(
                "acme",
                "device-" + i,
                "Mac",
                "MacBook Air (M" + i % 4 + ", 2022)",
                "15." + i % 7,
                null,
                null,
                true,
                true,
                false,
                false,
                null,
                NOW - i * 60_000L,
                true,
                "person" + i + "@acme.example",
                false,
                "Engineering",
                List.of("loaner"),
                NOW - 86_400_000L * i,
                Doubt.NONE);
    }

    public static void main(String[] args) {
        if (args.length > 1 || args.length == 1 && !args[0].matches("[1-9]\\d{0,3}")) {
            System.out.print(USAGE);
            System.exit(args.length == 1 && args[0].equals("--help") ? 0 : 2);
        }
        int rounds = args.length == 0 ? 10 : Integer.parseInt(args[0]);
        var benchmark = new DecisionBenchmark();
        System.out.println("CPU of one decision, in microseconds");
        benchmark.compare("comparisons with fixed values", rounds, false);
        benchmark.compare("every fourth rule beyond that", rounds, true);
    }

    private void compare(String what, int rounds, boolean beyond) {
        Policy ten = policy(10, beyond);
        Policy twoHundred = policy(200, beyond);
        double ofTen = 0;
        double ofTwoHundred = 0;
        for (int round = -WARM_UP; round < rounds; round++) {
            double first = micros(ten);
            double second = micros(twoHundred);
            if (round >= 0) {
                ofTen += first / rounds;
                ofTwoHundred += second / rounds;
            }
        }
        System.out.printf(
                Locale.ROOT,
                "  %-32s 10 rules %6.2f   200 rules %7.2f   ratio %5.1f%n",
                what,
                ofTen,
                ofTwoHundred,
                ofTwoHundred / ofTen);
    }

    private double micros(Policy policy) {
        long allowed = 0;
        long before = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < DECISIONS; i++) {
            Question question = questions.get(i % DEVICES);
            Posture posture = Posture.of(question, sightings.get(i % DEVICES), NOW);
            Verdict verdict = policy.judge(posture, question.context());
            allowed += verdict.outcome() == Outcome.ALLOW ? 1 : 0;
        }
        long spent = THREADS.getCurrentThreadCpuTime() - before;
        if (allowed != DECISIONS) {
            throw new IllegalStateException("expected the last rule to allow all, found " + allowed + " allowed");
        }
        return spent / 1e3 / DECISIONS;
    }

    /** @param beyond whether every fourth rule asks for more than a comparison can tell */
    private static Policy policy(int rules, boolean beyond) {
        var yaml = new StringBuilder("rules:\n");
        for (int i = 0; i < rules - 1; i++) {
            yaml.append("  - {name: rule-").append(i).append(", outcome: deny, when: '");
            yaml.append(
                    beyond && i % 4 == 0 ? "user_email.endsWith(\"@contractor-" + i + ".example\")" : comparison(i));
            yaml.append("'}\n");
        }
        yaml.append("  - {name: connected, outcome: allow, when: 'connection == \"available\"'}\n");
        return new PolicyReader().read(yaml.toString(), "benchmark");
    }

    private static String comparison(int i) {
        return switch (i % 6) {
            case 0 -> "model == \"Model " + i + "\"";
            case 1 -> "os_version < \"10." + i + "\"";
            case 2 -> "checked_in_ago > days(" + (4_000 - i) + ")";
            case 3 -> "\"tag-" + i + "\" in tags";
            case 4 -> "mdm_enabled == false && blueprint == \"Blueprint " + i + "\"";
            default -> "account == \"account-" + i + "\" || user_email == \"person-" + i + "@other.example\"";
        };
    }
}
