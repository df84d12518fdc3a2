package dev.kandjistream.embedded;

import java.util.List;

/** An answer of the registry that is not what was asked for, with Confluent's error codes. */
final class RegistryRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final int code;

    private RegistryRefusal(int status, int code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    static RegistryRefusal noSuchSubject(String subject) {
        return new RegistryRefusal(404, 40401, "Subject '" + subject + "' not found.");
    }

    static RegistryRefusal noSuchVersion(String version) {
        return new RegistryRefusal(404, 40402, "Version " + version + " not found.");
    }

    static RegistryRefusal noSuchSchema(String what) {
        return new RegistryRefusal(404, 40403, "Schema " + what + " not found");
    }

    static RegistryRefusal noLevelOfItsOwn(String subject) {
        return new RegistryRefusal(
                404, 40408, "Subject '" + subject + "' does not have subject-level compatibility configured");
    }

    static RegistryRefusal noSuchPath(String path) {
        return new RegistryRefusal(404, 404, "HTTP 404 Not Found: " + path);
    }

    static RegistryRefusal notAllowed(String method, String path) {
        return new RegistryRefusal(405, 405, "HTTP 405 Method Not Allowed: " + method + " " + path);
    }

    static RegistryRefusal unreadable(String why) {
        return new RegistryRefusal(400, 400, why);
    }

    static RegistryRefusal incompatible(String subject, String level, List<String> objections) {
        return new RegistryRefusal(
                409,
                409,
                "Schema being registered is incompatible with an earlier schema for subject \"" + subject
                        + "\", details: " + objections + ", compatibility: " + level);
    }

    static RegistryRefusal invalidSchema(String why) {
        return new RegistryRefusal(422, 42201, "Invalid schema: " + why);
    }

    static RegistryRefusal invalidVersion(String version) {
        return new RegistryRefusal(
                422,
                42202,
                "The specified version '" + version
                        + "' is not a valid version id. Allowed values are positive numbers and \"latest\"");
    }

    static RegistryRefusal invalidLevel(String level) {
        return new RegistryRefusal(
                422, 42203, "Invalid compatibility level '" + level + "'. Valid values are " + Compatibility.LEVELS);
    }

    static RegistryRefusal storeFailed(String why) {
        return new RegistryRefusal(500, 50001, "Error in the backend data store: " + why);
    }

    int status() {
        return status;
    }

    int code() {
        return code;
    }
}
