package dev.kandjistream.config;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Environment variables that stand for configuration keys: {@code KANDJI_STREAM_} and the key path in capitals, dots as
 * underscores. What no key is behind at the end was mistyped.
 */
public final class Environment {
    /** What the names of all of them begin with. */
    public static final String PREFIX = "KANDJI_STREAM_";

    /** Read by the launcher and the command line, not by the configuration. */
    private static final Set<String> ELSEWHERE = Set.of(PREFIX + "CONFIG", PREFIX + "JAVA_OPTS");

    /**
     * What Kubernetes and Docker links set by themselves for a service that is called kandji-stream: nobody typed
     * those, so nobody mistyped them.
     */
    private static final Pattern INJECTED =
            Pattern.compile("(.*_)?SERVICE_HOST|(.*_)?SERVICE_PORT(_.*)?|(.*_)?PORT|(.*_)?PORT_\\d+_(TCP|UDP)(_.*)?");

    private final Map<String, String> variables;
    private final boolean interpolates;
    private final Set<String> known = new LinkedHashSet<>();
    private final Set<String> knownPrefixes = new LinkedHashSet<>();

    /** @param variables by name; values such as {@code ${NAME}} are looked up among them too */
    public Environment(Map<String, String> variables) {
        this(variables, true);
    }

    private Environment(Map<String, String> variables, boolean interpolates) {
        this.variables = Map.copyOf(variables);
        this.interpolates = interpolates;
    }

    /** For files that mean what they say: no variable stands for a key, and <code>${</code> in a value is plain text. */
    public static Environment none() {
        return new Environment(Map.of(), false);
    }

    /** The variable's name for a key path: {@code poller.devices_interval} to {@code KANDJI_STREAM_POLLER_DEVICES_INTERVAL}. */
    public static String nameOf(String keyPath) {
        return PREFIX + capitals(keyPath);
    }

    /** Words of a key as they stand in a variable's name: dots and dashes as underscores. */
    public static String capitals(String words) {
        return words.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** @return the variable's value; empty where it is not set or set to nothing (as Compose does for unset ones) */
    Optional<String> read(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }

    /** Says that a key stands behind the name. */
    void know(String name) {
        known.add(name);
    }

    /** @return names and values that begin so, the prefix cut off, sorted; all of them count as known */
    Map<String, String> readAll(String prefix) {
        knownPrefixes.add(prefix);
        var values = new TreeMap<String, String>();
        variables.forEach((name, value) -> {
            if (name.startsWith(prefix) && name.length() > prefix.length() && !value.isBlank()) {
                values.put(name.substring(prefix.length()), value);
            }
        });
        return values;
    }

    /** Whether a variable with a value begins so. */
    boolean hasAny(String prefix) {
        return variables.entrySet().stream()
                .anyMatch(variable -> variable.getKey().startsWith(prefix)
                        && !variable.getValue().isBlank()
                        && !isInjected(variable.getKey()));
    }

    /** All variables, whatever their names. */
    public Map<String, String> variables() {
        return variables;
    }

    /**
     * The value with variables in the places of their names.
     *
     * @throws IllegalArgumentException with what is wrong and how to mend it, when one is not set
     */
    String resolve(String value) {
        return interpolates ? Interpolation.resolve(value, variables) : value;
    }

    /** Every name with a key behind it. */
    public Set<String> known() {
        return Set.copyOf(known);
    }

    /** Reports each variable that begins like ours and has no key behind it. */
    public void reportUnknown(Faults faults) {
        for (String name : new TreeMap<>(variables).keySet()) {
            if (name.startsWith(PREFIX) && !isKnown(name)) {
                String mend = DidYouMean.nearest(name, known)
                        .map(near -> "did you mean " + near + "?")
                        .orElse("see docs/configuration.md for the names");
                faults.add(new Fault.Place(name, 0), "", "a variable that stands for a key", "an unknown one", mend);
            }
        }
    }

    private boolean isKnown(String name) {
        return known.contains(name)
                || ELSEWHERE.contains(name)
                || variables.get(name).isBlank()
                || knownPrefixes.stream().anyMatch(name::startsWith)
                || isInjected(name);
    }

    private boolean isInjected(String name) {
        String rest = name.substring(PREFIX.length());
        return INJECTED.matcher(rest).matches()
                && (!rest.endsWith("PORT")
                        || rest.endsWith("SERVICE_PORT")
                        || variables.get(name).contains("://"));
    }
}
