package dev.kandjistream.enricher.stream;

import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.serde.AvroSerdes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Avro with its schemas in a registry. A registry that does not answer says nothing about a record: the call is repeated,
 * and after {@link #PATIENCE} given up with the {@link RetriableException} that replaces the stream thread, well before
 * the broker would abort the open transaction.
 */
public final class RegistryFormat implements ValueFormat, AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Logger LOG = LoggerFactory.getLogger(RegistryFormat.class);

    private final Map<String, Object> clientProperties;
    private volatile String outage;
    private volatile boolean closed;

    /** @param clientProperties {@code schema.registry.url} and its companions */
    public RegistryFormat(Map<String, Object> clientProperties) {
        this.clientProperties = clientProperties;
    }

    @Override
    public <V> Serializer<V> serializer(Topic<V> topic) {
        Serializer<V> serializer = AvroSerdes.serializer(topic, clientProperties);
        return (name, value) -> patiently(() -> serializer.serialize(name, value));
    }

    @Override
    public <V> Deserializer<V> deserializer(Topic<V> topic) {
        Deserializer<V> deserializer = AvroSerdes.deserializer(topic, clientProperties);
        return (name, bytes) -> patiently(() -> deserializer.deserialize(name, bytes));
    }

    /** Why records wait; empty while the registry answers. */
    public Optional<String> outage() {
        return Optional.ofNullable(outage);
    }

    /** Ends the waiting. */
    @Override
    public void close() {
        closed = true;
    }

    private <T> T patiently(Supplier<T> call) {
        long deadline = 0;
        while (true) {
            try {
                T result = call.get();
                if (deadline != 0) {
                    outage = null;
                }
                return result;
            } catch (RuntimeException e) {
                if (!isOutage(e)) {
                    throw e;
                }
                deadline = deadline == 0 ? begin(e) : deadline;
                if (closed || System.nanoTime() > deadline) {
                    throw new RegistryOutageException(e);
                }
                pause();
            }
        }
    }

    private long begin(RuntimeException cause) {
        outage = "waiting for the schema registry: " + cause.getMessage();
        LOG.atWarn().addKeyValue("cause", cause.getMessage()).log("Records wait for the schema registry");
        return System.nanoTime() + PATIENCE.toNanos();
    }

    /**
     * Whether the fault lies in reaching the registry. Ours says so by a retriable exception; Confluent's serde by one
     * too, or by what the JDK's network classes threw. An IOException alone says nothing: Avro throws it at broken bytes.
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

    /** The registry stayed out of reach. */
    private static final class RegistryOutageException extends RetriableException {
        private static final long serialVersionUID = 1L;

        RegistryOutageException(Throwable cause) {
            super("The schema registry does not answer: " + cause.getMessage(), cause);
        }
    }
}
