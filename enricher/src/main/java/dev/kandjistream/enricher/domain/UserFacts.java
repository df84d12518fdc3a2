package dev.kandjistream.enricher.domain;

/**
 * What one device says about its user.
 *
 * @param email lower case, or null
 * @param name or null
 */
public record UserFacts(String email, String name, boolean archived) {}
