package dev.kandjistream.schemas.serde;

import org.apache.kafka.common.errors.ApiException;

/** The registry answered, and the answer is no: a status of 400 to 499, in its own words. Asking again will not help. */
public final class RegistryException extends ApiException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final int errorCode;

    RegistryException(int status, int errorCode, String message) {
        super(message);
        this.status = status;
        this.errorCode = errorCode;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** The registry's own code, such as 40401 (no such subject) or 409 (incompatible); the status where it gave none. */
    public int errorCode() {
        return errorCode;
    }
}
