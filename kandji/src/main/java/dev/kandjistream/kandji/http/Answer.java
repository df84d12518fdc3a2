package dev.kandjistream.kandji.http;

import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.OptionalLong;

/**
 * One answer with status 200. Its data is as old as the request: an answer may take long, and the API may read its
 * data at any time in between. Earlier attempts, pauses and waits for the quota do not count.
 *
 * @param body decompressed, of bounded size; to be read once
 * @param askedAt when the client sent the attempt that this answers, milliseconds since 1970 by the client's clock
 * @param answeredAt when the answer arrived, by the same clock
 */
public record Answer(HttpHeaders headers, InputStream body, long askedAt, long answeredAt) {
    /** A header that should be a number; empty where it is missing or something else. */
    public OptionalLong number(String header) {
        return number(headers, header);
    }

    /** When the API produced the answer, by its own clock; empty if the answer has no date. */
    public OptionalLong date() {
        try {
            return headers.firstValue("Date")
                    .map(text -> OptionalLong.of(ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant()
                            .toEpochMilli()))
                    .orElse(OptionalLong.empty());
        } catch (DateTimeException notADate) {
            return OptionalLong.empty();
        }
    }

    /**
     * When the client sent the request, by the API's own clock: the answer's date minus the time that the answer took. By the
     * client's clock if the answer has no date.
     */
    public long asOf() {
        OptionalLong date = date();
        return date.isPresent() ? date.getAsLong() - Math.max(0, answeredAt - askedAt) : askedAt;
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
