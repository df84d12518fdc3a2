package dev.kandjistream.schemas;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Computes the normal form of serial numbers and recognises placeholders. Events, tables and decisions have the normal form, so
 * they can be joined; the raw topic keeps the text that the API sent. Immutable, safe for several threads.
 */
public final class SerialNumbers {
    /**
     * Texts that mainboard makers, firmware and inventories write where no serial number was set. Compared in any case, white
     * space folded.
     */
    public static final List<String> DEFAULT_PLACEHOLDERS = List.of(
            "To Be Filled By O.E.M.",
            "To Be Filled By O.E.M",
            "To Be Filled By OEM",
            "$(DEFAULT_STRING)",
            "System SN",
            "To Be Filled",
            "O.E.M.",
            "OEM",
            "Default String",
            "System Serial Number",
            "Chassis Serial Number",
            "Base Board Serial Number",
            "Serial Number",
            "SerialNumber",
            "Serial",
            "Not Specified",
            "Not Specified.",
            "Not Applicable",
            "Not Available",
            "Not Set",
            "No Value",
            "No Serial",
            "No Serial Number",
            "N/A",
            "NA",
            "None",
            "Nil",
            "Null",
            "(null)",
            "(none)",
            "<null>",
            "Undefined",
            "Unknown",
            "Invalid",
            "Empty",
            "Blank",
            "Test",
            "-1",
            "0123456789",
            "1234567890",
            "123456789",
            "12345678",
            "1234567",
            "123456",
            "12345",
            "1234",
            "123");

    private static final Pattern WHITE_SPACE = Pattern.compile("[\\s\\p{Z}]+");

    private final Set<String> placeholders;

    /** With exactly these placeholders; one repeated character, and a text without any letter or digit, always are ones. */
    public SerialNumbers(Collection<String> placeholders) {
        this.placeholders = placeholders.stream()
                .map(SerialNumbers::folded)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** With {@link #DEFAULT_PLACEHOLDERS}. */
    public static SerialNumbers defaults() {
        return new SerialNumbers(DEFAULT_PLACEHOLDERS);
    }

    /**
     * The form that equal serial numbers share: white space around it removed, ASCII letters in upper case. Other letters
     * stay: the capital of a long s is an S, which would give another machine's serial number.
     *
     * @param text may be null
     * @return null if the text is null or blank
     */
    public static String normal(String text) {
        if (text == null) {
            return null;
        }
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            return null;
        }
        char[] characters = stripped.toCharArray();
        for (int i = 0; i < characters.length; i++) {
            if (characters[i] >= 'a' && characters[i] <= 'z') {
                characters[i] -= 'a' - 'A';
            }
        }
        return new String(characters);
    }

    /** Whether the text is a placeholder: it belongs to no device. */
    public boolean isPlaceholder(String text) {
        String folded = folded(text);
        return placeholders.contains(folded)
                || folded.codePoints().distinct().count() == 1
                || folded.codePoints().noneMatch(Character::isLetterOrDigit);
    }

    /** @return the normal form; null if the text is null, blank or a placeholder */
    public String real(String text) {
        String normal = normal(text);
        return normal == null || isPlaceholder(normal) ? null : normal;
    }

    private static String folded(String text) {
        return WHITE_SPACE.matcher(text).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
    }
}
