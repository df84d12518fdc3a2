package dev.kandjistream.poller.http;

import dev.kandjistream.kandji.http.ApiException;
import java.io.IOException;

/** An export that brings no rows. The message says what was expected and what was found; it never holds the file's URL. */
final class ExportFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean lasting;

    private ExportFailure(boolean lasting, String message, Throwable cause) {
        super(message, cause);
        this.lasting = lasting;
    }

    /** The next sweep may well be luckier. */
    static ExportFailure passing(String message) {
        return new ExportFailure(false, message, null);
    }

    /** The next export would end in the same way. */
    static ExportFailure lasting(String message) {
        return new ExportFailure(true, message, null);
    }

    static ExportFailure of(ApiException refusal) {
        return new ExportFailure(OptionalEndpoints.lasting(refusal), refusal.getMessage(), refusal);
    }

    boolean isLasting() {
        return lasting;
    }
}
