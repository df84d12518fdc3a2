package dev.kandjistream.kandji.domain;

/**
 * The user of a device as the device list tells it.
 *
 * @param id number or UUID, as text; null where there is none
 * @param email lower case; null where there is none
 * @param name null where there is none
 * @param archived null where the API does not say
 */
public record AssignedUser(String id, String email, String name, Boolean archived) {
    /** Whether this says who the user is; a name alone does not. */
    public boolean identified() {
        return id != null || email != null;
    }

    /** Whether both are the same person: the same id or the same email. A missing value proves nothing. */
    public boolean isSamePersonAs(AssignedUser other) {
        return id != null && id.equals(other.id) || email != null && email.equals(other.email);
    }
}
