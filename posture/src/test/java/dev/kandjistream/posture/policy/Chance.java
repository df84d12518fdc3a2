package dev.kandjistream.posture.policy;

import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.OsVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Policies and devices by chance. Few values each, so that comparisons are often just met or just missed. */
final class Chance {
    private static final List<String> VERSIONS = List.of("14.7", "15", "15.2", "15.2.1", "26.0");
    private static final List<String> SPANS =
            List.of("duration('30m')", "duration('12h')", "days(1)", "duration('24h')", "days(7)");
    private static final List<Duration> AGES = List.of(
            Duration.ZERO,
            Duration.ofMinutes(30),
            Duration.ofHours(12),
            Duration.ofDays(1),
            Duration.ofDays(1).plusNanos(1),
            Duration.ofDays(9));
    private static final List<String> OPERATORS = List.of("==", "!=", "<", "<=", ">", ">=");
    private static final List<Map<String, String>> CONTEXTS = List.of(
            Map.of(), Map.of("app", "vpn"), Map.of("app", "mail", "least", "15.2"), Map.of("least", "no version"));

    private final Random random;

    Chance(long seed) {
        random = new Random(seed);
    }

    /** One to six rules, as lines of a YAML mapping without braces. */
    List<String> rules(boolean withHas) {
        var rules = new ArrayList<String>();
        for (int left = 1 + random.nextInt(6); left > 0; left--) {
            String platform = one(List.of("all", "all", "all", "macOS", "iOS"));
            String outcome = one(List.of("allow", "allow", "monitor", "deny"));
            rules.add("platform: %s, outcome: %s, when: \"%s\"".formatted(platform, outcome, condition(withHas)));
        }
        return rules;
    }

    /** @param withHas whether it may ask for the presence of attributes */
    String condition(boolean withHas) {
        return condition(withHas, random.nextInt(4));
    }

    private String condition(boolean withHas, int depth) {
        if (depth == 0) {
            return withHas && random.nextInt(6) == 0
                    ? "has(" + one(Attribute.values()).word() + ")"
                    : comparison();
        }
        String first = condition(withHas, depth - 1);
        return switch (random.nextInt(7)) {
            case 0 -> "!(" + first + ")";
            case 1, 2, 3 -> "(" + first + " && " + condition(withHas, random.nextInt(depth)) + ")";
            case 4, 5 -> "(" + first + " || " + condition(withHas, random.nextInt(depth)) + ")";
            default -> "(" + condition(withHas, 0) + " ? " + first + " : " + condition(withHas, 0) + ")";
        };
    }

    private String comparison() {
        return switch (random.nextInt(10)) {
            case 0 -> named(Attribute.Kind.TRUTH);
            case 1 -> named(Attribute.Kind.TRUTH) + one(List.of(" == true", " != true", " == false"));
            case 2 -> named(Attribute.Kind.SPAN) + " " + one(OPERATORS) + " " + one(SPANS);
            case 3 -> one(SPANS) + " " + one(OPERATORS) + " " + named(Attribute.Kind.SPAN);
            case 4 -> "os_version " + one(OPERATORS) + " '" + one(VERSIONS) + "'";
            case 5 -> "'" + one(VERSIONS) + "' " + one(OPERATORS) + " os_version";
            case 6 -> one(List.of("platform == 'Mac'", "model != 'iPad'", "platform in ['Mac', 'iPhone']"));
            case 7 -> one(List.of("connection == 'available'", "connection_reason in ['', 'data_too_old']"));
            case 8 -> one(List.of("'a' in tags", "'b' in tags", "true"));
            // What only CEL itself can tell.
            default ->
                one(List.of(
                        "tags.exists(t, t == 'a')",
                        "model.startsWith('M')",
                        "mdm_enabled == agent_installed",
                        "context.app == 'vpn'",
                        "os_version >= context.least"));
        };
    }

    private String named(Attribute.Kind kind) {
        return one(Arrays.stream(Attribute.values())
                        .filter(attribute -> attribute.kind() == kind)
                        .toList())
                .word();
    }

    /** Most attributes there, some missing. */
    Map<Attribute, Object> attributes() {
        var attributes = new EnumMap<Attribute, Object>(Attribute.class);
        for (Attribute attribute : Attribute.values()) {
            if (random.nextInt(5) > 0) {
                attributes.put(attribute, value(attribute));
            }
        }
        return attributes;
    }

    private Object value(Attribute attribute) {
        return switch (attribute.kind()) {
            case TRUTH -> random.nextBoolean();
            case SPAN -> one(AGES);
            case VERSION -> OsVersion.parse(one(VERSIONS)).orElseThrow();
            case TEXTS -> one(List.of(List.of(), List.of("a"), List.of("b"), List.of("a", "b")));
            case TEXT ->
                one(attribute.vocabulary().isEmpty() ? List.of("Mac", "iPad", "AppleTV") : attribute.vocabulary());
        };
    }

    Map<String, String> context() {
        return one(CONTEXTS);
    }

    private <T> T one(List<T> these) {
        return these.get(random.nextInt(these.size()));
    }

    private Attribute one(Attribute[] these) {
        return these[random.nextInt(these.length)];
    }
}
