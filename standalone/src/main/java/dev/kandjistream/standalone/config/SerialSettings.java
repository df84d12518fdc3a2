package dev.kandjistream.standalone.config;

import dev.kandjistream.schemas.SerialNumbers;
import java.util.List;

/**
 * Placeholders of serial numbers.
 *
 * @param placeholders compared by letters and digits, in any case; see {@link SerialNumbers#isPlaceholder}
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
