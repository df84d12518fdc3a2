package dev.kandjistream.standalone.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.schemas.DeadLetterHeaders;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random topics with unreadable records, redriven in pieces of a few letters on a real broker. */
@Tag("recovery")
class RedriveIT {
    private static final int RECORDS = 60;
    private static final int KEYS = 12;

    @TempDir
    private static Path directory;

    private static EmbeddedKafka broker;
    private static Map<String, Object> client;

    @BeforeAll
    static void start() {
        broker = EmbeddedKafka.start(directory.resolve("kafka"));
        client = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "request.timeout.ms",
                10_000,
                "default.api.timeout.ms",
                10_000);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void exactlyTheUnreadableRecordsThatAreTheLatestOfTheirKeyComeBackInWhateverPieces(long seed) throws Exception {
        var random = new Random(seed);
        var topics = new Topics("pieces" + seed);
        try (var admin = Admin.create(client)) {
            TopicAdmin.ensure(admin, topics, (short) 1);
        }
        Set<String> latestUnreadable = write(topics, random);
        Map<String, String> before = latest(topics);

        assertThat(redriven(topics, 1 + random.nextInt(8))).containsExactlyInAnyOrderElementsOf(latestUnreadable);

        assertThat(latest(topics)).isEqualTo(before);
        assertThat(redriven(topics, RECORDS)).as("a second time").isEmpty();
    }

    /** @return places of the unreadable records that no other one of their key follows */
    private static Set<String> write(Topics topics, Random random) throws Exception {
        Map<String, String> latest = new TreeMap<>();
        try (var producer = new KafkaProducer<>(client, new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                String key = "acme/" + random.nextInt(KEYS);
                byte[] value = random.nextInt(6) == 0 ? null : utf8("value " + i);
                RecordMetadata at = producer.send(
                                new ProducerRecord<>(topics.rawDevices().name(), key, value))
                        .get();
                boolean isUnreadable = value != null && random.nextBoolean();
                latest.put(key, isUnreadable ? at.partition() + ":" + at.offset() : "");
                // The sink sends a letter at least once.
                for (int letters = isUnreadable ? 1 + random.nextInt(2) : 0; letters > 0; letters--) {
                    producer.send(letter(topics, key, value, at)).get();
                }
            }
        }
        var places = new TreeSet<>(latest.values());
        places.remove("");
        return places;
    }

    private static ProducerRecord<String, byte[]> letter(Topics topics, String key, byte[] value, RecordMetadata at) {
        var letter = new ProducerRecord<>(topics.deadLetters().name(), key, value);
        letter.headers()
                .add(DeadLetterHeaders.TOPIC, utf8(at.topic()))
                .add(DeadLetterHeaders.PARTITION, utf8(String.valueOf(at.partition())))
                .add(DeadLetterHeaders.OFFSET, utf8(String.valueOf(at.offset())));
        return letter;
    }

    /** @return places of the letters whose records were written */
    private static List<String> redriven(Topics topics, int pieceSize) {
        List<String> written = new ArrayList<>();
        try (var letters = new DeadLetterLog(topics, client);
                var redrive = new Redrive(topics, client, letters, StopSignal.none())) {
            letters.forEachPiece(
                    letter -> true,
                    pieceSize,
                    piece -> redrive.carryOut(piece, false, result -> {
                        if (result.skipped() == null) {
                            written.add(result.letter().place());
                        }
                    }));
        }
        return written;
    }

    private static Map<String, String> latest(Topics topics) {
        Map<String, String> latest = new HashMap<>();
        try (var log = new BytesLog(client, "read_committed")) {
            for (var partition : log.partitions(topics.rawDevices().name())) {
                log.read(partition, 0, log.end(partition), record -> latest.put(text(record.key()), text(record)));
            }
        }
        return latest;
    }

    private static String text(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null ? "tombstone" : text(record.value());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
