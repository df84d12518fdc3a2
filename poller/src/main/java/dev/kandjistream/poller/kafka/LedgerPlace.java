package dev.kandjistream.poller.kafka;

/** The mark of the ledger partition that a publisher writes to. Safe for several threads: the producer's says what was written. */
final class LedgerPlace {
    private LedgerMark mark;

    synchronized void at(LedgerMark read) {
        mark = read;
    }

    /** Null until the partition was read. */
    synchronized LedgerMark mark() {
        return mark;
    }

    /** A record was written there. */
    synchronized void written(long offset) {
        if (mark != null) {
            mark = mark.written(offset);
        }
    }

    /** To be committed. */
    synchronized String text() {
        return mark == null ? "" : mark.text();
    }
}
