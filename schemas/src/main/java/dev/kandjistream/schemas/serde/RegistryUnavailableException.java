package dev.kandjistream.schemas.serde;

import org.apache.kafka.common.errors.RetriableException;

/** No registry answered, or only with errors of its own (status 500 and up). No record is to blame: try again later. */
public final class RegistryUnavailableException extends RetriableException {
    private static final long serialVersionUID = 1L;

    RegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
