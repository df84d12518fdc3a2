package dev.kandjistream.sink.jdbc;

import java.time.Instant;

/**
 * How old what we know of an account is.
 *
 * @param kind of sweep
 * @param confirmedAt when the latest complete sweep began to ask; where its receipt does not say, when it finished
 */
public record Freshness(String accountId, String kind, Instant confirmedAt) {}
