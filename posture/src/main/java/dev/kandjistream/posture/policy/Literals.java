package dev.kandjistream.posture.policy;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.OsVersion;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands fixed in a condition: attributes by name, texts, versions and spans. */
final class Literals {
    private static final Pattern SPAN_PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(h|ms|us|ns|m|s)");
    private static final Pattern SPAN = Pattern.compile("(?:" + SPAN_PART.pattern() + ")+");

    private Literals() {}

    /** An attribute and what it is compared with, the attribute on the left. */
    record Compared(Attribute attribute, Comparison comparison, CelExpr other) {}

    static Optional<Attribute> attribute(CelExpr expression) {
        return expression.getKind() == Kind.IDENT
                ? Attribute.of(expression.ident().name())
                : Optional.empty();
    }

    static Optional<String> text(CelExpr expression) {
        return expression.getKind() == Kind.CONSTANT && expression.constant().getKind() == CelConstant.Kind.STRING_VALUE
                ? Optional.of(expression.constant().stringValue())
                : Optional.empty();
    }

    static Optional<Boolean> truth(CelExpr expression) {
        return expression.getKind() == Kind.CONSTANT
                        && expression.constant().getKind() == CelConstant.Kind.BOOLEAN_VALUE
                ? Optional.of(expression.constant().booleanValue())
                : Optional.empty();
    }

    /** Texts of a list that holds nothing else. */
    static Optional<List<String>> texts(CelExpr expression) {
        if (expression.getKind() != Kind.LIST) {
            return Optional.empty();
        }
        List<CelExpr> elements = expression.list().elements();
        List<String> texts =
                elements.stream().flatMap(element -> text(element).stream()).toList();
        return texts.size() == elements.size() ? Optional.of(texts) : Optional.empty();
    }

    /** {@code days(7)} or {@code duration("12h")}, where its argument will do. */
    static Optional<Duration> span(CelExpr expression) {
        if (!isCall(expression, 1)) {
            return Optional.empty();
        }
        CelExpr argument = expression.call().args().get(0);
        return switch (expression.call().function()) {
            case "duration" -> text(argument).flatMap(Literals::spanOf);
            case "days" -> number(argument).flatMap(Literals::days);
            default -> Optional.empty();
        };
    }

    /** The fixed value as one of the attribute's kind. */
    static Optional<Object> value(Attribute attribute, CelExpr expression) {
        return switch (attribute.kind()) {
            case TEXT -> text(expression).map(text -> text);
            case TRUTH -> truth(expression).map(truth -> truth);
            case SPAN -> span(expression).map(span -> span);
            case VERSION -> text(expression).flatMap(OsVersion::parse).map(version -> version);
            case TEXTS -> Optional.empty();
        };
    }

    /** Where an attribute is compared with something else, in whichever order. */
    static Optional<Compared> compared(CelExpr expression) {
        if (!isCall(expression, 2)) {
            return Optional.empty();
        }
        CelExpr left = expression.call().args().get(0);
        CelExpr right = expression.call().args().get(1);
        return Comparison.of(expression.call().function()).flatMap(comparison -> attribute(left)
                .map(attribute -> new Compared(attribute, comparison, right))
                .or(() -> attribute(right).map(attribute -> new Compared(attribute, comparison.mirrored(), left))));
    }

    /** A call of so many arguments, with nothing before a dot. */
    static boolean isCall(CelExpr expression, int arguments) {
        return expression.getKind() == Kind.CALL
                && expression.call().target().isEmpty()
                && expression.call().args().size() == arguments;
    }

    /** {@code test ? one : other}. */
    static boolean isChoice(CelExpr expression) {
        return isCall(expression, 3) && expression.call().function().equals("_?_:_");
    }

    /** Every text in it, by the id of its expression. */
    static Map<Long, String> textsIn(CelExpr expression) {
        var texts = new LinkedHashMap<Long, String>();
        textsIn(expression, texts);
        return texts;
    }

    private static void textsIn(CelExpr expression, Map<Long, String> texts) {
        text(expression).ifPresent(text -> texts.put(expression.id(), text));
        switch (expression.getKind()) {
            case CALL -> {
                expression.call().target().ifPresent(target -> textsIn(target, texts));
                expression.call().args().forEach(argument -> textsIn(argument, texts));
            }
            case LIST -> expression.list().elements().forEach(element -> textsIn(element, texts));
            case MAP -> expression.map().entries().forEach(entry -> textsIn(entry.value(), texts));
            default -> {
                // It holds no text that would be compared.
            }
        }
    }

    /** Whether CEL's conversion to the type can read the text. */
    static boolean converts(String type, String text) {
        try {
            switch (type) {
                case "int" -> Long.parseLong(text);
                case "uint" -> Long.parseUnsignedLong(text);
                case "double" -> Double.parseDouble(text);
                case "timestamp" -> OffsetDateTime.parse(text);
                default -> {
                    return !type.equals("bool") || text.equals("true") || text.equals("false");
                }
            }
            return true;
        } catch (NumberFormatException | DateTimeParseException unreadable) {
            return false;
        }
    }

    static Optional<Long> number(CelExpr expression) {
        return expression.getKind() == Kind.CONSTANT && expression.constant().getKind() == CelConstant.Kind.INT64_VALUE
                ? Optional.of(expression.constant().int64Value())
                : Optional.empty();
    }

    static Optional<Duration> days(long days) {
        // CEL's longest span is about ten thousand years; no attribute's span is below zero.
        return days >= 0 && days <= 3_650_000 ? Optional.of(Duration.ofDays(days)) : Optional.empty();
    }

    /** {@code 1h30m}, {@code 1.5h}: a span as CEL writes it; those below zero are of no use here. */
    static Optional<Duration> spanOf(String text) {
        if (!SPAN.matcher(text).matches()) {
            return Optional.empty();
        }
        Duration sum = Duration.ZERO;
        Matcher parts = SPAN_PART.matcher(text);
        try {
            while (parts.find()) {
                sum = sum.plus(part(parts.group(1), parts.group(2)));
            }
            return Optional.of(sum);
        } catch (ArithmeticException tooLong) {
            return Optional.empty();
        }
    }

    private static Duration part(String number, String unit) {
        long nanos =
                switch (unit) {
                    case "h" -> 3_600_000_000_000L;
                    case "m" -> 60_000_000_000L;
                    case "s" -> 1_000_000_000L;
                    case "ms" -> 1_000_000L;
                    case "us" -> 1_000L;
                    default -> 1L;
                };
        BigDecimal exact = new BigDecimal(number).multiply(BigDecimal.valueOf(nanos));
        // A span of less than a nanosecond equals zero.
        return Duration.ofNanos(exact.longValueExact());
    }
}
