package dev.kandjistream.posture.policy;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.kandjistream.posture.domain.Attribute;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A checked condition to a {@link Formula}; what has no other form is {@link Formula.Opaque}. */
final class FormulaReader {
    private FormulaReader() {}

    static Formula read(CelExpr expression) {
        Optional<Boolean> fixed = Literals.truth(expression);
        if (fixed.isPresent()) {
            return new Formula.Fixed(fixed.get());
        }
        if (expression.getKind() == Kind.IDENT) {
            return ofName(expression.ident().name());
        }
        if (expression.getKind() != Kind.CALL || expression.call().target().isPresent()) {
            return new Formula.Opaque();
        }
        List<CelExpr> arguments = expression.call().args();
        return switch (expression.call().function()) {
            case "!_" -> new Formula.Not(read(arguments.get(0)));
            case "_&&_" -> new Formula.And(read(arguments.get(0)), read(arguments.get(1)));
            case "_||_" -> new Formula.Or(read(arguments.get(0)), read(arguments.get(1)));
            case "_?_:_" -> new Formula.Choice(read(arguments.get(0)), read(arguments.get(1)), read(arguments.get(2)));
            case "@in" -> in(arguments.get(0), arguments.get(1));
            default ->
                Literals.compared(expression).flatMap(FormulaReader::compared).orElseGet(Formula.Opaque::new);
        };
    }

    private static Formula ofName(String name) {
        for (Attribute attribute : Attribute.values()) {
            if (name.equals(Language.presenceOf(attribute.word()))) {
                return new Formula.Has(attribute);
            }
            if (name.equals(attribute.word()) && attribute.kind() == Attribute.Kind.TRUTH) {
                return new Formula.Flag(attribute);
            }
        }
        return new Formula.Opaque();
    }

    private static Formula in(CelExpr left, CelExpr right) {
        Optional<Attribute> attribute = Literals.attribute(left);
        Optional<List<String>> words = Literals.texts(right);
        if (attribute.isPresent() && words.isPresent()) {
            return new Formula.OneOf(attribute.get(), Set.copyOf(words.get()));
        }
        Optional<String> word = Literals.text(left);
        Optional<Attribute> list = Literals.attribute(right);
        return word.isPresent() && list.isPresent()
                ? new Formula.Contains(list.get(), word.get())
                : new Formula.Opaque();
    }

    /** Texts have no order that a policy could mean: of them only equality is seen through. */
    private static Optional<Formula> compared(Literals.Compared found) {
        boolean equality = found.comparison() == Comparison.EQUAL || found.comparison() == Comparison.UNEQUAL;
        boolean ordered = found.attribute().kind() == Attribute.Kind.SPAN
                || found.attribute().kind() == Attribute.Kind.VERSION;
        return equality || ordered
                ? Literals.value(found.attribute(), found.other()).map(value -> compared(found, value))
                : Optional.empty();
    }

    @SuppressWarnings("unchecked") // Texts, truths, spans and versions all compare with their own kind.
    private static Formula compared(Literals.Compared found, Object value) {
        return new Formula.Compared(found.attribute(), found.comparison(), (Comparable<Object>) value);
    }
}
