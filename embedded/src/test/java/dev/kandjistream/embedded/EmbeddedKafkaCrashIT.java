package dev.kandjistream.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JVM that holds the broker ends while transactions follow one another; the next start must lose none. */
class EmbeddedKafkaCrashIT {
    private static final int PARTITIONS = 6;
    private static final String TOPIC = "survives";
    private static final int END_AFTER = 30;

    /**
     * A transaction's commit is answered before its markers are written: the kill may strike between. Then the broker
     * that comes back must write them, or readers of committed records would wait at that place for ever.
     */
    @Test
    void everyAnsweredCommitIsReadWholeAfterTheBrokerIsKilled(@TempDir Path directory) throws Exception {
        allIsThere(directory, 1, commitsUntilEnded(directory, 1, true));
    }

    /** The same when it is stopped in order under writers who know nothing of that: another process has them. */
    @Test
    void everyAnsweredCommitIsReadWholeAfterTheBrokerIsStoppedUnderItsWriters(@TempDir Path directory)
            throws Exception {
        int writers = 8;
        allIsThere(directory, writers, commitsUntilEnded(directory, writers, false));
    }

    private static void allIsThere(Path directory, int writers, Set<Integer> answered) {
        try (var kafka = EmbeddedKafka.start(directory)) {
            Map<Integer, Integer> copies = readCommitted(kafka, writers);
            for (int transaction : answered) {
                assertThat(copies.get(transaction))
                        .as("partitions with transaction %d", transaction)
                        .isEqualTo(PARTITIONS);
            }
            assertThat(copies.values())
                    .as("transactions are there whole or not at all")
                    .containsOnly(PARTITIONS);
        }
    }

    /** Runs in the JVM that ends. Its writers write each transaction's number to every partition. */
    static final class Victim {
        private static final CountDownLatch ENOUGH = new CountDownLatch(END_AFTER);

        /** @param arguments directory, writers; ends by itself, in order, after some commits */
        public static void main(String[] arguments) throws Exception {
            var kafka = EmbeddedKafka.start(Path.of(arguments[0]));
            try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic(TOPIC, Optional.of(PARTITIONS), Optional.empty())))
                        .all()
                        .get();
            }
            int writers = Integer.parseInt(arguments[1]);
            for (int writer = 0; writer < writers; writer++) {
                int first = writer;
                var thread = new Thread(() -> write(kafka.bootstrapServers(), first, writers));
                thread.setDaemon(true);
                thread.start();
            }
            ENOUGH.await();
            System.out.println("enough");
            if (writers == 1) {
                new CountDownLatch(1).await();
            }
            kafka.close();
            Runtime.getRuntime().halt(0);
        }

        private static void write(String bootstrapServers, int writer, int step) {
            Map<String, Object> settings =
                    Map.of("bootstrap.servers", bootstrapServers, "transactional.id", "victim-" + writer);
            try (var producer = new KafkaProducer<>(settings, new IntegerSerializer(), new IntegerSerializer())) {
                producer.initTransactions();
                for (int number = writer; ; number += step) {
                    producer.beginTransaction();
                    for (int partition = 0; partition < PARTITIONS; partition++) {
                        producer.send(new ProducerRecord<>(TOPIC, partition, number, number));
                    }
                    producer.commitTransaction();
                    System.out.println("committed " + number);
                    ENOUGH.countDown();
                }
            }
        }
    }

    private static Set<Integer> commitsUntilEnded(Path directory, int writers, boolean kill)
            throws IOException, InterruptedException {
        var victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        directory.toString(),
                        String.valueOf(writers))
                .redirectErrorStream(true)
                .start();
        Set<Integer> answered = new HashSet<>();
        try (var output = victim.inputReader()) {
            for (String line; (line = output.readLine()) != null; ) {
                if (line.startsWith("committed ")) {
                    answered.add(Integer.parseInt(line.substring("committed ".length())));
                } else if (kill && line.equals("enough")) {
                    // By its handle: the process itself would also close the output that is still to be read.
                    victim.toHandle().destroyForcibly();
                }
            }
        } finally {
            victim.destroyForcibly();
            assertThat(victim.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(answered).hasSizeGreaterThanOrEqualTo(END_AFTER);
        return answered;
    }

    /** On how many partitions each number stands, once readers of committed records see each partition to its end. */
    private static Map<Integer, Integer> readCommitted(EmbeddedKafka kafka, int writers) {
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(TOPIC, partition))
                .toList();
        // Writers that come back end what they left open, as every service does.
        for (int writer = 0; writer < writers; writer++) {
            Map<String, Object> settings =
                    Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "victim-" + writer);
            try (var producer = new KafkaProducer<>(settings, new IntegerSerializer(), new IntegerSerializer())) {
                producer.initTransactions();
            }
        }
        Map<String, Object> uncommitted = Map.of("bootstrap.servers", kafka.bootstrapServers());
        var committed = new HashMap<>(uncommitted);
        committed.put("isolation.level", "read_committed");
        try (var all = new KafkaConsumer<>(uncommitted, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                var consumer = new KafkaConsumer<>(committed, new IntegerDeserializer(), new IntegerDeserializer())) {
            all.assign(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var copies = new HashMap<Integer, Integer>();
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            for (var end : all.endOffsets(partitions).entrySet()) {
                while (consumer.position(end.getKey()) < end.getValue()) {
                    consumer.poll(Duration.ofMillis(200))
                            .forEach(record -> copies.merge(record.key(), 1, Integer::sum));
                    assertThat(System.nanoTime())
                            .as(
                                    "%s is read from %d to %d",
                                    end.getKey(), consumer.position(end.getKey()), end.getValue())
                            .isLessThan(deadline);
                }
            }
            return copies;
        }
    }
}
