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
     * the seat is held until it is taken away.
     */
    public static Attribution of(String id, String email, String name, Boolean archived, boolean removed) {
        String lowerCaseEmail = isBlank(email) ? null : email.toLowerCase(Locale.ROOT);
        if (removed || (isBlank(id) && lowerCaseEmail == null)) {
            return NOBODY;
        }
        String userId = isBlank(id) ? "email:" + lowerCaseEmail : id;
        return new Attribution(userId, lowerCaseEmail, isBlank(name) ? null : name, Boolean.TRUE.equals(archived));
    }

    /** Whether there is a user. */
    public boolean isAttributed() {
        return userId != null;
    }

    /**
     * Whether a seat stays with the same person: the email tells, and the id where one of the two has no email. Ids
     * alone would not do, Kandji gave all users new ones once.
     */
    boolean isSamePersonAs(Attribution other) {
        return email != null && other.email != null ? email.equals(other.email) : hasSameIdAs(other);
    }

    boolean hasSameIdAs(Attribution other) {
        return Objects.equals(userId, other.userId);
    }

    UserFacts facts() {
        return new UserFacts(email, name, Boolean.TRUE.equals(archived));
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }
}
