package dev.kandjistream.posture.policy;

import java.util.Arrays;
import java.util.Optional;

/** CEL's operators that compare. */
enum Comparison {
    EQUAL("_==_"),
    UNEQUAL("_!=_"),
    LESS("_<_"),
    AT_MOST("_<=_"),
    MORE("_>_"),
    AT_LEAST("_>=_");

    private final String function;

    Comparison(String function) {
        this.function = function;
    }

    /** CEL's own name of it. */
    String function() {
        return function;
    }

    static Optional<Comparison> of(String function) {
        return Arrays.stream(values())
                .filter(comparison -> comparison.function.equals(function))
                .findFirst();
    }

    /** @param order as of {@link Comparable#compareTo}, left to right */
    boolean holds(int order) {
        return switch (this) {
            case EQUAL -> order == 0;
            case UNEQUAL -> order != 0;
            case LESS -> order < 0;
            case AT_MOST -> order <= 0;
            case MORE -> order > 0;
            case AT_LEAST -> order >= 0;
        };
    }

    /** The same with left and right exchanged. */
    Comparison mirrored() {
        return switch (this) {
            case EQUAL, UNEQUAL -> this;
            case LESS -> MORE;
            case AT_MOST -> AT_LEAST;
            case MORE -> LESS;
            case AT_LEAST -> AT_MOST;
        };
    }
}
