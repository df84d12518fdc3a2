package dev.kandjistream.sink.jdbc;

import java.time.Instant;

/**
 * How old what we know of an account is.
 *
 * @param kind of sweep
 * @param confirmedAt start of the latest fully read sweep; if its receipt has none, the end of the latest complete one
 */
public record Freshness(String accountId, String kind, Instant confirmedAt) {}
