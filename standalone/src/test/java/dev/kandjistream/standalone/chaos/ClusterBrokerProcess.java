package dev.kandjistream.standalone.chaos;

import dev.kandjistream.embedded.EmbeddedRegistry;
import dev.kandjistream.standalone.e2e.BrokerMember;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;

/**
 * One of three brokers as a process, which one of them shares with the registry: {@code directory node-id client-port
 * controller-port voters cluster-id [registry-port schemas-topic]}. SIGTERM ends it in order.
 */
final class ClusterBrokerProcess {
    private static final int OF_BROKER = 6;
    private static final Duration REGISTRY_STARTS_WITHIN = Duration.ofMinutes(2);

    private ClusterBrokerProcess() {}

    public static void main(String[] arguments) throws Exception {
        var broker = BrokerMember.start(Arrays.copyOf(arguments, OF_BROKER));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::shutdown, "shutdown"));
        if (arguments.length > OF_BROKER) {
            startRegistry(
                    "127.0.0.1:" + arguments[2], Integer.parseInt(arguments[OF_BROKER]), arguments[OF_BROKER + 1]);
        }
        broker.awaitShutdown();
    }

    /** The other two may be away: then its topic cannot be written yet. */
    private static void startRegistry(String bootstrapServers, int port, String schemas) throws InterruptedException {
        long deadline = System.nanoTime() + REGISTRY_STARTS_WITHIN.toNanos();
        while (true) {
            try {
                EmbeddedRegistry.start(port, Map.of("bootstrap.servers", bootstrapServers), schemas);
                return;
            } catch (KafkaException notYet) {
                if (System.nanoTime() > deadline) {
                    throw notYet;
                }
                TimeUnit.MILLISECONDS.sleep(500);
            }
        }
    }
}
