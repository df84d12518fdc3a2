package dev.kandjistream.posture.policy;

import dev.kandjistream.posture.domain.Condition.Truth;

/**
 * What a formula may come to, as bits: one where all it reads is known, several where something may still be this or that.
 * Combined as CEL combines truths and errors: {@code false && error} is false, {@code true || error} is true, in either order.
 */
final class Truths {
    static final int YES = 1;
    static final int NO = 2;
    static final int UNTOLD = 4;
    static final int ANY = YES | NO | UNTOLD;

    private Truths() {}

    static int of(boolean truth) {
        return truth ? YES : NO;
    }

    static int not(int truths) {
        return truths & UNTOLD | (truths & YES) << 1 | (truths & NO) >> 1;
    }

    static int and(int left, int right) {
        int both = (left | right) & NO;
        both |= left & right & YES;
        boolean untold = (left & UNTOLD) != 0 && (right & ~NO) != 0 || (right & UNTOLD) != 0 && (left & ~NO) != 0;
        return untold ? both | UNTOLD : both;
    }

    static int or(int left, int right) {
        return not(and(not(left), not(right)));
    }

    /** {@code test ? whenYes : whenNo}; a test that cannot be told leaves all untold. */
    static int choose(int test, int whenYes, int whenNo) {
        return test & UNTOLD | ((test & YES) != 0 ? whenYes : 0) | ((test & NO) != 0 ? whenNo : 0);
    }

    /** Of a single one. */
    static Truth single(int truth) {
        return truth == YES ? Truth.YES : truth == NO ? Truth.NO : Truth.UNTOLD;
    }
}
