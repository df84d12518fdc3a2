package dev.kandjistream.posture.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A system's version, compared number by number: 9.0 is before 10.0, and 15 equals 15.0. The numbers may have the
 * suffix of a rapid security response: 13.3.1 is before 13.3.1 (a), and that before 13.3.1 (b) and 13.3.2.
 */
public final class OsVersion implements Comparable<OsVersion> {
    /** What {@link #parse} expects, in words. */
    public static final String FORM = "a version such as 15.2 or 13.3.1 (a)";

    public static final int MOST_NUMBERS = 8;
    public static final int GREATEST_NUMBER = 999_999_999;

    private static final String NUMBER = "(?:0|[1-9]\\d{0,8})";
    private static final Pattern WRITTEN = Pattern.compile(
            "(" + NUMBER + "(?:\\." + NUMBER + "){0," + (MOST_NUMBERS - 1) + "})(?: ?\\(([a-z]{1,2})\\))?");
    private static final Pattern NUMBERS = Pattern.compile("\\d{1,9}(?:\\.\\d{1,9}){0," + (MOST_NUMBERS - 1) + "}");
    private static final Pattern SUFFIXED = Pattern.compile("(.*?)\\s*\\(\\s*([a-z]{1,2})\\s*\\)", Pattern.DOTALL);
    private static final Pattern SUFFIX = Pattern.compile("\\(([a-z]{1,2})\\)");
    private static final int LETTERS = 26;

    /** Without zeros at the end. */
    private final List<Integer> numbers;

    /** 0 without a suffix, 1 for (a), 26 for (z), 27 for (aa). */
    private final int suffix;

    private final String text;

    private OsVersion(List<Integer> numbers, int suffix, String text) {
        this.numbers = numbers;
        this.suffix = suffix;
        this.text = text;
    }

    /**
     * A version as policies, their tests and askers write it.
     *
     * @return empty if the text is null, or anything else than {@link #FORM}
     */
    public static Optional<OsVersion> parse(String text) {
        Matcher written = WRITTEN.matcher(text == null ? "" : text);
        return written.matches()
                ? Optional.of(new OsVersion(numbers(written.group(1)), rank(written.group(2)), text))
                : Optional.empty();
    }

    /**
     * The version of a device. Text that is neither number nor suffix may mean that the system is older than the version (a beta)
     * or newer, so such a text is no version.
     *
     * @param text as in the device list
     * @param extra the suffix from the separate field; ignored if the text has one
     * @return empty if the text is null or contains anything else
     */
    public static Optional<OsVersion> ofDevice(String text, String extra) {
        String own = text == null ? "" : text.strip();
        String apart = extra == null ? "" : extra.strip();
        Matcher suffixed = SUFFIXED.matcher(own);
        if (suffixed.matches()) {
            return ofParts(suffixed.group(1), suffixed.group(2), own);
        }
        if (apart.isEmpty()) {
            return ofParts(own, null, own);
        }
        Matcher suffix = SUFFIX.matcher(apart);
        return suffix.matches() ? ofParts(own, suffix.group(1), own + " " + apart) : Optional.empty();
    }

    private static Optional<OsVersion> ofParts(String numbers, String letters, String text) {
        return NUMBERS.matcher(numbers).matches()
                ? Optional.of(new OsVersion(numbers(numbers), rank(letters), text))
                : Optional.empty();
    }

    private static List<Integer> numbers(String dotted) {
        var numbers = new ArrayList<Integer>();
        for (String number : dotted.split("\\.")) {
            numbers.add(Integer.valueOf(number));
        }
        while (!numbers.isEmpty() && numbers.get(numbers.size() - 1) == 0) {
            numbers.remove(numbers.size() - 1);
        }
        return List.copyOf(numbers);
    }

    private static int rank(String letters) {
        int rank = 0;
        for (int i = 0; letters != null && i < letters.length(); i++) {
            rank = rank * LETTERS + letters.charAt(i) - 'a' + 1;
        }
        return rank;
    }

    private static String letters(int rank) {
        String last = String.valueOf((char) ('a' + (rank - 1) % LETTERS));
        return rank <= LETTERS ? last : letters((rank - 1) / LETTERS) + last;
    }

    /** The least version that is greater. */
    public OsVersion justAbove() {
        String dotted =
                numbers.isEmpty() ? "0" : numbers.stream().map(String::valueOf).collect(Collectors.joining("."));
        return new OsVersion(numbers, suffix + 1, dotted + " (" + letters(suffix + 1) + ")");
    }

    @Override
    public int compareTo(OsVersion other) {
        int shared = Math.min(numbers.size(), other.numbers.size());
        for (int i = 0; i < shared; i++) {
            int order = Integer.compare(numbers.get(i), other.numbers.get(i));
            if (order != 0) {
                return order;
            }
        }
        int length = Integer.compare(numbers.size(), other.numbers.size());
        return length != 0 ? length : Integer.compare(suffix, other.suffix);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OsVersion version && numbers.equals(version.numbers) && suffix == version.suffix;
    }

    @Override
    public int hashCode() {
        return 31 * numbers.hashCode() + suffix;
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
