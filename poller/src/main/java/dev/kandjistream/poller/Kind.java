package dev.kandjistream.poller;

import dev.kandjistream.kandji.http.Urgency;
import dev.kandjistream.poller.domain.Ledger;

/** What a sweep reads. */
public enum Kind {
    /** The device list: few requests, often. */
    DEVICES(Ledger.DEVICES),
    /** All app rows: many requests, seldom. */
    APPS(Ledger.APPS),
    /** The app rows of devices that reported lately: few requests, all the time. */
    DELTA(Ledger.DELTA),
    /** Devices that audit events name, each by itself. */
    TARGETED(Ledger.TARGETED);

    private final String word;

    Kind(String word) {
        this.word = word;
    }

    /** Whether it looks at everything there is, so that absence from it means something. */
    boolean isWhole() {
        return this == DEVICES || this == APPS;
    }

    Urgency urgency() {
        return switch (this) {
            case DEVICES -> Urgency.DEVICES;
            case APPS -> Urgency.SWEEP_OF_APPS;
            case DELTA, TARGETED -> Urgency.CHANGES;
        };
    }

    /** The word of receipts, keys, metrics and logs: {@code devices}, {@code apps}, {@code delta}, {@code targeted}. */
    public String word() {
        return word;
    }
}
