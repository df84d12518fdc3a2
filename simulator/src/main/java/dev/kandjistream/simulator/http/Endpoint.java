package dev.kandjistream.simulator.http;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** An endpoint of the API: what permissions, faults and counts are told by. */
public enum Endpoint {
    /** {@code GET /devices}. */
    DEVICES(true),
    /** {@code GET /devices/{id}}. */
    DEVICE(true),
    /** {@code GET /devices/{id}/apps}. */
    DEVICE_APPS(true),
    /** {@code GET /prism/apps}. */
    PRISM_APPS(true),
    /** {@code GET /prism/count}. */
    PRISM_COUNT(true),
    /** {@code GET /settings/licensing}. */
    LICENSING(true),
    /** {@code GET /users}: routed, but no token is ever permitted to use it. */
    USERS(false),
    /** {@code GET /audit/events}. */
    AUDIT(true),
    /** {@code POST /prism/export}. */
    PRISM_EXPORT(true),
    /** {@code GET /prism/export/{id}}. */
    PRISM_EXPORT_STATUS(true),
    /** An export's file, on another origin: needs no permission and is not charged to the rate limit. */
    EXPORT_FILE(false),
    /** Any other path. */
    UNKNOWN(false);

    private final boolean served;

    Endpoint(boolean served) {
        this.served = served;
    }

    /** Whether a token can be permitted to use it. */
    boolean served() {
        return served;
    }

    String method() {
        return this == PRISM_EXPORT ? "POST" : "GET";
    }

    /** The word in the simulator's own JSON: {@code prism-apps}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Endpoint> ofWord(String word) {
        return Arrays.stream(values())
                .filter(endpoint -> endpoint.word().equals(word))
                .findFirst();
    }

    /** @param path what follows {@code /api/v1}, trailing slashes cut */
    static Endpoint of(String path) {
        return switch (path) {
            case "/devices" -> DEVICES;
            case "/prism/apps" -> PRISM_APPS;
            case "/prism/count" -> PRISM_COUNT;
            case "/settings/licensing" -> LICENSING;
            case "/users" -> USERS;
            case "/audit/events" -> AUDIT;
            case "/prism/export" -> PRISM_EXPORT;
            default -> ofItem(path);
        };
    }

    private static Endpoint ofItem(String path) {
        if (path.matches("/devices/[^/]+")) {
            return DEVICE;
        }
        if (path.matches("/devices/[^/]+/apps")) {
            return DEVICE_APPS;
        }
        return path.matches("/prism/export/[^/]+") ? PRISM_EXPORT_STATUS : UNKNOWN;
    }
}
