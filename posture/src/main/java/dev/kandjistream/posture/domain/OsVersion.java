package dev.kandjistream.posture.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A system's version, compared number by number: 9.0 is before 10.0, and 15 equals 15.0. What follows the numbers, such as
 * {@code (a)} of a rapid security response, does not count.
 */
public final class OsVersion implements Comparable<OsVersion> {
    private static final Pattern FORM =
            Pattern.compile("\\s*(\\d{1,9}(?:\\.\\d{1,9}){0,7})(?:[^\\d.].*)?", Pattern.DOTALL);

    /** Without zeros at the end. */
    private final List<Integer> numbers;

    private final String text;

    private OsVersion(List<Integer> numbers, String text) {
        this.numbers = numbers;
        this.text = text;
    }

    /** @return empty where the text is null or does not begin with numbers and dots */
    public static Optional<OsVersion> parse(String text) {
        Matcher form = FORM.matcher(text == null ? "" : text);
        if (!form.matches()) {
            return Optional.empty();
        }
        var numbers = new ArrayList<Integer>();
        for (String number : form.group(1).split("\\.")) {
            numbers.add(Integer.valueOf(number));
        }
        while (!numbers.isEmpty() && numbers.get(numbers.size() - 1) == 0) {
            numbers.remove(numbers.size() - 1);
        }
        return Optional.of(new OsVersion(List.copyOf(numbers), text.strip()));
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
        return Integer.compare(numbers.size(), other.numbers.size());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OsVersion version && numbers.equals(version.numbers);
    }

    @Override
    public int hashCode() {
        return numbers.hashCode();
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
