package dev.kandjistream.enricher.domain;

import java.time.Instant;

/**
 * One seat, as published; account and device id are its key.
 *
 * @param user who holds it; attributed
 * @param assignedAt since when; null where it was so before anybody looked
 */
public record License(
        String licenseType, String serialNumber, String deviceName, Attribution user, Instant assignedAt) {}
