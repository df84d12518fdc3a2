package dev.kandjistream.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.kandjistream.simulator.truth.Truth;
import java.time.Instant;

/** The truth as JSON, with the contract's column names. */
final class TruthJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addModule(new SimpleModule().addSerializer(Instant.class, new ToStringSerializer(Instant.class)))
            .build();

    private TruthJson() {}

    static JsonNode of(Truth truth) {
        return MAPPER.valueToTree(truth);
    }
}
