package dev.kandjistream.standalone.config;

import java.util.List;
import java.util.Map;

/** A piece of a YAML file that remembers its line, so that faults can say where they stand. */
sealed interface Node {

    /** Line in the file, the first is 1; 0 where there is none. */
    int line();

    /** A single value as written, quotes removed. */
    record Scalar(String text, int line) implements Node {}

    /** Keys in the file's order. */
    record Mapping(Map<String, Node> children, int line) implements Node {
        static final Mapping EMPTY = new Mapping(Map.of(), 0);
    }

    /** A list. */
    record Sequence(List<Node> items, int line) implements Node {}

    /** A key with nothing behind it. */
    record Nothing(int line) implements Node {}
}
