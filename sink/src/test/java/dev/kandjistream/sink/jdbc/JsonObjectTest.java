package dev.kandjistream.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kandjistream.sink.domain.CurrentTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JsonObjectTest {
    private static final int HEADER = 19;

    @Test
    void membersStandInTheOrderOfTheColumnsNullsIncluded() {
        List<Object> license = Arrays.asList(
                "acme",
                "d1",
                "Mac",
                null,
                "a \"name\" \\ \n\u0001",
                "17",
                null,
                "Zoë 😀",
                "ACTIVE",
                Instant.parse("2026-03-01T09:05:07.04Z"));

        assertThat(json(CurrentTable.LICENSES, license))
                .isEqualTo("{\"account_id\":\"acme\",\"device_id\":\"d1\",\"license_type\":\"Mac\","
                        + "\"serial_number\":null,\"device_name\":\"a \\\"name\\\" \\\\ \\u000a\\u0001\","
                        + "\"user_id\":\"17\",\"user_email\":null,\"user_name\":\"Zoë 😀\",\"user_status\":\"ACTIVE\","
                        + "\"assigned_at\":\"2026-03-01T09:05:07.040Z\"}");
    }

    @Test
    void numbersAndListsAreWhatTheyAre() {
        List<Object> usage = Arrays.asList(
                "a",
                "u",
                "b",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of("1", "2\""),
                -7,
                List.of(),
                null,
                null);

        assertThat(json(CurrentTable.USAGE, usage))
                .contains("\"versions\":[\"1\",\"2\\\"\"],\"device_count\":-7,\"device_ids\":[]");
    }

    @Test
    void timesFarOffAreStillIsoTimes() {
        assertThat(json(CurrentTable.LICENSES, licenseAssigned(Instant.parse("0001-01-01T00:00:00Z"))))
                .contains("\"0001-01-01T00:00:00.000Z\"");
        assertThat(json(CurrentTable.LICENSES, licenseAssigned(Instant.parse("+12345-01-01T00:00:00Z"))))
                .contains("\"+12345-01-01T00:00:00Z\"");
    }

    @Property(tries = 500)
    void anyTextReadsBackAsItWasButForCodeZero(@ForAll String text) throws IOException {
        List<Object> user = Arrays.asList("acme", "u", null, text, "ACTIVE", 0, 0);
        // What has no UTF-8 (half of a surrogate pair) is a question mark after any writer.
        String asUtf8 = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);

        JsonNode read = new ObjectMapper().readTree(json(CurrentTable.USERS, user));

        assertThat(read.get("name").textValue()).isEqualTo(asUtf8.replace("\0", ""));
    }

    private static List<Object> licenseAssigned(Instant time) {
        return Arrays.asList("a", "d", "Mac", null, null, "u", null, null, "ACTIVE", time);
    }

    private static String json(CurrentTable table, List<Object> state) {
        var buffer = new CopyBuffer();
        buffer.jsonb(new JsonObject(table), state);
        byte[] written = buffer.written();
        assertThat(written[HEADER + 4]).as("version of jsonb's format").isEqualTo((byte) 1);
        return new String(written, HEADER + 5, written.length - HEADER - 5, StandardCharsets.UTF_8);
    }
}
