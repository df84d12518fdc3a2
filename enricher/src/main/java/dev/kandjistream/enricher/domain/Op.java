package dev.kandjistream.enricher.domain;

/** The envelope's {@code op}. */
public enum Op {
    BASELINE("r"),
    CREATED("c"),
    UPDATED("u"),
    DELETED("d");

    private final String word;

    Op(String word) {
        this.word = word;
    }

    /** As it stands in the envelope. */
    public String word() {
        return word;
    }
}
