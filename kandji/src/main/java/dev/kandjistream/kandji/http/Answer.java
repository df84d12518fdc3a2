package dev.kandjistream.kandji.http;

import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.OptionalLong;

/**
 * One answer with status 200.
 *
 * @param body decompressed, of bounded size; to be read once
 */
public record Answer(HttpHeaders headers, InputStream body) {
    /** A header that should be a number; empty where it is missing or something else. */
    public OptionalLong number(String header) {
        return number(headers, header);
    }

    /** When the answer was made, by the API's own clock; {@code otherwise} where it does not say. */
    public long date(long otherwise) {
        try {
            return headers.firstValue("Date")
                    .map(text -> ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant()
                            .toEpochMilli())
                    .orElse(otherwise);
        } catch (DateTimeException notADate) {
            return otherwise;
        }
    }

    static OptionalLong number(HttpHeaders headers, String name) {
        try {
            return headers.firstValue(name)
                    .map(text -> OptionalLong.of(Long.parseLong(text.strip())))
                    .orElse(OptionalLong.empty());
        } catch (NumberFormatException notANumber) {
            return OptionalLong.empty();
        }
    }
}
