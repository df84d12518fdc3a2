package dev.kandjistream.poller;

import dev.kandjistream.poller.domain.Ledger;

/** What a sweep reads. */
public enum Kind {
    /** The device list: few requests, often. */
    DEVICES(Ledger.DEVICES),
    /** All app rows: many requests, seldom. */
    APPS(Ledger.APPS);

    private final String word;

    Kind(String word) {
        this.word = word;
    }

    /** The word of receipts, keys, metrics and logs: {@code devices}, {@code apps}. */
    public String word() {
        return word;
    }
}
