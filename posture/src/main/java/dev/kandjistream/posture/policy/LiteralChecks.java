package dev.kandjistream.posture.policy;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.kandjistream.config.DidYouMean;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.OsVersion;
import dev.kandjistream.posture.domain.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Fixed values that type-check and yet can never be what was meant: words an attribute never has, versions that are none. */
final class LiteralChecks {
    /** CEL makes the pattern anew for every decision: so many take some milliseconds, usual ones have less than a hundred. */
    private static final int MOST_STEPS = 10_000;

    private final List<Finding> findings = new ArrayList<>();

    private LiteralChecks() {}

    /** @param expression id of the expression at fault */
    record Finding(long expression, String expected, String found, String mend) {}

    static List<Finding> of(CelExpr condition) {
        var checks = new LiteralChecks();
        checks.look(condition);
        return checks.findings;
    }

    private void look(CelExpr expression) {
        switch (expression.getKind()) {
            case CALL -> {
                call(expression);
                expression.call().target().ifPresent(this::look);
                expression.call().args().forEach(this::look);
            }
            case LIST -> expression.list().elements().forEach(this::look);
            case SELECT -> look(expression.select().operand());
            case COMPREHENSION -> {
                look(expression.comprehension().iterRange());
                // An element may go by the name of an attribute, and is none.
                if (Attribute.of(expression.comprehension().iterVar()).isEmpty()) {
                    look(expression.comprehension().loopStep());
                }
            }
            default -> {
                // Nothing is called in it.
            }
        }
    }

    private void call(CelExpr expression) {
        Literals.compared(expression).ifPresent(compared -> Literals.text(compared.other())
                .ifPresent(text -> word(compared.attribute(), compared.other().id(), text)));
        CelExpr.CelCall call = expression.call();
        switch (call.function()) {
            case "@in" -> oneOf(call.args().get(0), call.args().get(1));
            case "duration" -> spanOf(call.args().get(0), "a span such as \"12h\" or \"1h30m\"");
            case "matches" -> pattern(call.args().get(call.args().size() - 1));
            default -> {
                // Any argument will do.
            }
        }
        if (call.function().equals("days") && Literals.span(expression).isEmpty()) {
            daysOf(call.args().get(0));
        }
    }

    private void oneOf(CelExpr left, CelExpr right) {
        Optional<Attribute> attribute = Literals.attribute(left);
        if (attribute.isPresent() && right.getKind() == Kind.LIST) {
            for (CelExpr element : right.list().elements()) {
                Literals.text(element).ifPresent(text -> word(attribute.get(), element.id(), text));
            }
        }
    }

    private void word(Attribute attribute, long id, String text) {
        if (attribute.kind() == Attribute.Kind.VERSION && OsVersion.parse(text).isEmpty()) {
            findings.add(new Finding(id, "a version such as \"15.2\"", quoted(text), ""));
        }
        if (!attribute.vocabulary().isEmpty() && !attribute.vocabulary().contains(text)) {
            String mend = DidYouMean.nearest(text, attribute.vocabulary())
                    .map(near -> "did you mean " + quoted(near) + "?")
                    .orElse("");
            String expected = "one of " + String.join(", ", quoted(attribute.vocabulary()));
            findings.add(new Finding(id, expected, quoted(text) + ", which " + attribute.word() + " never is", mend));
        }
        if (attribute == Attribute.USER_EMAIL && !text.equals(text.toLowerCase(Locale.ROOT))) {
            // An email is nobody's business but the policy's: it is not repeated.
            findings.add(new Finding(
                    id,
                    "an email in small letters, as user_email is",
                    "one with capitals",
                    "write it in small letters"));
        }
        if (attribute == Attribute.PLATFORM && !Platform.asKandjiSays(text).equals(text)) {
            findings.add(new Finding(
                    id,
                    "a platform in Kandji's words",
                    quoted(text) + ", which platform never is",
                    "write " + quoted(Platform.asKandjiSays(text)) + ", or platform: beside when:"));
        }
    }

    private void spanOf(CelExpr argument, String expected) {
        Optional<String> text = Literals.text(argument);
        if (text.isPresent() && Literals.spanOf(text.get()).isEmpty()) {
            findings.add(new Finding(argument.id(), expected, quoted(text.get()), "write days by days(7)"));
        }
    }

    private void daysOf(CelExpr argument) {
        if (argument.getKind() == Kind.CONSTANT) {
            findings.add(
                    new Finding(argument.id(), "a number of days up to 3650000", "one that is greater", "write fewer"));
        }
    }

    /** RE2 takes a time in proportion to pattern and text, so what remains is to bound the pattern. */
    private void pattern(CelExpr argument) {
        Optional<String> text = Literals.text(argument);
        if (text.isEmpty()) {
            findings.add(new Finding(
                    argument.id(),
                    "a regular expression in quotes",
                    "one that is made when it is asked",
                    "write it out, for whoever asks could send one that takes a second"));
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
    }

    private static List<String> quoted(List<String> texts) {
        return texts.stream().map(LiteralChecks::quoted).toList();
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
