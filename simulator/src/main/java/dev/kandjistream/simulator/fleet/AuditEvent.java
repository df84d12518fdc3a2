package dev.kandjistream.simulator.fleet;

import java.util.Map;

/**
 * One line of the tenant's audit history.
 *
 * @param id ULID: sorts by the millisecond of the event, at random within it
 * @param action {@code create}, {@code update} or {@code delete}
 * @param occurredAt {@link Micros}
 * @param actorId who did it; empty for the system itself
 * @param actorType {@code user} (an administrator), {@code api_token} or {@code system}
 * @param targetId device id, or user id as {@code /devices} tells it
 * @param targetType {@code device} or {@code user}
 * @param component which part of the target; empty for the whole
 * @param newState what it is now; null where it is gone
 */
public record AuditEvent(
        String id,
        String action,
        long occurredAt,
        String actorId,
        String actorType,
        String targetId,
        String targetType,
        String component,
        Map<String, Object> newState) {}
