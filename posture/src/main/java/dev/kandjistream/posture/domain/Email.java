package dev.kandjistream.posture.domain;

import java.util.Locale;

/** The form in which emails are compared: those of the data, of askers and of policies. */
public final class Email {
    private Email() {}

    /**
     * Lower case, except for letters outside ASCII whose small letter is in ASCII: that of the Kelvin sign is a k, and would make
     * it another person's email.
     */
    public static String small(String email) {
        if (email.chars().allMatch(character -> character < 0x80)) {
            return email.toLowerCase(Locale.ROOT);
        }
        var small = new StringBuilder(email.length());
        email.codePoints().forEach(point -> {
            String letter = Character.toString(point);
            String lower = letter.toLowerCase(Locale.ROOT);
            boolean becomesAscii = point > 0x7f && lower.chars().anyMatch(character -> character < 0x80);
            small.append(becomesAscii ? letter : lower);
        });
        return small.toString();
    }
}
