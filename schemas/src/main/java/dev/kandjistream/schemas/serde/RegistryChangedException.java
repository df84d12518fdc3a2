package dev.kandjistream.schemas.serde;

import org.apache.kafka.common.errors.RetriableException;

/** The registry answers, but it is not the one the records were written with, or it lost schemas. No record is wrong. */
public final class RegistryChangedException extends RetriableException {
    private static final long serialVersionUID = 1L;

    RegistryChangedException(String message) {
        super(message);
    }
}
