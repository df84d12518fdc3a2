package dev.kandjistream.enricher.domain;

/**
 * What one device says about its user's use of one app.
 *
 * @param userEmail lower case, or null
 */
public record UsageFacts(String userEmail, AppFacts app) {}
