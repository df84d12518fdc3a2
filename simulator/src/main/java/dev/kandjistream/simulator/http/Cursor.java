package dev.kandjistream.simulator.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The opaque text that leads to the next page: the last row shown and what was asked. It has every character that must
 * be encoded in a URL: {@code + / | =}.
 */
final class Cursor {
    private static final String MARK = "+//+";

    private Cursor() {}

    /** @param parameters everything else that was asked: the cursor is good for that alone */
    static String after(long sequence, String parameters) {
        byte[] text = ("r|" + sequence).getBytes(StandardCharsets.US_ASCII);
        return MARK + Base64.getEncoder().withoutPadding().encodeToString(text) + "|" + fingerprint(parameters) + "==";
    }

    /**
     * The last row shown before.
     *
     * @throws BadRequest for a cursor that we did not give, or gave for other parameters
     */
    static long sequence(String cursor, String parameters) {
        try {
            int bar = cursor.indexOf('|');
            if (cursor.startsWith(MARK) && cursor.substring(bar).equals("|" + fingerprint(parameters) + "==")) {
                byte[] text = Base64.getDecoder().decode(cursor.substring(MARK.length(), bar));
                return Long.parseLong(new String(text, StandardCharsets.US_ASCII).substring(2));
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new BadRequest("Invalid cursor");
        }
        throw new BadRequest("Invalid cursor");
    }

    private static String fingerprint(String parameters) {
        return Integer.toHexString(parameters.hashCode());
    }
}
