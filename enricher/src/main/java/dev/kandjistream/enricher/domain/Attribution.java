package dev.kandjistream.enricher.domain;

import java.util.Locale;
import java.util.Objects;

/**
 * Whose a device is.
 *
 * @param userId Kandji's user id, else {@code email:} and the lower-cased email; null where the device is unattributed,
 *     as is all the rest then
 * @param email lower case; null where there is none
 * @param name null where there is none
 * @param archived whether the user is archived
 */
public record Attribution(String userId, String email, String name, Boolean archived) {
    /** Nobody's. */
    private static final Attribution NOBODY = new Attribution(null, null, null, null);

    /**
     * Only a user with an id or an email counts, and only on a device that is not removed. An archived user counts:
     * the seat is held until it is taken away. Id and email are trimmed.
     */
    public static Attribution of(String id, String email, String name, Boolean archived, boolean removed) {
        String ownId = KeyText.trimmed(id);
        String ownEmail = KeyText.trimmed(email);
        if (removed || (ownId == null && ownEmail == null)) {
            return NOBODY;
        }
        String lowerCaseEmail = ownEmail == null ? null : ownEmail.toLowerCase(Locale.ROOT);
        String userId = ownId == null ? "email:" + lowerCaseEmail : ownId;
        String ownName = name == null || name.isBlank() ? null : name;
        return new Attribution(userId, lowerCaseEmail, ownName, Boolean.TRUE.equals(archived));
    }

    /** Whether there is a user. */
    public boolean isAttributed() {
        return userId != null;
    }

    /**
     * Whether both are the same person: they have the same id or the same email. Either may change or be missing while the
     * person stays. If nothing can be compared (an id on one side and only an email on the other), they are different
     * persons. Not transitive: compare a record only with the one before it.
     */
    boolean isSamePersonAs(Attribution other) {
        // Without an id, the email is the user id; so equal user ids are equal ids or equal emails.
        return hasSameIdAs(other) || (email != null && email.equals(other.email));
    }

    /** Whether both are the same user: one key in the topics. */
    boolean hasSameIdAs(Attribution other) {
        return Objects.equals(userId, other.userId);
    }

    UserFacts facts() {
        return new UserFacts(email, name, Boolean.TRUE.equals(archived));
    }
}
