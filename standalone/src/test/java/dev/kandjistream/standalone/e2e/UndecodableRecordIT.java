package dev.kandjistream.standalone.e2e;

import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.fleet.Device;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A raw record that is not Avro. It has its own class, because the readers of other tests decode every record. */
class UndecodableRecordIT {
    private static final String POLICY = """
            rules:
              - { name: connected, when: connection == "available", outcome: allow }
            """;

    @Test
    void aMacWhoseNewestRecordCannotBeDecodedIsStale(@TempDir Path directory) throws Exception {
        Account account = Account.start(
                Tenant.us("acme", 61).withDevices(7).withMacPercent(100).withAppsPerMac(2), Account.onDemand());
        var settings = PostureClient.settings(directory, POLICY, Duration.ofHours(1));
        try (Stack stack = Stack.start(directory, List.of(account), settings)) {
            stack.sweepWhole();
            stack.read();
            var posture = new PostureClient(stack);
            Device mac = account.fleet().devices().get(0);
            Device other = account.fleet().devices().get(1);
            posture.awaitAllowed(mac.hardware().serial());

            publishGarbage(stack, account.id() + "/" + mac.id());

            posture.awaitRefused(mac.hardware().serial(), "stale", "record_undecodable");
            posture.awaitAllowed(other.hardware().serial());
        }
    }

    private static void publishGarbage(Stack stack, String key) throws Exception {
        String topic = "kandji.raw.devices";
        int partition = stack.judge().states().of(topic).stream()
                .filter(record -> record.key().equals(key))
                .findFirst()
                .orElseThrow()
                .partition();
        byte[] garbage = "no Avro at all".getBytes(StandardCharsets.UTF_8);
        var properties = new HashMap<>(stack.pipeline().clientProperties());
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, partition, key, garbage)).get();
        }
    }
}
