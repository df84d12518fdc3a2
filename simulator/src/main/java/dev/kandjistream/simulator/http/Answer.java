package dev.kandjistream.simulator.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** An HTTP answer before it is written. */
record Answer(int status, String contentType, byte[] body, Map<String, String> headers) {
    static Answer json(int status, String body) {
        return json(status, body.getBytes(StandardCharsets.UTF_8));
    }

    static Answer json(int status, byte[] body) {
        return new Answer(status, "application/json", body, Map.of());
    }

    static Answer html(int status, String title) {
        String body = "<!DOCTYPE html>\n<html><head><title>" + title + "</title></head><body><h1>" + title
                + "</h1><p>The requested resource was not found on this server.</p></body></html>\n";
        return new Answer(status, "text/html; charset=utf-8", body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    Answer with(String header, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, contentType, body, more);
    }
}
