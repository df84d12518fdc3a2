package dev.kandjistream.simulator.fleet;

/**
 * Somebody devices are assigned to.
 *
 * @param key handle inside the simulator; never served
 * @param id user id as {@code /devices} tells it: a UUID, or a number on older tenants; null where the API has none
 * @param legacyId the number that Prism's {@code device__user_id} still shows
 * @param name display name; several people may share one
 * @param email as the directory spells it, in mixed case; {@code ""} where there is none
 * @param archived whether the directory has archived the person; devices stay assigned
 */
public record Person(String key, String id, String legacyId, String name, String email, boolean archived) {
    Person named(String newName) {
        return new Person(key, id, legacyId, newName, email, archived);
    }

    Person mailedAt(String newEmail) {
        return new Person(key, id, legacyId, name, newEmail, archived);
    }

    Person archived(boolean nowArchived) {
        return new Person(key, id, legacyId, name, email, nowArchived);
    }
}
