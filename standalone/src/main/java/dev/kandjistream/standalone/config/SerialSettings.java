package dev.kandjistream.standalone.config;

import dev.kandjistream.schemas.SerialNumbers;
import java.util.List;

/**
 * Which texts are no serial numbers.
 *
 * @param placeholders compared in any case; a text of one repeated character, or without letter and digit, always is one
 */
public record SerialSettings(List<String> placeholders) {
    public static final SerialSettings DEFAULT = new SerialSettings(SerialNumbers.DEFAULT_PLACEHOLDERS);

    public SerialSettings {
        placeholders = List.copyOf(placeholders);
    }

    public SerialNumbers serialNumbers() {
        return new SerialNumbers(placeholders);
    }
}
