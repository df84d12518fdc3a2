package dev.kandjistream.posture.policy;

import dev.kandjistream.config.DidYouMean;
import dev.kandjistream.posture.domain.Attribute;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * CEL's complaints in the words of a policy. Those it does not know it passes on.
 *
 * @param mend empty text where there is nothing to add
 */
record Explanation(String expected, String found, String mend) {
    private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']*)'.*", Pattern.DOTALL);
    private static final Pattern OVERLOAD = Pattern.compile(
            "found no matching overload for '([^']*)' applied to '(.*?)' \\(candidates.*", Pattern.DOTALL);
    private static final Pattern RESULT = Pattern.compile("expected type 'bool' but found '(.*)'", Pattern.DOTALL);

    static Explanation of(String message) {
        Matcher undeclared = UNDECLARED.matcher(message);
        if (undeclared.matches()) {
            String name = undeclared.group(1);
            return new Explanation("attributes and functions that are known", name + ", which is none", nearest(name));
        }
        Matcher overload = OVERLOAD.matcher(message);
        if (overload.matches()) {
            return ofOverload(operator(overload.group(1)), readable(overload.group(2)));
        }
        Matcher result = RESULT.matcher(message);
        if (result.matches()) {
            return new Explanation(
                    "a condition that is true or false", "one that is a " + readable(result.group(1)), "compare it");
        }
        String mend = message.contains("token recognition error at: '= ")
                ? "== compares"
                : "texts stand in quotes; && || ! == != < <= > >= in join and compare";
        return new Explanation("a condition in CEL", firstPart(message), mend);
    }

    /** What a mistyped name was probably meant to be. */
    static String nearest(String name) {
        Optional<Attribute> word = Arrays.stream(Attribute.values())
                .filter(attribute -> attribute.vocabulary().contains(name))
                .findFirst();
        if (word.isPresent()) {
            return "write \"" + name + "\" in quotes";
        }
        List<String> known = Stream.concat(
                        Arrays.stream(Attribute.values()).map(Attribute::word),
                        Stream.concat(Stream.of(Language.CONTEXT), Language.FUNCTIONS.stream()))
                .toList();
        return DidYouMean.nearest(name, known)
                .map(near -> "did you mean " + near + "?")
                .orElseGet(() -> "attributes are "
                        + Arrays.stream(Attribute.values()).map(Attribute::word).collect(Collectors.joining(", ")));
    }

    private static Explanation ofOverload(String operator, String operands) {
        String mend = "";
        if (operands.contains("version")) {
            mend = "compare os_version with a version in quotes by == != < <= > >=, such as os_version >= \"15.2\"";
        } else if (operands.contains("span")) {
            mend = "compare spans with spans, such as days(7) or duration(\"12h\")";
        } else if (operands.contains("true-or-false")) {
            mend = "compare with true or false, without quotes";
        }
        return new Explanation("operands that go together", operator + " of " + operands, mend);
    }

    private static String operator(String function) {
        return function.equals("@in") ? "in" : function.replace("_", "");
    }

    private static String readable(String types) {
        return types.replace("google.protobuf.Duration", "span")
                .replace("google.protobuf.Timestamp", "time")
                .replace("string", "text")
                .replace("bool", "true-or-false")
                .replace("int", "number");
    }

    private static String firstPart(String message) {
        int expecting = message.indexOf(" expecting {");
        return expecting < 0 ? message : message.substring(0, expecting).replace("'<EOF>'", "its end");
    }
}
