package dev.kandjistream.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
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
    private static final String HOST = "127.0.0.1";
    private static final int NODE = 1;

    /** The largest record of the project's topics; broker, producers and consumers agree on it. */
    private static final int MAX_RECORD_BYTES = 16 * 1024 * 1024;

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
        Path absolute = directory.toAbsolutePath();
        try {
            var lock = DirectoryLock.acquire(absolute, "Kafka broker");
            try {
                return start(absolute, port, lock);
            } catch (RuntimeException | IOException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Embedded Kafka broker cannot use its directory. directory=" + absolute, e);
        }
    }

    private static EmbeddedKafka start(Path directory, int port, DirectoryLock lock) throws IOException {
        if (port != 0 && !FreePort.isFree(port)) {
            // Asked first because Kafka says it with three stack traces.
            throw new IllegalStateException(
                    "The embedded Kafka broker's port is taken. Stop who listens on it, or choose another. port="
                            + port);
        }
        Path logs = directory.resolve("logs");
        format(logs);
        RuntimeException failure = null;
        for (int attempt = 0; attempt < (port == 0 ? ATTEMPTS_ON_FREE_PORTS : 1); attempt++) {
            int clientPort = port == 0 ? FreePort.find() : port;
            try {
                var server = new KafkaRaftServer(
                        new KafkaConfig(settings(logs, clientPort, FreePort.find()), false), Time.SYSTEM);
                startup(server);
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

    private static void startup(KafkaRaftServer server) {
        try {
            server.startup();
        } catch (RuntimeException e) {
            // Half of it may run: the controller has its own port and the log directory's lock.
            server.shutdown();
            server.awaitShutdown();
            throw e;
        }
    }

    /** Writes cluster id and first metadata, once in a directory's life. */
    private static void format(Path logs) throws IOException {
        Files.createDirectories(logs);
        if (Files.exists(logs.resolve("meta.properties"))) {
            return;
        }
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .setNodeId(NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(logs.toString())
                    .setMetadataLogDirectory(logs.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("Kafka's storage cannot be formatted. directory=" + logs, e);
        }
    }

    private static Map<String, String> settings(Path logs, int clientPort, int controllerPort) {
        var settings = new HashMap<String, String>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", String.valueOf(NODE));
        settings.put("controller.quorum.voters", NODE + "@" + HOST + ":" + controllerPort);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "CLIENT");
        settings.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put(
                "listeners", "CLIENT://" + HOST + ":" + clientPort + ",CONTROLLER://" + HOST + ":" + controllerPort);
        settings.put("advertised.listeners", "CLIENT://" + HOST + ":" + clientPort);
        settings.put("log.dirs", logs.toString());
        settings.putAll(ONE_NODE);
        settings.putAll(SMALL_AND_QUICK);
        settings.put("message.max.bytes", String.valueOf(MAX_RECORD_BYTES));
        settings.put("replica.fetch.max.bytes", String.valueOf(MAX_RECORD_BYTES));
        // A misspelt topic must fail, not appear with settings that lose data.
        settings.put("auto.create.topics.enable", "false");
        return settings;
    }

    private static final Map<String, String> ONE_NODE = Map.of(
            "offsets.topic.replication.factor", "1",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "share.coordinator.state.topic.replication.factor", "1",
            "share.coordinator.state.topic.min.isr", "1",
            "default.replication.factor", "1",
            "min.insync.replicas", "1");

    private static final Map<String, String> SMALL_AND_QUICK = Map.ofEntries(
            Map.entry("offsets.topic.num.partitions", "8"),
            Map.entry("transaction.state.log.num.partitions", "8"),
            Map.entry("share.coordinator.state.topic.num.partitions", "1"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            // The broker takes requests after its second heartbeat: two seconds by default.
            Map.entry("broker.heartbeat.interval.ms", "500"),
            Map.entry("num.network.threads", "2"),
            Map.entry("num.io.threads", "4"),
            Map.entry("background.threads", "4"),
            // Allocated whole at the start; 128 MB by default, for some five million keys a pass.
            Map.entry("log.cleaner.dedupe.buffer.size", String.valueOf(16 * 1024 * 1024)),
            // Two index files of this size are laid out for every partition's newest segment; 10 MB by default.
            Map.entry("log.index.size.max.bytes", String.valueOf(1024 * 1024)),
            Map.entry(
                    "metadata.max.idle.interval.ms",
                    String.valueOf(Duration.ofSeconds(10).toMillis())));

    /** For {@code bootstrap.servers}; host and port. */
    public String bootstrapServers() {
        return HOST + ":" + port;
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
