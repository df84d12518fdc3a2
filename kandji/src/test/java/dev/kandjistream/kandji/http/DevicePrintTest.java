package dev.kandjistream.kandji.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.Fingerprint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ledgers hold these fingerprints for years: a change of them republishes every device of every account. */
class DevicePrintTest {
    private static final String ROW = """
            {"device_id":"AAAA-1","device_name":"Zoë’s “Mac” \\u00e9\\n","serial_number":"C02X","platform":"Mac",
             "model":"MacBook Air (M1, 2020)","os_version":"15.6","last_check_in":"2025-03-09T08:15:42.004210Z",
             "user":{"email":" Zoe@Acme.Example","name":"Zoë","id":40117,"is_archived":false,"more":[null,{"x":true}]},
             "asset_tag":"","blueprint_id":null,"mdm_enabled":true,"agent_installed":"True","is_missing":false,
             "is_removed":false,"first_enrollment":"2025-02-11 09:30:05.120034+00:00","tags":["a","b",7,null,true],
             "future_field":{"x":[1,2,{"y":[]}],"z":{}},"count":-12}""";

    private static DeviceRow row(String json) throws BadBody {
        return DeviceParser.parse(("[" + json + "]").getBytes(StandardCharsets.UTF_8), OptionalLong.empty(), 1)
                .rows()
                .get(0);
    }

    private static void assertPrints(String row, long details, long attribution) throws BadBody {
        assertThat(row(row).details()).isEqualTo(details);
        assertThat(row(row).attribution()).isEqualTo(attribution);
    }

    /** As version 0.1.0 computed them. */
    @Test
    void theNumbersNeverChange() throws BadBody {
        assertPrints(ROW, -465816171016755812L, 923356044748663817L);
        assertPrints(
                ROW.replace("\"2025-03-09T08:15:42.004210Z\"", "\"yesterday\"")
                        .replace("\"is_removed\":false", "\"is_removed\":true"),
                6347779557098028123L,
                875213412156681760L);
        assertPrints(
                "{\"device_id\":\"a\",\"platform\":null,\"user\":{}}", -5532231525752914825L, -7968969928722266530L);
        assertPrints(
                "{\"device_id\":\"a\",\"platform\":\"\",\"user\":\"\"}", 7236047952042927311L, 9148548600205453473L);
        assertPrints(
                "{\"device_id\":\"a\",\"user\":[],\"is_removed\":\"TRUE\",\"last_check_in\":17}",
                2796933383590337612L,
                -1278819169539268121L);
        assertPrints(
                "{\"device_id\":\"a\",\"os_version\":15.1,\"model\":12345678901234567890}",
                4314588910263550886L,
                9148548600205453473L);
    }

    @ParameterizedTest
    @CsvSource({"15.10, 15.1", "1e2, 100.0", "1.0, 1.00", "100000000000000000001, 100000000000000000001.0", "0, -0"})
    void numbersCountByTheirDigits(String one, String other) throws BadBody {
        for (String field : List.of("os_version", "some_new_field", "\"nested\":[{\"a\"")) {
            String around = field.contains("nested")
                    ? "{\"device_id\":\"a\",\"model\":\"\"," + field + ":%s}]}"
                    : "{\"device_id\":\"a\",\"model\":\"\",\"" + field + "\":%s}";
            assertThat(row(around.formatted(one)).details())
                    .isNotEqualTo(row(around.formatted(other)).details())
                    .isEqualTo(row(around.formatted(one)).details());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"user\":\"somebody\" | \"user\":\"\"",
                "\"user\":17 | \"user\":null",
                "\"user\":[{\"id\":1}] | \"user\":[]",
                "\"user\":\"somebody\" | \"user\":\"somebody else\"",
                "\"user\":{\"id\":{}} | \"user\":{}",
                "\"is_removed\":{} | \"is_removed\":false",
                "\"is_removed\":true,\"is_removed\":false | \"is_removed\":false"
            })
    void whatCannotBeReadOfAnAttributionIsNews(String one, String other) throws BadBody {
        String around = "{\"device_id\":\"a\",\"model\":\"\",%s}";
        assertThat(row(around.formatted(one)).attribution())
                .isNotEqualTo(row(around.formatted(other)).attribution())
                .isEqualTo(row(around.formatted(one)).attribution());
    }

    @Provide
    Arbitrary<String> json() {
        return json(3);
    }

    private static Arbitrary<String> json(int depth) {
        Arbitrary<String> scalar = Arbitraries.oneOf(
                Arbitraries.of("null", "true", "false", "\"\"", "\" \"", "\"\\u0000\\ud83d\"", "\"\\ud83d\\ude00\""),
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.strings().alpha().ofMaxLength(5).map(text -> "\"" + text + "\""));
        if (depth == 0) {
            return scalar;
        }
        Arbitrary<List<String>> values = json(depth - 1).list().ofMaxSize(4);
        return Arbitraries.oneOf(
                scalar,
                values.map(items -> "[" + String.join(",", items) + "]"),
                // Different names, in random order.
                Combinators.combine(values, Arbitraries.integers().between(0, 25))
                        .as((items, first) -> IntStream.range(0, items.size())
                                .mapToObj(i -> "\"" + (char) ('a' + (first + i * 7) % 26) + "\":" + items.get(i))
                                .collect(Collectors.joining(",", "{", "}"))));
    }

    /** Values read token by token have the fingerprints that 0.1.0 computed from trees. */
    @Property(tries = 500, seed = "10")
    void aValueHasThePrintOfItsTree(@ForAll("json") String json) throws IOException {
        try (JsonParser parser = Json.factory().createParser(json)) {
            parser.nextToken();
            assertThat(DevicePrint.value(parser)).isEqualTo(ofTree(Json.MAPPER.readTree(json)));
        }
    }

    private static long ofTree(JsonNode value) {
        if (value.isNull()) {
            return Fingerprint.NOTHING;
        }
        if (value.isObject()) {
            long sum = 0xCC9E2D51L;
            for (var field : value.properties()) {
                sum += Fingerprint.ordered(Fingerprint.of(field.getKey()), ofTree(field.getValue()));
            }
            return Fingerprint.mix(sum);
        }
        if (value.isArray()) {
            long print = 0x1B873593L;
            for (JsonNode item : value) {
                print = Fingerprint.ordered(print, ofTree(item));
            }
            return print;
        }
        long type = value.isTextual() ? 1 : value.isNumber() ? 2 : 3;
        return Fingerprint.ordered(type, Fingerprint.of(value.asText()));
    }
}
