package dev.kandjistream.enricher.stream;

import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.TrustedSerdes;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Avro with its schemas in a registry. A registry that does not answer, or is not the one that wrote the topics, says nothing
 * about a record: the call is repeated, and given up after {@link #PATIENCE}, well before the broker would abort the open
 * transaction.
 */
public final class RegistryFormat implements ValueFormat, AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final TrustedSerdes serdes;
    private final Breaker breaker;
    private volatile boolean closed;

    /** @param clientProperties {@code bootstrap.servers}, {@code schema.registry.url} and their companions */
    public RegistryFormat(Topics topics, Map<String, Object> clientProperties, Breaker breaker) {
        this.serdes = new TrustedSerdes(topics, clientProperties);
        this.breaker = breaker;
    }

    @Override
    public <V> Serializer<V> serializer(Topic<V> topic) {
        Serializer<V> serializer = serdes.serializer(topic);
        return (name, value) -> patiently(() -> serializer.serialize(name, value));
    }

    @Override
    public <V> Deserializer<V> deserializer(Topic<V> topic) {
        Deserializer<V> deserializer = serdes.deserializer(topic);
        return (name, bytes) -> patiently(() -> deserializer.deserialize(name, bytes));
    }

    /** Ends the waiting. */
    @Override
    public void close() {
        closed = true;
    }

    private <T> T patiently(Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            if (!isOutage(e)) {
                throw e;
            }
            return wait(call, e);
        }
    }

    private <T> T wait(Supplier<T> call, RuntimeException first) {
        var key = new Object();
        breaker.begin(key, reason(first));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        RuntimeException last = first;
        while (!closed && System.nanoTime() < deadline) {
            pause();
            try {
                T result = call.get();
                breaker.end(key);
                return result;
            } catch (RuntimeException e) {
                if (!isOutage(e)) {
                    breaker.end(key);
                    throw e;
                }
                last = e;
            }
        }
        throw breaker.giveUp(key, () -> answers(call), last);
    }

    private static String reason(RuntimeException cause) {
        return "waiting for the schema registry: " + cause.getMessage();
    }

    private static boolean answers(Supplier<?> call) {
        try {
            call.get();
            return true;
        } catch (RuntimeException e) {
            return !isOutage(e);
        }
    }

    /**
     * Whether the fault lies in reaching the registry, or in the registry. Ours says so by a retriable exception; Confluent's
     * serde by one too, or by what the JDK's network classes threw. An IOException alone says nothing: Avro throws it at broken
     * bytes.
     */
    static boolean isOutage(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetriableException
                    || cause instanceof SSLException
                    || cause.getClass().getName().startsWith("java.net.")) {
                return true;
            }
        }
        return false;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
