package dev.kandjistream.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kandjistream.devices.Device;
import dev.kandjistream.licenses.License;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.usage.Usage;
import dev.kandjistream.users.User;
import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Bytes worked out by hand from two documents: Confluent's wire format (zero byte, id in four bytes, most significant
 * first) and Avro's binary encoding (zigzag variable-length numbers, a string's length before its UTF-8, a union's
 * branch before its value, arrays in counted blocks ended by zero).
 */
class WireBytesTest {
    private static final int ID = 0x00010203;
    private static final String HEADER = "00 00010203";

    private ScriptedRegistry registry;

    @BeforeEach
    void open() throws IOException {
        registry = new ScriptedRegistry();
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void recordIsWrittenAsTheFormatsSay() {
        registry.answering(200, "{\"id\":" + ID + "}");
        var user = new User("ä", "u1", null, "Jo", "ACTIVE", 2, -65);

        byte[] bytes = AvroSerdes.serializer(User.class, properties()).serialize("t", user);

        assertThat(bytes)
                .isEqualTo(hex(HEADER
                        + "04 c3a4" // account_id: 2 bytes of UTF-8
                        + "04 7531" // user_id
                        + "00" // email: branch 0, null
                        + "02 04 4a6f" // name: branch 1, string
                        + "0c 414354495645" // status
                        + "04" // device_count: 2
                        + "8101")); // license_count: -65, zigzag 129
    }

    @Test
    void timesAreMillisecondsAndMayLieBefore1970() {
        registry.answering(200, "{\"id\":" + ID + "}");
        var license = new License("a", "d", "Mac", null, null, "u", null, null, "ACTIVE", Instant.ofEpochMilli(-2));

        byte[] bytes = AvroSerdes.serializer(License.class, properties()).serialize("t", license);

        assertThat(bytes)
                .isEqualTo(hex(HEADER + "0261 0264 064d6163 00 00 0275 00 00 0c414354495645"
                        + "02 03")); // assigned_at: branch 1, -2 in zigzag
    }

    @Test
    void handWrittenBytesAreReadIntoTheClass() {
        registry.answering(200, schemaAnswer(Usage.getClassSchema()));
        byte[] bytes = hex(HEADER + "0261 0275 0262" // account_id, user_id, app_id
                + "00 00 00 00 00 00 00" // seven nulls
                + "04 02 31 02 32 00" // versions: a block of 2, "1", "2", end
                + "02" // device_count
                + "01 04 02 64 00" // device_ids: count -1 says that a size in bytes (2) follows; "d", end
                + "02 80 89 0f" // first_seen_at: branch 1, 123456 in zigzag
                + "00");

        Usage usage = AvroSerdes.deserializer(Usage.class, properties()).deserialize("t", bytes);

        assertThat(usage.getAccountId()).isEqualTo("a");
        assertThat(usage.getVersions()).containsExactly("1", "2").hasOnlyElementsOfType(String.class);
        assertThat(usage.getDeviceIds()).containsExactly("d");
        assertThat(usage.getFirstSeenAt()).isEqualTo(Instant.ofEpochMilli(123_456));
        assertThat(usage.getCollectedAt()).isNull();
    }

    @Test
    void recordOfAnOlderSchemaGetsTheDefaultsOfFieldsItLacks() {
        registry.answering(
                200,
                schemaAnswer(new Schema.Parser()
                        .parse("{\"type\":\"record\",\"name\":\"User\",\"namespace\":\"dev.kandjistream.users\","
                                + "\"fields\":[{\"name\":\"status\",\"type\":\"string\"},"
                                + "{\"name\":\"gone_since\",\"type\":\"int\"},"
                                + "{\"name\":\"account_id\",\"type\":\"string\"},"
                                + "{\"name\":\"user_id\",\"type\":\"string\"},"
                                + "{\"name\":\"device_count\",\"type\":\"int\"},"
                                + "{\"name\":\"license_count\",\"type\":\"int\"}]}")));

        User user = AvroSerdes.deserializer(User.class, properties())
                .deserialize("t", hex(HEADER + "0258 7f 0261 0275 02 04"));

        assertThat(user).isEqualTo(new User("a", "u", null, null, "X", 1, 2));
    }

    @Test
    void withoutSpecificReaderRecordsAreGeneric() {
        registry.answering(200, schemaAnswer(User.getClassSchema()));
        var deserializer = new KafkaAvroDeserializer();
        deserializer.configure(Map.of("schema.registry.url", registry.url()), false);

        var record = (GenericRecord) deserializer.deserialize("t", hex(HEADER + "0261 0275 00 00 0258 02 04"));

        assertThat(record.get("user_id")).hasToString("u");
        assertThat(record.get("license_count")).isEqualTo(2);
    }

    @Test
    void schemaIsAskedForOncePerTopicAndSentWithoutJavaProperties() throws IOException {
        registry.answering(200, "{\"id\":1}");
        var topics = new Topics("p");
        var serializer = AvroSerdes.serializer(topics.unattributed(), properties());
        var device = device();

        serializer.serialize(topics.unattributed().name(), device);
        serializer.serialize(topics.unattributed().name(), device);

        assertThat(registry.requests()).singleElement().satisfies(request -> {
            assertThat(request.path()).isEqualTo("/subjects/p.unattributed-value/versions");
            String schema =
                    new ObjectMapper().readTree(request.body()).path("schema").asText();
            assertThat(schema).doesNotContain("avro.java").contains("\"doc\":\"Free text; not unique.\"");
            assertThat(new Schema.Parser().parse(schema).getFields())
                    .hasSameSizeAs(device.getSchema().getFields());
        });
    }

    @Test
    void nullIsNullBothWaysAndAsksNobody() {
        assertThat(AvroSerdes.serializer(User.class, properties()).serialize("t", null))
                .isNull();
        assertThat(AvroSerdes.deserializer(User.class, properties()).deserialize("t", null))
                .isNull();
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void opaqueTopicsPassBytesThrough() {
        var ledger = new Topics("p").ledger();
        assertThat(AvroSerdes.serializer(ledger, Map.of()).serialize("t", new byte[] {1}))
                .containsExactly(1);
        assertThat(AvroSerdes.deserializer(ledger, Map.of()).deserialize("t", new byte[] {1}))
                .containsExactly(1);
    }

    @Test
    void bytesOfAnotherFormatAreRefusedWithWhatWasFound() {
        var deserializer = AvroSerdes.deserializer(User.class, properties());
        for (String bytes : List.of("", "00 000001", "01 00000001 00", "7b 7d 7b 7d 7b 7d")) {
            assertThatThrownBy(() -> deserializer.deserialize("some.topic", hex(bytes)))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining("expected a zero byte")
                    .hasMessageContaining("topic=some.topic");
        }
    }

    @Test
    void cutValueIsRefused() {
        registry.answering(200, schemaAnswer(User.getClassSchema()));

        assertThatThrownBy(() -> AvroSerdes.deserializer(User.class, properties())
                        .deserialize("some.topic", hex(HEADER + "0261 0875")))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("topic=some.topic schemaId=" + ID);
    }

    @Test
    void valueOfAnotherTopicsKindIsRefused() {
        registry.answering(200, schemaAnswer(User.getClassSchema()));

        assertThatThrownBy(() -> AvroSerdes.deserializer(License.class, properties())
                        .deserialize("some.topic", hex(HEADER + "0261 0275 00 00 0258 02 04")))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("expected dev.kandjistream.licenses.License, found dev.kandjistream.users.User");
    }

    @Test
    void incompleteRecordIsRefusedAndTheNextOneIsWhole() {
        registry.answering(200, "{\"id\":1}").answering(200, "{\"id\":1}");
        var serializer = AvroSerdes.serializer(User.class, properties());

        assertThatThrownBy(() -> serializer.serialize("t", new User("a", null, null, null, "X", 1, 2)))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("topic=t");
        assertThat(serializer.serialize("t", new User("a", "u", null, null, "X", 1, 2)))
                .isEqualTo(hex("00 00000001 0261 0275 00 00 0258 02 04"));
    }

    private Map<String, Object> properties() {
        return Map.of("schema.registry.url", registry.url());
    }

    private static Device device() {
        return Device.newBuilder().setAccountId("a").setDeviceId("d").build();
    }

    private static String schemaAnswer(Schema schema) {
        return new ObjectMapper()
                .createObjectNode()
                .put("schema", schema.toString())
                .toString();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }
}
