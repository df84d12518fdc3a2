package dev.kandjistream.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ${NAME}} and {@code ${NAME:-default}} inside a value give way to environment variables; {@code $${} stands for
 * a literal {@code ${}, which Kafka's own config providers need.
 */
final class Interpolation {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\$\\{|\\$\\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?})?");

    private Interpolation() {}

    /** @throws IllegalArgumentException with what is wrong and how to mend it, when a reference cannot be resolved */
    static String resolve(String text, Map<String, String> environment) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        Matcher matcher = REFERENCE.matcher(text);
        var resolved = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(resolved, Matcher.quoteReplacement(replacement(matcher, environment)));
        }
        return matcher.appendTail(resolved).toString();
    }

    private static String replacement(Matcher matcher, Map<String, String> environment) {
        if (matcher.group().equals("$${")) {
            return "${";
        }
        String name = matcher.group(1);
        if (name == null) {
            throw new IllegalArgumentException("${ without a variable's name; write ${NAME}, or $${ for a literal ${");
        }
        String value = environment.get(name);
        if (value != null && !value.isEmpty()) {
            return value;
        }
        String otherwise = matcher.group(2);
        if (otherwise == null) {
            throw new IllegalArgumentException(
                    "${" + name + "}, which is not set; set it, or write ${" + name + ":-default}");
        }
        return otherwise;
    }
}
