package dev.kandjistream.posture.policy;

import dev.cel.common.ast.CelExpr;
import dev.kandjistream.posture.domain.Attribute;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a condition reads, what it only asks the presence of, and which of its names nobody knows. */
final class Reading {
    /** What a policy may call beside variables: types that convert, such as {@code string(...)}, are functions. */
    private final Map<Long, String> unknown = new LinkedHashMap<>();

    private final Deque<String> own = new ArrayDeque<>();
    private long read;
    private long asked;

    /** Attributes that are read, and of which {@code has(...)} is asked nowhere in the condition, as bits. */
    long needs() {
        return read & ~asked;
    }

    /** Names that are no variable, by the id of their expression, in the text's order. */
    Map<Long, String> unknown() {
        return unknown;
    }

    void of(CelExpr expression) {
        switch (expression.getKind()) {
            case IDENT -> name(expression.id(), expression.ident().name());
            case SELECT -> of(expression.select().operand());
            case CALL -> {
                expression.call().target().ifPresent(this::of);
                expression.call().args().forEach(this::of);
            }
            case LIST -> expression.list().elements().forEach(this::of);
            case MAP ->
                expression.map().entries().forEach(entry -> {
                    of(entry.key());
                    of(entry.value());
                });
            case STRUCT -> expression.struct().entries().forEach(entry -> of(entry.value()));
            case COMPREHENSION -> comprehension(expression.comprehension());
            default -> {
                // Constants read nothing.
            }
        }
    }

    /** {@code tags.exists(tag, ...)} has names of its own. */
    private void comprehension(CelExpr.CelComprehension loop) {
        of(loop.iterRange());
        of(loop.accuInit());
        own.push(loop.iterVar());
        own.push(loop.iterVar2());
        own.push(loop.accuVar());
        of(loop.loopCondition());
        of(loop.loopStep());
        of(loop.result());
        own.pop();
        own.pop();
        own.pop();
    }

    private void name(long id, String name) {
        if (own.contains(name) || name.equals(Language.CONTEXT)) {
            return;
        }
        for (Attribute attribute : Attribute.values()) {
            if (name.equals(attribute.word())) {
                read |= attribute.bit();
                return;
            }
            if (name.equals(Language.presenceOf(attribute.word()))) {
                asked |= attribute.bit();
                return;
            }
        }
        unknown.put(id, name.startsWith("has(") ? name.substring(4, name.length() - 1) : name);
    }
}
