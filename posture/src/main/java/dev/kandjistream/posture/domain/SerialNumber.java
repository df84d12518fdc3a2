package dev.kandjistream.posture.domain;

import java.util.Optional;

/**
 * A serial number in the one form that equal ones share: spaces around it gone, upper case. Apple prints them in capitals,
 * people and directories do not always.
 *
 * @param text never blank
 */
public record SerialNumber(String text) {
    /** Apple's have at most 14 characters; virtual machines' may be longer. */
    public static final int LONGEST = 100;

    public SerialNumber {
        if (!text.equals(normal(text)) || text.isEmpty() || text.length() > LONGEST) {
            throw new IllegalArgumentException("expected a serial number in its normal form");
        }
    }

    /** @return empty where the text is null, blank, or longer than any serial number */
    public static Optional<SerialNumber> of(String text) {
        String normal = text == null ? "" : normal(text);
        return normal.isEmpty() || normal.length() > LONGEST ? Optional.empty() : Optional.of(new SerialNumber(normal));
    }

    /** Only ASCII's letters get capitals: that of a long s is an S, and with it another machine's serial number. */
    private static String normal(String text) {
        char[] characters = text.strip().toCharArray();
        for (int i = 0; i < characters.length; i++) {
            if (characters[i] >= 'a' && characters[i] <= 'z') {
                characters[i] -= 'a' - 'A';
            }
        }
        return new String(characters);
    }

    /** Who has which device is nobody's business but the asker's: a serial number is not for logs. */
    @Override
    public String toString() {
        return "[serial number]";
    }
}
