package dev.kandjistream.kandji.http;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Normal forms of what identifies a person. Equal ids or equal emails are one person, so a placeholder must be neither. */
final class Person {
    /** Texts that clients write where they have no id, reduced to letters and digits. */
    private static final Set<String> NO_IDS = Set.of(
            "null",
            "nil",
            "none",
            "undefined",
            "unknown",
            "unset",
            "unassigned",
            "notassigned",
            "notavailable",
            "notset",
            "na",
            "nan",
            "novalue",
            "nouser",
            "nobody",
            "anonymous",
            "true",
            "false",
            "object",
            "objectobject",
            "default",
            "deleted",
            "removed",
            "empty",
            "blank",
            "missing",
            "invalid",
            "error",
            "notfound",
            "tbd",
            "id",
            "userid",
            "uuid",
            "string");

    private static final Pattern ZEROS = Pattern.compile("0*");
    private static final Pattern UUID = Pattern.compile("\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private Person() {}

    /**
     * The id, trimmed; a UUID in lower case, because its letters mean the same in either case.
     *
     * @return null for a placeholder
     */
    static String id(String text) {
        String id = text.strip();
        String bare = id.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
        boolean placeholder = ZEROS.matcher(bare).matches() || NO_IDS.contains(bare) || id.equals("-1");
        if (placeholder) {
            return null;
        }
        return UUID.matcher(id).matches() ? id.toLowerCase(Locale.ROOT) : id;
    }

    /**
     * The email, trimmed and in lower case. A letter whose lower case would be ASCII although it is not stays as it is: the
     * Kelvin sign is no k, and with it the address would be another person's.
     *
     * @return null for a text without an at sign between two parts
     */
    static String email(String text) {
        String email = text.strip();
        int at = email.lastIndexOf('@');
        if (at <= 0 || at == email.length() - 1) {
            return null;
        }
        var small = new StringBuilder(email.length());
        email.codePoints().forEach(c -> {
            int lower = Character.toLowerCase(c);
            small.appendCodePoint(c > 0x7f && lower <= 0x7f ? c : lower);
        });
        return small.toString();
    }
}
