package dev.kandjistream.schemas.serde;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/** Client properties as Kafka hands them over: of any type, blank meaning absent. */
record Settings(Map<String, ?> values) {

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).map(Settings::asText).filter(text -> !text.isBlank());
    }

    boolean flag(String name, boolean otherwise) {
        return text(name)
                .map(text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new ConfigException(name, text, "expected true or false");
                })
                .orElse(otherwise);
    }

    int number(String name, int otherwise) {
        try {
            return text(name)
                    .map(Integer::valueOf)
                    .filter(number -> number >= 0)
                    .orElse(otherwise);
        } catch (NumberFormatException e) {
            throw new ConfigException(name, text(name).orElse(null), "expected a whole number");
        }
    }

    Duration millis(String name, Duration otherwise) {
        return Duration.ofMillis(number(name, Math.toIntExact(otherwise.toMillis())));
    }

    /** The settings whose names begin with one prefix, renamed to begin with another. */
    Map<String, Object> under(String prefix, String instead) {
        var found = new HashMap<String, Object>();
        values.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                found.put(instead + name.substring(prefix.length()), value);
            }
        });
        return found;
    }

    private static String asText(Object value) {
        if (value instanceof Password password) {
            return password.value();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        return value instanceof Class<?> type ? type.getName() : value.toString();
    }
}
