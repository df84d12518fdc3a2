package dev.kandjistream.config;

import java.util.List;
import java.util.Map;

/** A piece of a YAML file that remembers its line, so that faults can say where they stand. */
public sealed interface Node {

    /** Line in the file, the first is 1; 0 where there is none. */
    int line();

    /**
     * A single value as written, quotes removed.
     *
     * @param line where the value begins; of a block of text the line of its {@code |} or {@code >}
     * @param textLine where its text begins: one line lower for a block, otherwise the same
     */
    record Scalar(String text, int line, int textLine) implements Node {}

    /** Keys in the file's order. */
    record Mapping(Map<String, Node> children, int line) implements Node {
        /** No keys at all, of no file. */
        public static final Mapping EMPTY = new Mapping(Map.of(), 0);
    }

    /** A list. */
    record Sequence(List<Node> items, int line) implements Node {}

    /** A key with nothing behind it. */
    record Nothing(int line) implements Node {}
}
