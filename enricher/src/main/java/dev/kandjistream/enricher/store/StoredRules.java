package dev.kandjistream.enricher.store;

import dev.kandjistream.enricher.domain.Rules;

/**
 * The rules a partition's devices are judged by.
 *
 * @param appliedUpTo key of the last device that these rules were applied to; null at the beginning
 * @param appliedToAll whether all devices were reached
 */
public record StoredRules(Rules rules, String appliedUpTo, boolean appliedToAll) {}
