package dev.kandjistream.kandji.http;

import java.util.OptionalInt;

/** The API did not give what was asked for, retries included. The message says endpoint, status and what it answered. */
public final class ApiException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Connection connection;
    private final String endpoint;
    private final int status;

    /** @param status 0 where there was no answer */
    ApiException(Connection connection, String endpoint, int status, String message, Throwable cause) {
        super(message, cause);
        this.connection = connection;
        this.endpoint = endpoint;
        this.status = status;
    }

    public Connection connection() {
        return connection;
    }

    /** Method and path, such as {@code GET /api/v1/devices}. */
    public String endpoint() {
        return endpoint;
    }

    /** HTTP status; empty where there was no answer. */
    public OptionalInt status() {
        return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
    }
}
