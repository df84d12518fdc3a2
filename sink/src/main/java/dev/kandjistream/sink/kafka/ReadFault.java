package dev.kandjistream.sink.kafka;

import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;

/** What a failing deserialiser means: is the record unreadable, or could the registry not be asked? */
final class ReadFault {
    private ReadFault() {}

    /**
     * Whether the registry is to blame: unreachable, overloaded, or refusing us. Then the record waits. Otherwise the record
     * cannot be read, now or later.
     *
     * <p>Cut-off Avro is an {@link java.io.IOException} too (end of file), so only those of the network count.
     */
    static boolean isOfRegistry(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetriableException
                    || cause instanceof AuthenticationException
                    || cause instanceof AuthorizationException
                    || isOfNetwork(cause)) {
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
