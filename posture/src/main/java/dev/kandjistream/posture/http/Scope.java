package dev.kandjistream.posture.http;

import java.util.Locale;

/** What a token may be used for. */
public enum Scope {
    /** To ask for decisions. */
    DECIDE,
    /** To see what is known of a device. */
    READ;

    /** As files of tokens and answers say it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
