package dev.kandjistream.schemas;

import java.text.Normalizer;
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
     * Texts that mainboard makers, firmware and inventories write where no serial number was set. Compared by their letters and
     * digits only, in any case.
     */
    public static final List<String> DEFAULT_PLACEHOLDERS = List.of(
            "To Be Filled By O.E.M.",
            "To Be Filled",
            "$(DEFAULT_STRING)",
            "Default",
            "O.E.M.",
            "System SN",
            "System Serial Number",
            "System Product Name",
            "System Name",
            "Product Name",
            "QEMU",
            "Virtual Machine",
            "Standard",
            "Chassis Serial Number",
            "Base Board Serial Number",
            "Serial Number",
            "Serial No",
            "Serial",
            "SN",
            "Not Specified",
            "Not Applicable",
            "Not Available",
            "Not Assigned",
            "Not Defined",
            "Not Known",
            "Not Present",
            "Not Provided",
            "Not Set",
            "No Value",
            "No Serial",
            "No Serial Number",
            "N/A",
            "NaN",
            "None",
            "Nil",
            "Null",
            "Undefined",
            "Unspecified",
            "Unavailable",
            "Unknown",
            "TBD",
            "Invalid",
            "Missing",
            "Empty",
            "Blank",
            "Placeholder",
            "Dummy",
            "Test",
            "0x00000000",
            "0123456789",
            "0123456789ABCDEF",
            "123456789ABCDEF",
            "12345678901234567890",
            "123456789012",
            "1234567890",
            "123456789",
            "12345678",
            "1234567",
            "123456",
            "12345",
            "1234",
            "123");

    private static final Pattern NEITHER_LETTER_NOR_DIGIT = Pattern.compile("[^0-9A-Za-z]+");

    private final Set<String> placeholders;

    /** With exactly these placeholders, beside the texts that always are one; see {@link #isPlaceholder}. */
    public SerialNumbers(Collection<String> placeholders) {
        this.placeholders = placeholders.stream()
                .map(SerialNumbers::reduced)
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

    /**
     * Whether the text is a placeholder: it belongs to no device. A text with a character outside ASCII is one (after Unicode's
     * compatibility normalisation), because no hardware has such a serial number and invisible characters would hide a
     * placeholder. Of other texts only letters and digits count: none of them, one repeated character, and a listed
     * placeholder are placeholders.
     *
     * <p>The function {@code kandji.folded_serial_number} of the sink does the same in SQL.
     */
    public boolean isPlaceholder(String text) {
        String reduced = reduced(text);
        return reduced.chars().distinct().count() < 2 || placeholders.contains(reduced);
    }

    /** @return the normal form; null if the text is null, blank or a placeholder */
    public String real(String text) {
        String normal = normal(text);
        return normal == null || isPlaceholder(normal) ? null : normal;
    }

    /** Letters and digits in lower case; empty for a text with a character outside ASCII. */
    private static String reduced(String text) {
        String compatible = Normalizer.normalize(text, Normalizer.Form.NFKC);
        if (compatible.chars().anyMatch(character -> character > 0x7f)) {
            return "";
        }
        return NEITHER_LETTER_NOR_DIGIT.matcher(compatible).replaceAll("").toLowerCase(Locale.ROOT);
    }
}
