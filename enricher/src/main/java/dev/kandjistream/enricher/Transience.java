package dev.kandjistream.enricher;

import java.io.IOException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.LockException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;

/** Which faults pass with time, so that a new stream thread may try again. All others are assumptions gone wrong. */
final class Transience {
    private Transience() {}

    static boolean passes(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
                return false;
            }
            if (isTransient(cause)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTransient(Throwable cause) {
        return cause instanceof RetriableException
                || cause instanceof IOException
                || isFencing(cause)
                || cause instanceof LockException
                // Metadata may be older than the topics, which were there when we began.
                || cause instanceof MissingSourceTopicException
                || cause instanceof TaskCorruptedException
                || cause instanceof TaskMigratedException;
    }

    private static boolean isFencing(Throwable cause) {
        return cause instanceof ApiException
                && (cause instanceof ProducerFencedException
                        || cause instanceof InvalidProducerEpochException
                        || cause instanceof InvalidPidMappingException);
    }

    /** What a person should read first. */
    static Throwable rootOf(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
