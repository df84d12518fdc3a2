package dev.kandjistream.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must happen between the end of a broker and its next start, or a committed transaction may hang for ever.
 *
 * <p>A broker that ended is still registered, on its old port and as the leader of its partitions; a killed one until its
 * session runs out, one that was stopped because {@link KafkaNode} has it stop without giving up its leadership. In a
 * cluster of one, the next start meets that registration in its own metadata: the transaction coordinator takes up at once
 * what the end interrupted, and sends the markers of answered commits to the old port. When the session ends, it finds no
 * leader for the partitions, takes them for deleted (Kafka 4.3.1: "likely deleted already and hence can be skipped") and
 * may note the transaction as done, without its markers. Readers of committed records then wait at that place for ever; of
 * eight kills under load, three ended so. In larger clusters the others notice that a broker is away; here the controller,
 * started alone for a moment, is told.
 */
final class FormerBroker {
    private static final Logger LOG = LoggerFactory.getLogger(FormerBroker.class);

    /** Written by Kafka when a broker ends cleanly, removed when one starts. */
    private static final String CLEAN_SHUTDOWN = ".kafka_cleanshutdown";

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private FormerBroker() {}

    /** Takes the last broker's registration and leadership away. */
    static void unregister(Path logs) {
        if (Files.notExists(logs.resolve(CLEAN_SHUTDOWN))) {
            LOG.atWarn()
                    .addKeyValue("directory", logs)
                    .log("Embedded Kafka broker was not stopped cleanly; recovering");
        }
        int port = FreePort.find();
        var controller = KafkaNode.controller(logs, port);
        KafkaNode.startup(controller);
        try {
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (!unregister(port, deadline)) {
                Thread.sleep(100);
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } finally {
            KafkaNode.shutdown(controller);
        }
    }

    /** @return false while the controller has not read its own metadata far enough to be spoken to */
    private static boolean unregister(int controllerPort, long deadline) throws InterruptedException {
        try (var admin = Admin.create(Map.of("bootstrap.controllers", KafkaNode.HOST + ":" + controllerPort))) {
            admin.unregisterBroker(KafkaNode.ID).all().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BrokerIdNotRegisteredException) {
                return true;
            }
            if (e.getCause() instanceof UnsupportedVersionException && System.nanoTime() < deadline) {
                return false;
            }
            throw new KafkaException("Kafka's controller does not let go of the last broker", e.getCause());
        }
    }
}
