package dev.kandjistream.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/** The settings of a cluster of one, on the loopback address. */
final class KafkaNode {
    static final String HOST = "127.0.0.1";
    static final int ID = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    /** The largest record of the project's topics; broker, producers and consumers agree on it. */
    private static final int MAX_RECORD_BYTES = 16 * 1024 * 1024;

    private static final Map<String, String> ALONE = Map.of(
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

    private KafkaNode() {}

    /**
     * Broker and controller in one.
     *
     * @param further settings that override those of this class
     */
    static KafkaRaftServer broker(Path logs, int clientPort, int controllerPort, Map<String, String> further) {
        var settings = common(logs, controllerPort);
        settings.put("process.roles", "broker,controller");
        settings.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", "CLIENT");
        settings.put("listeners", "CLIENT://" + HOST + ":" + clientPort + "," + settings.get("listeners"));
        settings.put("advertised.listeners", "CLIENT://" + HOST + ":" + clientPort);
        settings.putAll(ALONE);
        settings.putAll(SMALL_AND_QUICK);
        // A broker that stops gives its leadership away first, here to nobody. A commit answered in that moment is
        // noted
        // as done without its markers (see FormerBroker), and readers of what is committed wait at it for ever.
        settings.put("controlled.shutdown.enable", "false");
        settings.put("message.max.bytes", String.valueOf(MAX_RECORD_BYTES));
        settings.put("replica.fetch.max.bytes", String.valueOf(MAX_RECORD_BYTES));
        // A misspelt topic must fail, not appear with settings that lose data.
        settings.put("auto.create.topics.enable", "false");
        settings.putAll(further);
        return server(settings);
    }

    /** The controller alone: it knows of the broker and its partitions, and serves none. */
    static KafkaRaftServer controller(Path logs, int port) {
        var settings = common(logs, port);
        settings.put("process.roles", "controller");
        settings.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT");
        return server(settings);
    }

    private static Map<String, String> common(Path logs, int controllerPort) {
        var settings = new HashMap<String, String>();
        settings.put("node.id", String.valueOf(ID));
        settings.put("log.dirs", logs.toString());
        settings.put("controller.listener.names", CONTROLLER_LISTENER);
        settings.put("controller.quorum.voters", ID + "@" + HOST + ":" + controllerPort);
        settings.put("listeners", CONTROLLER_LISTENER + "://" + HOST + ":" + controllerPort);
        return settings;
    }

    private static KafkaRaftServer server(Map<String, String> settings) {
        return new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
    }

    static void startup(KafkaRaftServer server) {
        try {
            server.startup();
        } catch (RuntimeException e) {
            // Half of it may run: the controller has its own port and the log directory's lock.
            shutdown(server);
            throw e;
        }
    }

    static void shutdown(KafkaRaftServer server) {
        server.shutdown();
        server.awaitShutdown();
    }
}
