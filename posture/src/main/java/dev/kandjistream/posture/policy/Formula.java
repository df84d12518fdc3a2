package dev.kandjistream.posture.policy;

import dev.kandjistream.posture.domain.Attribute;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A condition as far as it consists of attributes compared with fixed values: that can be reasoned about, and looked at in a
 * fraction of the time that CEL's interpreter takes. What is of another form stays CEL's own, as {@link Opaque}.
 */
sealed interface Formula {
    /** What a formula reads. */
    interface Known {
        /** In place of a value that may be this or that, or missing. */
        Object OPEN = new Object();

        /** @return the value; null where it is missing; {@link #OPEN} */
        Object value(Attribute attribute);
    }

    /** @return one or several of {@link Truths} */
    int truths(Known known);

    /** The formulas it is made of, itself first. */
    default void walk(Consumer<Formula> visitor) {
        visitor.accept(this);
    }

    /** Whether CEL is needed for none of it. */
    default boolean isWhole() {
        boolean[] whole = {true};
        walk(part -> whole[0] &= !(part instanceof Opaque));
        return whole[0];
    }

    /** {@code true} or {@code false}. */
    record Fixed(boolean truth) implements Formula {
        @Override
        public int truths(Known known) {
            return Truths.of(truth);
        }
    }

    /** {@code has(attribute)}. */
    record Has(Attribute attribute) implements Formula {
        @Override
        public int truths(Known known) {
            Object value = known.value(attribute);
            return value == Known.OPEN ? Truths.YES | Truths.NO : Truths.of(value != null);
        }
    }

    /** An attribute that is true or false. */
    record Flag(Attribute attribute) implements Formula {
        @Override
        public int truths(Known known) {
            Object value = known.value(attribute);
            return value instanceof Boolean flag ? Truths.of(flag) : unclear(value);
        }
    }

    /** @param fixed of the attribute's kind */
    record Compared(Attribute attribute, Comparison comparison, Comparable<Object> fixed) implements Formula {
        @Override
        public int truths(Known known) {
            Object value = known.value(attribute);
            return value == null || value == Known.OPEN
                    ? unclear(value)
                    : Truths.of(comparison.holds(-Integer.signum(fixed.compareTo(value))));
        }
    }

    /** {@code attribute in ["a", "b"]}. */
    record OneOf(Attribute attribute, Set<String> words) implements Formula {
        @Override
        public int truths(Known known) {
            Object value = known.value(attribute);
            return value == null || value == Known.OPEN ? unclear(value) : Truths.of(words.contains(value));
        }
    }

    /** {@code "word" in attribute}. */
    record Contains(Attribute attribute, String word) implements Formula {
        @Override
        public int truths(Known known) {
            Object value = known.value(attribute);
            return value instanceof List<?> words ? Truths.of(words.contains(word)) : unclear(value);
        }
    }

    /** {@code !formula}. */
    record Not(Formula formula) implements Formula {
        @Override
        public int truths(Known known) {
            return Truths.not(formula.truths(known));
        }

        @Override
        public void walk(Consumer<Formula> visitor) {
            visitor.accept(this);
            formula.walk(visitor);
        }
    }

    /** {@code left && right}. */
    record And(Formula left, Formula right) implements Formula {
        @Override
        public int truths(Known known) {
            int first = left.truths(known);
            return first == Truths.NO ? Truths.NO : Truths.and(first, right.truths(known));
        }

        @Override
        public void walk(Consumer<Formula> visitor) {
            visitor.accept(this);
            left.walk(visitor);
            right.walk(visitor);
        }
    }

    /** {@code left || right}. */
    record Or(Formula left, Formula right) implements Formula {
        @Override
        public int truths(Known known) {
            int first = left.truths(known);
            return first == Truths.YES ? Truths.YES : Truths.or(first, right.truths(known));
        }

        @Override
        public void walk(Consumer<Formula> visitor) {
            visitor.accept(this);
            left.walk(visitor);
            right.walk(visitor);
        }
    }

    /** {@code test ? whenYes : whenNo}. */
    record Choice(Formula test, Formula whenYes, Formula whenNo) implements Formula {
        @Override
        public int truths(Known known) {
            return Truths.choose(test.truths(known), whenYes.truths(known), whenNo.truths(known));
        }

        @Override
        public void walk(Consumer<Formula> visitor) {
            visitor.accept(this);
            test.walk(visitor);
            whenYes.walk(visitor);
            whenNo.walk(visitor);
        }
    }

    /** Something that only CEL can tell. */
    record Opaque() implements Formula {
        @Override
        public int truths(Known known) {
            return Truths.ANY;
        }
    }

    private static int unclear(Object value) {
        return value == Known.OPEN ? Truths.ANY : Truths.UNTOLD;
    }
}
