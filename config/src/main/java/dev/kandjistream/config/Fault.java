package dev.kandjistream.config;

/**
 * One thing wrong with a file.
 *
 * <p>Characters of key and message that may be invisible or look like others are shown as code points, such as {@code [U+00A0]}:
 * otherwise the text that was found could look like the text that was expected.
 *
 * @param place where the value stands
 * @param key key path such as {@code accounts[1].api_url}; empty where the whole file is at fault
 * @param message what was expected, what was found, how to mend it; secrets are masked before they get here
 */
public record Fault(Place place, String key, String message) {
    public Fault {
        key = Visible.of(key);
        message = Visible.of(message);
    }

    /**
     * @param source file as the user named it, or an environment variable
     * @param line line in the file, the first is 1; 0 where unknown
     */
    public record Place(String source, int line) {
        @Override
        public String toString() {
            return line == 0 ? source : source + ":" + line;
        }
    }

    /** One line: where, which key, what is wrong, how to mend it. */
    @Override
    public String toString() {
        return place + (key.isEmpty() ? "" : " " + key) + ": " + message;
    }
}
