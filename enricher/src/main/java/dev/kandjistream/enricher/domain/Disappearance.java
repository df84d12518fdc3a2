package dev.kandjistream.enricher.domain;

import java.time.Instant;

/**
 * One null record: the device is gone.
 *
 * @param sweepId sweep that found it so; null where the record does not say
 * @param observedAt when that was
 */
public record Disappearance(String sweepId, Instant observedAt) {}
