package dev.kandjistream.simulator.http;

/** A parameter the API answers 400 to; the message goes into the body's {@code detail}. */
final class BadRequest extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadRequest(String detail) {
        super(detail);
    }
}
