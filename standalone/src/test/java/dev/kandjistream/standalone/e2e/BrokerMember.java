package dev.kandjistream.standalone.e2e;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * One of three brokers as a process: {@code directory node-id client-port controller-port voters cluster-id}. It is only ever
 * killed.
 */
public final class BrokerMember {
    private static final String CONTROLLER = "CONTROLLER";
    private static final String LARGEST_RECORD = String.valueOf(16 << 20);

    private BrokerMember() {}

    public static void main(String[] arguments) throws Exception {
        var server = start(arguments);
        System.out.println("READY");
        server.awaitShutdown();
    }

    /** Returns once it serves, which takes two of the three. */
    public static KafkaRaftServer start(String... arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        int id = Integer.parseInt(arguments[1]);
        if (!Files.exists(directory.resolve("meta.properties"))) {
            format(directory, id, arguments[5]);
        }
        var server = new KafkaRaftServer(
                new KafkaConfig(settings(directory, id, arguments[2], arguments[3], arguments[4]), false), Time.SYSTEM);
        server.startup();
        return server;
    }

    private static void format(Path directory, int id, String clusterId) throws Exception {
        Files.createDirectories(directory);
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .setNodeId(id)
                .setClusterId(clusterId)
                .addDirectory(directory.toString())
                .setMetadataLogDirectory(directory.toString())
                .setControllerListenerName(CONTROLLER)
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .run();
    }

    private static Map<String, String> settings(
            Path directory, int id, String clientPort, String controllerPort, String voters) {
        var settings = new HashMap<String, String>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", String.valueOf(id));
        settings.put("log.dirs", directory.toString());
        settings.put("controller.listener.names", CONTROLLER);
        settings.put("controller.quorum.voters", voters);
        settings.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", "CLIENT");
        settings.put(
                "listeners", "CLIENT://127.0.0.1:" + clientPort + "," + CONTROLLER + "://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", "CLIENT://127.0.0.1:" + clientPort);
        settings.put("default.replication.factor", "3");
        settings.put("min.insync.replicas", "2");
        settings.put("offsets.topic.replication.factor", "3");
        settings.put("offsets.topic.num.partitions", "8");
        settings.put("transaction.state.log.replication.factor", "3");
        settings.put("transaction.state.log.min.isr", "2");
        settings.put("transaction.state.log.num.partitions", "8");
        // A leader that was killed is followed by another while it is away, as after a real crash.
        settings.put("broker.session.timeout.ms", "3000");
        settings.put("broker.heartbeat.interval.ms", "500");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("auto.create.topics.enable", "false");
        settings.put("unclean.leader.election.enable", "false");
        settings.put("log.cleaner.dedupe.buffer.size", String.valueOf(16 << 20));
        settings.put("log.index.size.max.bytes", String.valueOf(1 << 20));
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("message.max.bytes", LARGEST_RECORD);
        settings.put("replica.fetch.max.bytes", LARGEST_RECORD);
        return settings;
    }
}
