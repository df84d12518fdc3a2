package dev.kandjistream.posture.policy;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.kandjistream.posture.domain.Attribute;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** What names mean at one place of a condition: loop variables hide attributes and the context of the same name. */
final class Scope {
    /** @param range what the variable runs over; null for one that a loop keeps for itself */
    private record Variable(String name, CelExpr range) {}

    private final Deque<Variable> variables = new ArrayDeque<>();

    void enter(CelExpr.CelComprehension loop) {
        variables.push(new Variable(loop.iterVar(), loop.iterRange()));
        variables.push(new Variable(loop.iterVar2(), null));
        variables.push(new Variable(loop.accuVar(), null));
    }

    void leave() {
        variables.pop();
        variables.pop();
        variables.pop();
    }

    /** The attribute of this name, unless a loop variable has it. */
    Optional<Attribute> attribute(CelExpr expression) {
        return variable(expression).isPresent() ? Optional.empty() : Literals.attribute(expression);
    }

    /** An attribute, or a choice of which every branch is the same attribute. */
    Optional<Attribute> direct(CelExpr expression) {
        if (!Literals.isChoice(expression)) {
            return attribute(expression);
        }
        Optional<Attribute> one = direct(expression.call().args().get(1));
        return one.equals(direct(expression.call().args().get(2))) ? one : Optional.empty();
    }

    /** Whether it is {@code context.key} or {@code context["key"]}: a text that the asker sends. */
    boolean isContextValue(CelExpr expression) {
        if (expression.getKind() == Kind.SELECT) {
            return !expression.select().testOnly()
                    && isContext(expression.select().operand());
        }
        return Literals.isCall(expression, 2)
                && expression.call().function().equals("_[_]")
                && isContext(expression.call().args().get(0))
                && Literals.text(expression.call().args().get(1)).isPresent();
    }

    private boolean isContext(CelExpr expression) {
        return expression.getKind() == Kind.IDENT
                && expression.ident().name().equals(Language.CONTEXT)
                && variable(expression).isEmpty();
    }

    /** Everything that a value may be: the branches of choices, and the members of a list in which a loop variable runs. */
    List<CelExpr> leaves(CelExpr expression) {
        var leaves = new ArrayList<CelExpr>();
        if (Literals.isChoice(expression)) {
            leaves.addAll(leaves(expression.call().args().get(1)));
            leaves.addAll(leaves(expression.call().args().get(2)));
            return leaves;
        }
        Optional<CelExpr> range = variable(expression)
                .map(Variable::range)
                .filter(list -> list.getKind() == Kind.LIST)
                .filter(list -> !list.list().elements().isEmpty());
        if (range.isEmpty()) {
            return List.of(expression);
        }
        // Members are read outside of the loop, so a variable in them is another one: it stays as it is.
        range.get()
                .list()
                .elements()
                .forEach(member -> leaves.addAll(Literals.isChoice(member) ? choices(member) : List.of(member)));
        return leaves;
    }

    private static List<CelExpr> choices(CelExpr expression) {
        if (!Literals.isChoice(expression)) {
            return List.of(expression);
        }
        var choices = new ArrayList<>(choices(expression.call().args().get(1)));
        choices.addAll(choices(expression.call().args().get(2)));
        return choices;
    }

    private Optional<Variable> variable(CelExpr expression) {
        return expression.getKind() != Kind.IDENT
                ? Optional.empty()
                : variables.stream()
                        .filter(variable ->
                                variable.name.equals(expression.ident().name()))
                        .findFirst();
    }
}
