package dev.kandjistream.poller;

import java.util.Locale;

/** What a sweep reads. */
public enum Kind {
    /** The device list: few requests, often. */
    DEVICES,
    /** All app rows: many requests, seldom. */
    APPS;

    /** The word of receipts, keys, metrics and logs: {@code devices}, {@code apps}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
