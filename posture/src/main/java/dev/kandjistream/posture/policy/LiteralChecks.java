package dev.kandjistream.posture.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.SimpleType;
import dev.kandjistream.posture.domain.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds what type-checks and yet can never be what was meant: words an attribute never has, versions that are none, and uses of
 * an attribute that would hide such a value. Walks the condition once.
 */
final class LiteralChecks {
    private final CelAbstractSyntaxTree tree;
    private final Scope scope = new Scope();
    private final List<Finding> findings = new ArrayList<>();
    private final ComparisonChecks comparisons = new ComparisonChecks(scope, findings);
    private final ArgumentChecks arguments = new ArgumentChecks(scope, comparisons, findings);

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
            case IDENT ->
                scope.attribute(expression)
                        .filter(ComparisonChecks::isStrict)
                        .ifPresent(attribute -> comparisons.elsewhere(attribute, expression));
            case CALL -> call(expression);
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
        scope.enter(loop);
        look(loop.loopCondition());
        look(loop.loopStep());
        look(loop.result());
        scope.leave();
    }

    private void call(CelExpr expression) {
        CelExpr.CelCall call = expression.call();
        Optional<Finding> refused = refused(expression, call.function());
        if (refused.isPresent()) {
            findings.add(refused.get());
            return;
        }
        Optional<Comparison> comparison = Comparison.of(call.function());
        if (comparison.isPresent()) {
            compared(comparison.get(), call.args().get(0), call.args().get(1));
        } else if (call.function().equals("@in")) {
            oneOf(call.args().get(0), call.args().get(1));
        } else {
            arguments.look(call);
            call.target().ifPresent(this::look);
            call.args().forEach(this::look);
        }
    }

    private Optional<Finding> refused(CelExpr expression, String function) {
        if (function.equals("dyn")) {
            return Optional.of(new Finding(
                    expression.id(),
                    "values whose types are checked",
                    "dyn(...), which hides them",
                    "write the value without dyn, such as os_version >= \"15.2\""));
        }
        if (function.equals("string")) {
            return Optional.of(new Finding(
                    expression.id(),
                    "values compared as they are",
                    "string(...)",
                    "compare the value itself, such as mdm_enabled == true or size(tags) > 2"));
        }
        if (function.equals("_-_")
                && tree.getType(expression.id())
                        .filter(SimpleType.DURATION::equals)
                        .isPresent()) {
            return Optional.of(new Finding(
                    expression.id(),
                    "spans of at least 0",
                    "a difference, which may be below 0",
                    "write the span out, or add it on the other side of the comparison"));
        }
        return Optional.empty();
    }

    private void compared(Comparison comparison, CelExpr left, CelExpr right) {
        boolean isLeft = scope.direct(left).isPresent();
        CelExpr itself = isLeft ? left : right;
        CelExpr other = isLeft ? right : left;
        Optional<Attribute> attribute = scope.direct(itself);
        if (attribute.isEmpty()) {
            look(left);
            look(right);
            return;
        }
        int before = findings.size();
        comparisons.compared(attribute.get(), isLeft ? comparison : comparison.mirrored(), other);
        lookAround(itself);
        if (findings.size() == before) {
            look(other);
        }
    }

    private void oneOf(CelExpr left, CelExpr right) {
        int before = findings.size();
        Optional<Attribute> attribute = scope.direct(left);
        if (attribute.isPresent()) {
            comparisons.oneOf(attribute.get(), right);
            lookAround(left);
            if (findings.size() == before) {
                look(right);
            }
            return;
        }
        look(left);
        if (right.getKind() != CelExpr.ExprKind.Kind.LIST) {
            look(right);
            return;
        }
        for (CelExpr element : right.list().elements()) {
            scope.direct(element)
                    .ifPresentOrElse(
                            listed -> {
                                comparisons.compared(listed, Comparison.EQUAL, left);
                                lookAround(element);
                            },
                            () -> look(element));
        }
    }

    /** What stands beside a directly compared attribute: the tests of choices. */
    private void lookAround(CelExpr direct) {
        if (Literals.isChoice(direct)) {
            look(direct.call().args().get(0));
            lookAround(direct.call().args().get(1));
            lookAround(direct.call().args().get(2));
        }
    }
}
