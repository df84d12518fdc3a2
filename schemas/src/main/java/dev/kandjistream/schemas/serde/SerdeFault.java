package dev.kandjistream.schemas.serde;

import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;

/** What a failing serde means: is the record unreadable or unfit, or could the registry not be asked? */
public final class SerdeFault {
    private SerdeFault() {}

    /**
     * Whether the registry, or our access to it, is to blame. Then the record waits. Otherwise it cannot be read or
     * written, now or later.
     *
     * <p>Serdes, ours and Confluent's, wrap what is wrong with the bytes in a {@code SerializationException}, and so at times
     * what is wrong with the network. Cut-off Avro is an {@link java.io.IOException} too (end of file), so of those only the
     * network's count.
     */
    public static boolean isOfRegistry(Throwable fault) {
        if (fault instanceof ApiException || fault instanceof ConfigException) {
            return true;
        }
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetriableException || isOfNetwork(cause)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfNetwork(Throwable cause) {
        return cause instanceof SocketException
                || cause instanceof UnknownHostException
                || cause instanceof HttpTimeoutException
                || cause instanceof InterruptedIOException
                || cause instanceof ClosedChannelException
                || cause instanceof SSLException;
    }
}
