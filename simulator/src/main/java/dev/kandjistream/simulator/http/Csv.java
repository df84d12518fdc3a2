package dev.kandjistream.simulator.http;

import java.util.List;
import java.util.stream.Collectors;

/** CSV as RFC 4180 has it: commas, lines that end with CR LF, quotes around what needs them, quotes inside doubled. */
final class Csv {
    static final String END_OF_LINE = "\r\n";

    private Csv() {}

    /** Without the end of the line. */
    static String line(List<String> fields) {
        return fields.stream().map(Csv::field).collect(Collectors.joining(","));
    }

    /** Null and the empty text alike are an empty field. */
    static String field(String text) {
        if (text == null) {
            return "";
        }
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
