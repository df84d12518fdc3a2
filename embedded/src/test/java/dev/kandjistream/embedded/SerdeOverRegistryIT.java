package dev.kandjistream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.schemas.serde.KafkaAvroSerializer;
import dev.kandjistream.schemas.serde.RegistryException;
import dev.kandjistream.schemas.serde.RegistrySubjects;
import dev.kandjistream.sweeps.Quota;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Serde, registry and topics together, as services use them. */
class SerdeOverRegistryIT {
    private static final Topics TOPICS = new Topics("kandji");

    private static EmbeddedKafka kafka;
    private static EmbeddedRegistry registry;

    @BeforeAll
    static void start(@TempDir Path directory) {
        kafka = EmbeddedKafka.start(directory);
        registry = EmbeddedRegistry.start(0, Map.of("bootstrap.servers", kafka.bootstrapServers()), "_schemas");
        try (var admin = Admin.create(properties())) {
            TopicAdmin.ensure(admin, TOPICS, (short) 1);
        }
        RegistrySubjects.ensure(TOPICS, properties());
    }

    @AfterAll
    static void stop() {
        registry.close();
        kafka.close();
    }

    /** The reader knows the wire format, the registry's address and Avro; none of this project's classes. */
    @Test
    void plainAvroReaderDecodesRecordsKnowingOnlyTheRegistry() throws Exception {
        Instant observed = Instant.parse("2025-02-11T09:30:05.120Z");
        send(TOPICS.rawDevices(), "acme/d1", device(observed));

        List<byte[]> values = values(TOPICS.rawDevices().name());

        assertThat(values).hasSize(1);
        GenericRecord record = decode(values.get(0));
        assertThat(record.getSchema().getFullName()).isEqualTo("dev.kandjistream.raw.RawDevice");
        assertThat(record.getSchema().getField("device_id").doc()).isNotBlank();
        assertThat(record.get("device_name")).hasToString("Jörgs Mac");
        assertThat(record.get("observed_at")).isEqualTo(observed.toEpochMilli());
        assertThat(record.get("serial_number")).isNull();
    }

    @Test
    void recordsComeBackAsTheyWent() {
        RawDevice device = device(Instant.parse("2025-02-11T09:30:05.120Z"));
        try (var serde = AvroSerdes.serde(TOPICS.rawDevices(), properties())) {
            byte[] bytes = serde.serializer().serialize(TOPICS.rawDevices().name(), device);

            assertThat(serde.deserializer().deserialize(TOPICS.rawDevices().name(), bytes))
                    .isEqualTo(device);
        }
    }

    @Test
    void subjectsAreHeldToBackwardTransitive() throws Exception {
        assertThat(get("/config/kandji.usage-value")).contains("BACKWARD_TRANSITIVE");
        assertThat(get("/config/kandji.raw.devices-value")).contains("BACKWARD_TRANSITIVE");
    }

    @Test
    void schemaThatCouldNotReadWhatLiesInTheTopicIsRefusedWithTheReason() {
        var other = Schema.createRecord("Other", null, "n", false);
        other.setFields(List.of(new Schema.Field("count", Schema.create(Schema.Type.INT))));
        var serializer = new KafkaAvroSerializer();
        serializer.configure(properties(), false);
        var first = new GenericData.Record(other);
        first.put("count", 1);
        serializer.serialize("elsewhere", first);
        var changed = Schema.createRecord("Other", null, "n", false);
        changed.setFields(List.of(new Schema.Field("count", Schema.create(Schema.Type.STRING))));
        var second = new GenericData.Record(changed);
        second.put("count", "one");

        assertThatThrownBy(() -> serializer.serialize("elsewhere", second))
                .isInstanceOfSatisfying(RegistryException.class, refusal -> assertThat(refusal.status())
                        .isEqualTo(409))
                .hasMessageContaining("TYPE_MISMATCH");
    }

    @Test
    void withoutAutomaticRegistrationOnlyKnownSchemasAreWritten() {
        var cautious = new HashMap<>(properties());
        cautious.put("auto.register.schemas", "false");
        var latest = new HashMap<>(cautious);
        latest.put("use.latest.version", "true");
        var quota = new Quota(1L, 2L, null);

        assertThatThrownBy(() -> AvroSerdes.serializer(Quota.class, cautious).serialize("unregistered", quota))
                .isInstanceOfSatisfying(RegistryException.class, refusal -> assertThat(refusal.errorCode())
                        .isEqualTo(40401));
        byte[] registered = AvroSerdes.serializer(Quota.class, properties()).serialize("registered", quota);
        assertThat(AvroSerdes.serializer(Quota.class, cautious).serialize("registered", quota))
                .isEqualTo(registered);
        assertThat(AvroSerdes.serializer(Quota.class, latest).serialize("registered", quota))
                .isEqualTo(registered);
    }

    @Test
    void idThatTheRegistryDoesNotKnowIsTheRecordsFault() {
        assertThatThrownBy(() -> AvroSerdes.deserializer(TOPICS.rawDevices(), properties())
                        .deserialize("t", new byte[] {0, 0, 0, 100, 0, 2}))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("schemaId=25600");
    }

    private static Map<String, Object> properties() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers(), "schema.registry.url", registry.url());
    }

    private static RawDevice device(Instant observed) {
        return RawDevice.newBuilder()
                .setAccountId("acme")
                .setDeviceId("d1")
                .setSweepId("s1")
                .setObservedAt(observed)
                .setBaseline(true)
                .setDeviceName("Jörgs Mac")
                .setJson("{}")
                .build();
    }

    private static <V> void send(Topic<V> topic, String key, V value) throws Exception {
        try (var producer =
                new KafkaProducer<>(properties(), new StringSerializer(), AvroSerdes.serializer(topic, properties()))) {
            producer.send(new ProducerRecord<>(topic.name(), key, value)).get();
        }
    }

    private static List<byte[]> values(String topic) {
        try (var consumer =
                new KafkaConsumer<>(properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map((PartitionInfo info) -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var values = new ArrayList<byte[]>();
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (values.isEmpty() && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(500)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }

    private static GenericRecord decode(byte[] bytes) throws Exception {
        var buffer = ByteBuffer.wrap(bytes);
        assertThat(buffer.get()).isZero();
        String schema = new ObjectMapper()
                .readTree(get("/schemas/ids/" + buffer.getInt()))
                .path("schema")
                .asText();
        return new GenericDatumReader<GenericRecord>(new Schema.Parser().parse(schema))
                .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
    }

    private static String get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(registry.url() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
