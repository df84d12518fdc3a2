package dev.kandjistream.kandji.http;

/** What a request is for, and so what waits first when the budget runs low: the first of these, never the last. */
public enum Urgency {
    /** All app rows: hundreds of requests, and whatever they find is old anyway. */
    SWEEP_OF_APPS("apps"),
    /** What changed within the last minutes. */
    CHANGES("changes"),
    /** The device list: a handful of requests, on which seats depend. */
    DEVICES("devices");

    private final String word;

    Urgency(String word) {
        this.word = word;
    }

    /** The word of metrics. */
    public String word() {
        return word;
    }
}
