package dev.kandjistream.poller.http;

import java.util.OptionalLong;

/** Hears after every page how far a walk has come. */
public interface Progress {
    void read(long rows, OptionalLong claimedTotal);
}
