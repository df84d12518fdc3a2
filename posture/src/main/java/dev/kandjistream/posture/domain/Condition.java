package dev.kandjistream.posture.domain;

import java.util.Map;

/** What a rule asks. */
public interface Condition {

    /** Whether it is so. */
    enum Truth {
        YES,
        NO,
        /** It cannot be told, such as when the context lacks what is asked of it. */
        UNTOLD
    }

    /**
     * Called only where every attribute of {@link #needs} is there.
     *
     * @param context of the {@link Question}
     */
    Truth test(Posture posture, Map<String, String> context);

    /** Attributes that it reads and does not ask {@code has(...)} of, as bits. */
    long needs();
}
