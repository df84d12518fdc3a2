package dev.kandjistream.kandji.http;

import java.io.IOException;

/** A body that is not what the endpoint should answer. */
public final class BadBody extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    private BadBody(boolean passing, String message, Throwable cause) {
        super(message, cause);
        this.passing = passing;
    }

    /** Cut, garbled, HTML: the next attempt may well bring a good one. */
    static BadBody garbled(String message, Throwable cause) {
        return new BadBody(true, message, cause);
    }

    /**
     * Of another shape or size: the API, or the URL, is not the one this was written for. Asking again at once would bring
     * the same.
     */
    public static BadBody shape(String message) {
        return new BadBody(false, message, null);
    }

    boolean passing() {
        return passing;
    }
}
