package dev.kandjistream.posture.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.kandjistream.config.DidYouMean;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.OsVersion;
import dev.kandjistream.posture.domain.Platform;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Fixed values that type-check and yet can never be what was meant: words an attribute never has, versions that are none. */
final class LiteralChecks {
    /** CEL makes the pattern anew for every decision: so many take some milliseconds, usual ones have less than a hundred. */
    private static final int MOST_STEPS = 10_000;

    /** Ids that {@code Language} gives to comparisons of a version with a text. */
    private static final String VERSION_FIRST = Language.VERSION_TEXT;

    private static final String TEXT_FIRST = Language.TEXT_VERSION;
    private static final Set<String> PARTS_OF_TEXT = Set.of("startsWith", "endsWith", "contains");

    private final CelAbstractSyntaxTree tree;
    private final List<Finding> findings = new ArrayList<>();
    /** Loop variables, which may have the name of an attribute without being one. */
    private final Deque<String> own = new ArrayDeque<>();

    private LiteralChecks(CelAbstractSyntaxTree tree) {
        this.tree = tree;
    }

    /** @param expression id of the expression at fault */
    record Finding(long expression, String expected, String found, String mend) {}

    /** @param tree with types */
    static List<Finding> of(CelAbstractSyntaxTree tree) {
        var checks = new LiteralChecks(tree);
        checks.look(tree.getExpr());
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
            case MAP ->
                expression.map().entries().forEach(entry -> {
                    look(entry.key());
                    look(entry.value());
                });
            case STRUCT -> expression.struct().entries().forEach(entry -> look(entry.value()));
            case SELECT -> look(expression.select().operand());
            case COMPREHENSION -> comprehension(expression.comprehension());
            default -> {
                // Nothing is called in it.
            }
        }
    }

    private void comprehension(CelExpr.CelComprehension loop) {
        look(loop.iterRange());
        look(loop.accuInit());
        own.push(loop.iterVar());
        own.push(loop.iterVar2());
        own.push(loop.accuVar());
        look(loop.loopCondition());
        look(loop.loopStep());
        look(loop.result());
        own.pop();
        own.pop();
        own.pop();
    }

    private void call(CelExpr expression) {
        version(expression);
        Literals.compared(expression)
                .filter(compared -> !own.contains(compared.attribute().word()))
                .ifPresent(compared -> word(compared.attribute(), compared.other()));
        CelExpr.CelCall call = expression.call();
        switch (call.function()) {
            case "@in" -> oneOf(call.args().get(0), call.args().get(1));
            case "duration" -> span(call.args().get(0));
            case "timestamp", "int", "uint", "double", "bool" ->
                converted(call.function(), call.args().get(0));
            case "matches" -> pattern(call.args().get(call.args().size() - 1));
            default -> {
                // Any argument will do.
            }
        }
        if (call.function().equals("days") && Literals.span(expression).isEmpty()) {
            daysOf(call.args().get(0));
        }
        if (PARTS_OF_TEXT.contains(call.function())
                && call.target()
                        .flatMap(this::attribute)
                        .filter(Attribute.USER_EMAIL::equals)
                        .isPresent()) {
            Literals.text(call.args().get(0))
                    .ifPresent(text -> email(call.args().get(0).id(), text));
        }
    }

    private Optional<Attribute> attribute(CelExpr expression) {
        return Literals.attribute(expression).filter(attribute -> !own.contains(attribute.word()));
    }

    private void oneOf(CelExpr left, CelExpr right) {
        if (right.getKind() != Kind.LIST) {
            return;
        }
        for (CelExpr element : right.list().elements()) {
            attribute(left).ifPresent(attribute -> word(attribute, element));
            attribute(element).ifPresent(attribute -> word(attribute, left));
        }
    }

    /** Checks every comparison with a version, wherever the version comes from. */
    private void version(CelExpr call) {
        String overload = tree.getReference(call.id())
                .flatMap(reference -> reference.overloadIds().stream().findFirst())
                .orElse("");
        if (overload.startsWith(VERSION_FIRST)) {
            versionText(call.call().args().get(1));
        } else if (overload.startsWith(TEXT_FIRST)) {
            versionText(call.call().args().get(0));
        }
    }

    private void versionText(CelExpr expression) {
        if (Literals.text(expression).isPresent()) {
            String text = Literals.text(expression).get();
            if (OsVersion.parse(text).isEmpty()) {
                findings.add(new Finding(expression.id(), OsVersion.FORM, quoted(text), versionMend(text)));
            }
        } else if (Literals.isChoice(expression)) {
            versionText(expression.call().args().get(1));
            versionText(expression.call().args().get(2));
        } else if (attribute(expression).isPresent() || !Literals.readsAnything(expression)) {
            findings.add(new Finding(
                    expression.id(),
                    "a version in quotes, or a value of context",
                    "a value that is not a version",
                    "write the version out, such as \"15.2\""));
        }
    }

    private static String versionMend(String text) {
        Optional<OsVersion> meant = OsVersion.ofDevice(text.replace(',', '.'), null);
        return meant.map(version -> "write " + quoted(plain(version.toString())))
                .orElse("write at most 8 numbers with dots between them, and no other text than a suffix such as (a)");
    }

    /** Removes zeros before numbers, and puts one space before the suffix. */
    private static String plain(String version) {
        return version.replaceAll("(^|\\.)0+(?=\\d)", "$1").replaceAll("\\s*\\(\\s*([a-z]+)\\s*\\)", " ($1)");
    }

    private void word(Attribute attribute, CelExpr other) {
        Literals.text(other).ifPresent(text -> word(attribute, other.id(), text));
    }

    private void word(Attribute attribute, long id, String text) {
        if (attribute == Attribute.PLATFORM && !Platform.asKandjiSays(text).equals(text)) {
            findings.add(new Finding(
                    id,
                    "a platform in Kandji's words",
                    quoted(text) + ", which platform never is",
                    "write " + quoted(Platform.asKandjiSays(text)) + ", or platform: beside when:"));
        } else if (!attribute.vocabulary().isEmpty() && !attribute.vocabulary().contains(text)) {
            String mend = DidYouMean.nearest(text, attribute.vocabulary())
                    .map(near -> "did you mean " + quoted(near) + "?")
                    .orElse("");
            String expected = "one of " + String.join(", ", quoted(attribute.vocabulary()));
            findings.add(new Finding(id, expected, quoted(text) + ", which " + attribute.word() + " never is", mend));
        }
        if (attribute == Attribute.USER_EMAIL) {
            email(id, text);
        }
    }

    private void email(long id, String text) {
        if (!text.equals(text.toLowerCase(Locale.ROOT))) {
            // Messages do not repeat emails, because they may be logged.
            findings.add(new Finding(
                    id, "an email in lower case, like user_email", "one with capitals", "write it in lower case"));
        }
    }

    private void span(CelExpr argument) {
        String expected = "a span such as \"12h\" or \"1h30m\"";
        Optional<String> text = Literals.text(argument);
        if (text.isPresent() && Literals.spanOf(text.get()).isEmpty()) {
            findings.add(new Finding(argument.id(), expected, quoted(text.get()), "write days by days(7)"));
        } else if (text.isEmpty() && !Literals.readsAnything(argument)) {
            findings.add(new Finding(argument.id(), expected, "a computed one", "write it out"));
        }
    }

    private void daysOf(CelExpr argument) {
        if (argument.getKind() == Kind.CONSTANT) {
            findings.add(new Finding(
                    argument.id(),
                    "a number of days from 0 to 3650000",
                    argument.constant().getKind() == CelConstant.Kind.INT64_VALUE
                            ? String.valueOf(argument.constant().int64Value())
                            : "none",
                    "no span is shorter than 0, or longer than ten thousand years"));
        }
    }

    /** A text in quotes that can never be converted to the type. */
    private void converted(String type, CelExpr argument) {
        Optional<String> text = Literals.text(argument);
        if (text.isPresent() && !Literals.converts(type, text.get())) {
            findings.add(new Finding(
                    argument.id(), "a text that " + type + "(...) can read", quoted(text.get()), "write another"));
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
