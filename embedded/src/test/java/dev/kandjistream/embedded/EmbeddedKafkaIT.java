package dev.kandjistream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
    private static final TopicPartition PARTITION = new TopicPartition("kept", 0);

    @Test
    void keepsCommittedTransactionsOfLargeRecordsOverARestartOnAnotherPort(@TempDir Path directory) throws Exception {
        byte[] large = new byte[15 * 1024 * 1024];
        large[large.length - 1] = 7;
        try (var kafka = EmbeddedKafka.start(directory)) {
            try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic(PARTITION.topic(), Optional.of(1), Optional.empty())))
                        .all()
                        .get();
            }
            sendInTransaction(kafka, large);
        }

        try (var again = EmbeddedKafka.start(directory)) {
            assertThat(committed(again)).singleElement().satisfies(record -> assertThat(record.value())
                    .isEqualTo(large));
        }
    }

    @Test
    void secondBrokerOnADirectoryInUseIsRefusedAndTheFirstGoesOn(@TempDir Path directory) throws Exception {
        try (var kafka = EmbeddedKafka.start(directory)) {
            assertThatThrownBy(() -> EmbeddedKafka.start(directory))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in use")
                    .hasMessageContaining(directory.toString());
            assertThatThrownBy(() -> EmbeddedKafka.start(directory.resolve("other"), port(kafka)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("port=" + port(kafka));
            try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                assertThat(admin.describeCluster().nodes().get()).hasSize(1);
            }
        }
    }

    private static int port(EmbeddedKafka kafka) {
        return Integer.parseInt(kafka.bootstrapServers().split(":")[1]);
    }

    private static void sendInTransaction(EmbeddedKafka kafka, byte[] value) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "transactional.id",
                "writer",
                "max.request.size",
                16 * 1024 * 1024);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(PARTITION.topic(), 0, new byte[] {1}, value));
            producer.commitTransaction();
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> committed(EmbeddedKafka kafka) {
        var settings = new HashMap<String, Object>();
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        settings.put("isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (System.nanoTime() < deadline) {
                var records = consumer.poll(Duration.ofSeconds(1)).records(PARTITION);
                if (!records.isEmpty()) {
                    return records;
                }
            }
            return Collections.emptyList();
        }
    }
}
