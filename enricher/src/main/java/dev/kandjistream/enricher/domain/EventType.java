package dev.kandjistream.enricher.domain;

/** The envelope's {@code event_type}. */
public enum EventType {
    DEVICE_ATTRIBUTED("device.attributed"),
    DEVICE_UPDATED("device.updated"),
    DEVICE_SEEN("device.seen"),
    DEVICE_RELEASED("device.released"),
    LICENSE_ASSIGNED("license.assigned"),
    LICENSE_REASSIGNED("license.reassigned"),
    LICENSE_UPDATED("license.updated"),
    LICENSE_REVOKED("license.revoked"),
    USER_DISCOVERED("user.discovered"),
    USER_UPDATED("user.updated"),
    USER_REMOVED("user.removed"),
    USAGE_STARTED("usage.started"),
    USAGE_UPDATED("usage.updated"),
    USAGE_ENDED("usage.ended");

    private final String word;

    EventType(String word) {
        this.word = word;
    }

    /** As it stands in the envelope. */
    public String word() {
        return word;
    }
}
