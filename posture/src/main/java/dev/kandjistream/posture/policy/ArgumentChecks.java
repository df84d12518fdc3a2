package dev.kandjistream.posture.policy;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.policy.LiteralChecks.Finding;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Arguments of functions: spans, conversions, patterns, parts of emails. */
final class ArgumentChecks {
    /** CEL makes the pattern anew for every decision: so many take some milliseconds, usual ones have less than a hundred. */
    private static final int MOST_STEPS = 10_000;

    private static final Set<String> PARTS_OF_TEXT = Set.of("startsWith", "endsWith", "contains");

    /** Parts of a pattern in which capitals may stand though no email has one. */
    private static final Pattern NO_LETTERS = Pattern.compile("\\\\[pP]\\{[^}]*}|\\\\.|\\[[^]]*]|\\(\\?P?<[^>]*>");

    private static final String SPAN = "a span such as \"12h\" or \"1h30m\"";

    private final Scope scope;
    private final ComparisonChecks comparisons;
    private final List<Finding> findings;

    ArgumentChecks(Scope scope, ComparisonChecks comparisons, List<Finding> findings) {
        this.scope = scope;
        this.comparisons = comparisons;
        this.findings = findings;
    }

    void look(CelExpr.CelCall call) {
        List<CelExpr> arguments = call.args();
        switch (call.function()) {
            case "duration" -> scope.leaves(arguments.get(0)).forEach(this::span);
            case "days" -> days(arguments.get(0));
            case "timestamp", "int", "uint", "double", "bool" ->
                scope.leaves(arguments.get(0)).forEach(leaf -> converted(call.function(), leaf));
            case "matches" -> pattern(call.target().orElse(arguments.get(0)), arguments.get(arguments.size() - 1));
            default -> {
                // Any argument will do.
            }
        }
        if (PARTS_OF_TEXT.contains(call.function())
                && call.target().filter(this::isEmail).isPresent()) {
            scope.leaves(arguments.get(0)).forEach(comparisons::emails);
        }
    }

    private boolean isEmail(CelExpr expression) {
        return scope.direct(expression).filter(Attribute.USER_EMAIL::equals).isPresent();
    }

    private void span(CelExpr leaf) {
        Optional<String> text = Literals.text(leaf);
        if (text.isPresent()) {
            if (Literals.spanOf(text.get()).isEmpty()) {
                findings.add(new Finding(leaf.id(), SPAN, quoted(text.get()), "write days by days(7)"));
            }
        } else if (!scope.isContextValue(leaf)) {
            findings.add(new Finding(leaf.id(), SPAN, "a computed one", "write it out"));
        }
    }

    private void days(CelExpr argument) {
        String expected = "a number of days from 0 to 3650000";
        if (argument.getKind() != Kind.CONSTANT) {
            findings.add(new Finding(argument.id(), expected, "a computed one", "write it out, such as days(7)"));
        } else if (Literals.number(argument).flatMap(Literals::days).isEmpty()) {
            findings.add(new Finding(
                    argument.id(),
                    expected,
                    argument.constant().getKind() == CelConstant.Kind.INT64_VALUE
                            ? String.valueOf(argument.constant().int64Value())
                            : "none",
                    "no span is shorter than 0, or longer than ten thousand years"));
        }
    }

    /** A text in quotes that can never be converted to the type. */
    private void converted(String type, CelExpr leaf) {
        Optional<String> text = Literals.text(leaf);
        if (text.isPresent() && !Literals.converts(type, text.get())) {
            findings.add(new Finding(
                    leaf.id(), "a text that " + type + "(...) can read", quoted(text.get()), "write another"));
        }
    }

    /** RE2 takes a time in proportion to pattern and text, so what remains is to bound the pattern. */
    private void pattern(CelExpr subject, CelExpr argument) {
        Optional<String> text = Literals.text(argument);
        if (text.isEmpty()) {
            findings.add(new Finding(
                    argument.id(),
                    "a regular expression in quotes",
                    "one that is made when it is asked",
                    "write it out, because an asker could send one that takes a second"));
            return;
        }
        try {
            int steps = com.google.re2j.Pattern.compile(text.get()).programSize();
            if (steps > MOST_STEPS) {
                findings.add(new Finding(
                        argument.id(),
                        "a regular expression of at most " + MOST_STEPS + " steps",
                        "one of " + steps,
                        "repeat less, for it is gone through at every decision"));
            }
        } catch (com.google.re2j.PatternSyntaxException fault) {
            findings.add(
                    new Finding(argument.id(), "a regular expression as RE2 knows them", fault.getDescription(), ""));
        }
        String letters = NO_LETTERS.matcher(text.get()).replaceAll("");
        if (isEmail(subject) && !text.get().contains("(?i") && letters.chars().anyMatch(Character::isUpperCase)) {
            comparisons.capitals(argument.id());
        }
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
