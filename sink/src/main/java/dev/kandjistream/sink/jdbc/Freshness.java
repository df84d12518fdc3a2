package dev.kandjistream.sink.jdbc;

import java.time.Instant;

/**
 * How old what we know of an account is.
 *
 * @param kind of sweep
 * @param lastCompleteAt finish of the latest complete sweep
 */
public record Freshness(String accountId, String kind, Instant lastCompleteAt) {}
