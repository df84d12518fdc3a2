package dev.kandjistream.config;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a single value must look like.
 *
 * @param expected in words, as a fault says it
 * @param secret whether the value must never be shown
 * @param reader text and the folder that relative paths start from, to the value; empty where the text will not do
 * @param items reads the items of a YAML list; empty for a type of single values
 * @param hint how to fix a text that will not do; empty text where what was expected says it
 */
public record Type<T>(
        String expected,
        boolean secret,
        Reader<T> reader,
        Optional<Function<List<String>, T>> items,
        UnaryOperator<String> hint) {

    /** A single value of which {@code expected} says how to write it. */
    public Type(String expected, boolean secret, Reader<T> reader) {
        this(expected, secret, reader, Optional.empty(), text -> "");
    }

    /** Reads one value. */
    public interface Reader<T> {
        /** @return empty where the text will not do */
        Optional<T> read(String text, Path folder);
    }

    /** A hundred years: counted in nanoseconds, more would not fit into a number. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** Anything. */
    public static final Type<String> TEXT = new Type<>("text", false, (text, folder) -> Optional.of(text));

    /** {@code true} or {@code false}, in any case. */
    public static final Type<Boolean> BOOLEAN = new Type<>(
            "true or false",
            false,
            (text, folder) -> switch (text.toLowerCase(Locale.ROOT)) {
                case "true" -> Optional.of(true);
                case "false" -> Optional.of(false);
                default -> Optional.empty();
            },
            Optional.empty(),
            text -> switch (text.toLowerCase(Locale.ROOT)) {
                case "yes", "y", "on", "1" -> "write true";
                case "no", "n", "off", "0" -> "write false";
                default -> "write true or false";
            });

    /** A path; a relative one starts where {@link Section#folderOf} says. */
    public static final Type<Path> PATH = new Type<>("a path", false, (text, folder) -> {
        try {
            return Optional.of(folder.resolve(text).normalize());
        } catch (InvalidPathException fault) {
            return Optional.empty();
        }
    });

    /** One base URL or several, comma-separated. */
    public static final Type<String> HTTP_URLS = new Type<>(
            "a URL such as http://registry:8081", false, (text, folder) -> Optional.of(text.replaceAll("\\s", ""))
                    .filter(urls -> Arrays.stream(urls.split(",", -1)).allMatch(Type::isHttpUrl)));

    /** Comma-separated, or a YAML list, whose items may contain commas. */
    public static final Type<List<String>> WORDS = new Type<>(
            "a list of words",
            false,
            (text, folder) -> Optional.of(Arrays.stream(text.split(","))
                    .map(String::trim)
                    .filter(word -> !word.isEmpty())
                    .toList()),
            Optional.of(List::copyOf),
            text -> "");

    /** A span of time of at least so much. */
    public static Type<Duration> duration(Duration least) {
        return new Type<>(
                "a time of at least " + Durations.format(least) + ", such as " + examples(least),
                false,
                (text, folder) -> span(text)
                        .filter(span -> span.compareTo(least) >= 0)
                        .filter(span -> span.compareTo(LONGEST) <= 0),
                Optional.empty(),
                Type::spanHint);
    }

    private static Optional<Duration> span(String text) {
        try {
            return Optional.of(Durations.parse(text));
        } catch (IllegalArgumentException | ArithmeticException fault) {
            return Optional.empty();
        }
    }

    private static String examples(Duration least) {
        List<String> longEnough = Stream.of("30s", "5m", "6h", "PT5M")
                .filter(example -> Durations.parse(example).compareTo(least) >= 0)
                .toList();
        if (longEnough.size() < 2) {
            return longEnough.isEmpty() ? Durations.format(least) : longEnough.get(0);
        }
        int last = longEnough.size() - 1;
        return String.join(", ", longEnough.subList(0, last)) + " or " + longEnough.get(last);
    }

    private static String spanHint(String text) {
        Optional<Duration> span = span(text);
        if (span.isPresent()) {
            return span.get().compareTo(LONGEST) > 0
                    ? "write a shorter time, at most " + LONGEST.toDays() + "d"
                    : "write a longer time";
        }
        if (text.matches("\\d+")) {
            return "add a unit: ms, s, m, h or d";
        }
        return text.matches("\\d{10,}\\s*(ms|s|m|h|d)")
                ? "write a number of at most 9 digits"
                : "write numbers with the units ms, s, m, h or d";
    }

    /** Something, or {@code off} for nothing. */
    public static <T> Type<Optional<T>> orOff(Type<T> type) {
        return new Type<>(
                type.expected() + ", or off",
                type.secret(),
                (text, folder) -> text.equalsIgnoreCase("off")
                        ? Optional.of(Optional.empty())
                        : type.reader().read(text, folder).map(Optional::of),
                Optional.empty(),
                type.hint());
    }

    /** A whole number, both ends included. */
    public static Type<Integer> number(int least, int most) {
        String expected = most == Integer.MAX_VALUE
                ? "a whole number of at least " + least
                : "a whole number from " + least + " to " + most;
        return new Type<>(expected, false, (text, folder) -> {
            try {
                return Optional.of(Integer.valueOf(text)).filter(number -> number >= least && number <= most);
            } catch (NumberFormatException fault) {
                return Optional.empty();
            }
        });
    }

    /** A TCP port; 0 asks for any free one. */
    public static Type<Integer> port() {
        return new Type<>(
                "a port from 0 (any free one) to 65535",
                false,
                number(0, 65_535).reader());
    }

    /** More than 0, up to 1. */
    public static Type<Double> share() {
        return new Type<>("a number above 0 and up to 1, such as 0.5", false, (text, folder) -> decimal(text)
                .filter(share -> share > 0 && share <= 1));
    }

    /** From 0 to 1. */
    public static Type<Double> shareOrNone() {
        return new Type<>("a number from 0 to 1, such as 0.2", false, (text, folder) -> decimal(text)
                .filter(share -> share >= 0 && share <= 1));
    }

    /** Text of one form. */
    public static Type<String> matching(String pattern, String expected) {
        Pattern form = Pattern.compile(pattern);
        return new Type<>(expected, false, (text, folder) -> Optional.of(text).filter(form.asMatchPredicate()));
    }

    /** One of these words, in any case. */
    public static Type<String> oneOf(String... words) {
        return new Type<>("one of " + String.join(", ", words), false, (text, folder) -> Arrays.stream(words)
                .filter(word -> word.equalsIgnoreCase(text))
                .findFirst());
    }

    private static Optional<Double> decimal(String text) {
        try {
            return Optional.of(Double.valueOf(text));
        } catch (NumberFormatException fault) {
            return Optional.empty();
        }
    }

    private static boolean isHttpUrl(String text) {
        try {
            URI url = URI.create(text);
            return url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()));
        } catch (IllegalArgumentException fault) {
            return false;
        }
    }
}
