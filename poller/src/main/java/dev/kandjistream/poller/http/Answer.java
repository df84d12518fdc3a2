package dev.kandjistream.poller.http;

import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.util.OptionalLong;

/**
 * One answer with status 200.
 *
 * @param body decompressed, of bounded size; to be read once
 */
record Answer(HttpHeaders headers, InputStream body) {
    /** A header that should be a number; empty where it is missing or something else. */
    OptionalLong number(String header) {
        return number(headers, header);
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
