package dev.kandjistream.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads CSV letter by letter, as RFC 4180 describes it; strict: what it does not allow is an error. */
final class PlainCsv {
    private PlainCsv() {}

    /** Rows by the names in the first one. */
    static List<Map<String, String>> read(String text) {
        List<List<String>> lines = lines(text);
        var rows = new ArrayList<Map<String, String>>();
        for (List<String> line : lines.subList(1, lines.size())) {
            if (line.size() != lines.get(0).size()) {
                throw new AssertionError("Not as many fields as names: " + line);
            }
            var row = new LinkedHashMap<String, String>();
            for (int i = 0; i < line.size(); i++) {
                row.put(lines.get(0).get(i), line.get(i));
            }
            rows.add(row);
        }
        return rows;
    }

    private static List<List<String>> lines(String text) {
        var lines = new ArrayList<List<String>>();
        var line = new ArrayList<String>();
        for (int at = 0; at < text.length(); ) {
            var field = new StringBuilder();
            at = text.charAt(at) == '"' ? quoted(text, at + 1, field) : plain(text, at, field);
            line.add(field.toString());
            if (text.startsWith("\r\n", at)) {
                lines.add(List.copyOf(line));
                line.clear();
                at += 2;
            } else if (at < text.length() && text.charAt(at) == ',') {
                at++;
            } else {
                throw new AssertionError("Neither comma nor end of line at " + at);
            }
        }
        return lines;
    }

    private static int quoted(String text, int from, StringBuilder field) {
        for (int at = from; ; at++) {
            if (text.charAt(at) != '"') {
                field.append(text.charAt(at));
            } else if (text.startsWith("\"\"", at)) {
                field.append('"');
                at++;
            } else {
                return at + 1;
            }
        }
    }

    private static int plain(String text, int from, StringBuilder field) {
        int at = from;
        while (text.charAt(at) != ',' && text.charAt(at) != '\r') {
            if (text.charAt(at) == '"' || text.charAt(at) == '\n') {
                throw new AssertionError("Not allowed outside quotes, at " + at);
            }
            field.append(text.charAt(at++));
        }
        return at;
    }
}
