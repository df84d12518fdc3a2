package dev.kandjistream.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka broker and KRaft controller in this JVM: the production classes, one node, loopback only.
 *
 * <p>The directory keeps topics, offsets and transactions; starting on it again continues, on the same port or another.
 * A directory that was not shut down cleanly is recovered by Kafka itself.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);

    /** A port found free may be taken before Kafka binds it; so often is another one tried. */
    private static final int ATTEMPTS_ON_FREE_PORTS = 3;

    private final KafkaRaftServer server;
    private final DirectoryLock lock;
    private final int port;

    private EmbeddedKafka(KafkaRaftServer server, DirectoryLock lock, int port) {
        this.server = server;
        this.lock = lock;
        this.port = port;
    }

    /** Starts on a free port; see {@link #start(Path, int)}. */
    public static EmbeddedKafka start(Path directory) {
        return start(directory, 0);
    }

    /**
     * Starts and returns when the broker takes requests; some seconds.
     *
     * @param directory created when missing
     * @param port of the client listener on the loopback address; 0 takes a free one
     * @throws IllegalStateException when the directory is in use or the broker does not start
     */
    public static EmbeddedKafka start(Path directory, int port) {
        return start(directory, port, Map.of());
    }

    /**
     * As {@link #start(Path, int)}, with additional broker settings, such as those of an authorizer.
     *
     * @param settings override those of this class; clients connect to the listener {@code CLIENT}
     */
    public static EmbeddedKafka start(Path directory, int port, Map<String, String> settings) {
        Path absolute = directory.toAbsolutePath();
        try {
            var lock = DirectoryLock.acquire(absolute, "Kafka broker");
            try {
                return start(absolute, port, settings, lock);
            } catch (RuntimeException | IOException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Embedded Kafka broker cannot use its directory. directory=" + absolute, e);
        }
    }

    private static EmbeddedKafka start(Path directory, int port, Map<String, String> settings, DirectoryLock lock)
            throws IOException {
        if (port != 0 && !FreePort.isFree(port)) {
            // Asked first because Kafka says it with three stack traces.
            throw new IllegalStateException(
                    "The embedded Kafka broker's port is taken. Stop who listens on it, or choose another. port="
                            + port);
        }
        Path logs = directory.resolve("logs");
        if (Files.exists(logs.resolve("meta.properties"))) {
            FormerBroker.unregister(logs);
        } else {
            format(logs);
        }
        RuntimeException failure = null;
        for (int attempt = 0; attempt < (port == 0 ? ATTEMPTS_ON_FREE_PORTS : 1); attempt++) {
            int clientPort = port == 0 ? FreePort.find() : port;
            try {
                var server = KafkaNode.broker(logs, clientPort, FreePort.find(), settings);
                KafkaNode.startup(server);
                LOG.atInfo()
                        .addKeyValue("port", clientPort)
                        .addKeyValue("directory", directory)
                        .log("Embedded Kafka broker started");
                return new EmbeddedKafka(server, lock, clientPort);
            } catch (RuntimeException e) {
                failure = new IllegalStateException(
                        "Embedded Kafka broker did not start. port=" + clientPort + " directory=" + directory, e);
            }
        }
        throw failure;
    }

    /** Writes cluster id and first metadata, once in a directory's life. */
    private static void format(Path logs) throws IOException {
        Files.createDirectories(logs);
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .setNodeId(KafkaNode.ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(logs.toString())
                    .setMetadataLogDirectory(logs.toString())
                    .setControllerListenerName(KafkaNode.CONTROLLER_LISTENER)
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("Kafka's storage cannot be formatted. directory=" + logs, e);
        }
    }

    /** For {@code bootstrap.servers}; host and port. */
    public String bootstrapServers() {
        return KafkaNode.HOST + ":" + port;
    }

    /** Stops cleanly; the next start on the directory needs no recovery. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The lock on the broker's directory could not be let go", e);
        }
    }
}
