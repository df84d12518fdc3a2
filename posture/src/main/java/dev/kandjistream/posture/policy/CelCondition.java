package dev.kandjistream.posture.policy;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.Condition;
import dev.kandjistream.posture.domain.Posture;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A condition that was written in CEL. Where it only compares attributes with fixed values, CEL's interpreter is not asked. */
final class CelCondition implements Condition {
    private static final Map<String, Attribute> ATTRIBUTES = new HashMap<>();
    private static final Map<String, Attribute> PRESENCES = new HashMap<>();

    static {
        for (Attribute attribute : Attribute.values()) {
            ATTRIBUTES.put(attribute.word(), attribute);
            PRESENCES.put(Language.presenceOf(attribute.word()), attribute);
        }
    }

    private final CelRuntime.Program program;
    private final Formula formula;
    private final boolean whole;
    private final long needs;

    /** @param needs as of {@link Condition#needs} */
    CelCondition(CelRuntime.Program program, Formula formula, long needs) {
        this.program = program;
        this.formula = formula;
        this.whole = formula.isWhole();
        this.needs = needs;
    }

    @Override
    public Truth test(Posture posture, Map<String, String> context) {
        return whole ? Truths.single(formula.truths(posture::value)) : interpreted(posture, context);
    }

    /** As CEL sees it. */
    Truth interpreted(Posture posture, Map<String, String> context) {
        try {
            Object truth = program.eval(name -> Optional.ofNullable(value(name, posture, context)));
            return Boolean.TRUE.equals(truth) ? Truth.YES : Boolean.FALSE.equals(truth) ? Truth.NO : Truth.UNTOLD;
        } catch (CelEvaluationException untold) {
            return Truth.UNTOLD;
        }
    }

    private static Object value(String name, Posture posture, Map<String, String> context) {
        Attribute attribute = ATTRIBUTES.get(name);
        if (attribute != null) {
            return posture.value(attribute);
        }
        Attribute asked = PRESENCES.get(name);
        if (asked != null) {
            return posture.has(asked);
        }
        return name.equals(Language.CONTEXT) ? context : null;
    }

    @Override
    public long needs() {
        return needs;
    }

    /** As far as it can be reasoned about. */
    Formula formula() {
        return formula;
    }
}
