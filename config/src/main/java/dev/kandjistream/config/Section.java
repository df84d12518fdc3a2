package dev.kandjistream.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One mapping of the file, read key by key, environment variables first. What is read is thereby declared: keys that
 * nobody asked for by {@link #reportUnknown} are faults.
 */
public final class Section {

    /**
     * What all sections of one file share.
     *
     * @param file as the user named it
     * @param folder where the file's relative paths start
     */
    public record Source(String file, Path folder, Environment environment, Faults faults) {}

    private static final Path HERE = Path.of("");

    private final String path;
    private final Node.Mapping mapping;
    private final String variablePrefix;
    private final Source source;
    private final Set<String> known = new LinkedHashSet<>();

    /**
     * @param path key path of the mapping; empty for the whole file
     * @param variablePrefix what the environment variables of its keys begin with
     */
    private Section(String path, Node.Mapping mapping, String variablePrefix, Source source) {
        this.path = path;
        this.mapping = mapping;
        this.variablePrefix = variablePrefix;
        this.source = source;
    }

    /** The whole file. */
    public static Section root(Node.Mapping mapping, Source source) {
        return new Section("", mapping, Environment.PREFIX, source);
    }

    /** @return the value; empty where it is absent or at fault (which is then noted) */
    public <T> Optional<T> read(String key, Type<T> type) {
        if (type.items().isPresent()
                && variable(key).isEmpty()
                && mapping.children().get(key) instanceof Node.Sequence sequence) {
            declare(key);
            return Optional.of(type.items().get().apply(items(key, type, sequence)));
        }
        return text(key, type).flatMap(given -> convert(key, type, given));
    }

    /** As above, with what holds where the key is absent or at fault. */
    public <T> T read(String key, Type<T> type, T otherwise) {
        return read(key, type).orElse(otherwise);
    }

    /** As {@link #read}, and absence is a fault. */
    public <T> Optional<T> require(String key, Type<T> type, String mend) {
        boolean given = isGiven(key);
        if (!given) {
            declare(key);
            fault(key, type.expected(), "nothing", mend);
        }
        return given ? read(key, type) : Optional.empty();
    }

    /** Whether the file or the environment says anything for the key. */
    public boolean isGiven(String key) {
        return variable(key).isPresent() || mapping.children().containsKey(key);
    }

    /** Whether the file has any key here, or the environment any variable for one. */
    public boolean isGiven() {
        return !mapping.children().isEmpty() || source.environment().hasAny(variablePrefix);
    }

    /** The mapping under a key; an empty one where there is none. */
    public Section section(String key) {
        known.add(key);
        Node node = mapping.children().get(key);
        if (node != null && !(node instanceof Node.Mapping) && !(node instanceof Node.Nothing)) {
            fault(key, "keys with values", shown(node), "");
        }
        Node.Mapping child = node instanceof Node.Mapping given ? given : Node.Mapping.EMPTY;
        return new Section(pathOf(key), child, variablePrefix + Environment.capitals(key) + "_", source);
    }

    /** The mappings of the list under a key, each with its path. */
    public List<Section> sections(String key) {
        known.add(key);
        Node node = mapping.children().get(key);
        List<Section> sections = new ArrayList<>();
        if (node instanceof Node.Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                String itemPath = pathOf(key) + "[" + i + "]";
                if (sequence.items().get(i) instanceof Node.Mapping item) {
                    sections.add(new Section(itemPath, item, "", source));
                } else {
                    Node item = sequence.items().get(i);
                    source.faults().add(placeOf(item), itemPath, "keys with values", shown(item));
                }
            }
        } else if (node != null && !(node instanceof Node.Nothing)) {
            fault(key, "a list, each item begun with a dash", shown(node), "");
        }
        return sections;
    }

    /** Key path, as faults name it; empty for the whole file. */
    public String path() {
        return path;
    }

    /** The same mapping under another name and with other environment variables: an account, once its id is known. */
    public Section named(String newPath, String newVariablePrefix) {
        return new Section(newPath, mapping, newVariablePrefix, source);
    }

    /** Free keys under a key, such as a client's properties; nested mappings are joined by dots. */
    public Map<String, String> properties(String key) {
        Section section = section(key);
        var properties = new LinkedHashMap<String, String>();
        section.flatten("", section.mapping, properties);
        source.environment()
                .readAll(section.variablePrefix)
                .forEach((name, value) ->
                        properties.put(name.toLowerCase(java.util.Locale.ROOT).replace('_', '.'), value));
        return properties;
    }

    /** Notes a fault of one of this section's keys, where the key stands. */
    public void fault(String key, String expected, String found, String mend) {
        source.faults().add(placeOf(key), pathOf(key), expected, found, mend);
    }

    /** As above, where another's message has said it all. */
    public void fault(String key, String message) {
        source.faults().add(new Fault(placeOf(key), pathOf(key), message));
    }

    /** Where the folder of relative paths is for a key: the file's, or the working directory for a variable. */
    public Path folderOf(String key) {
        return variable(key).isPresent() ? HERE : source.folder();
    }

    /** Notes every key that nobody asked for. */
    public void reportUnknown() {
        mapping.children().forEach((key, node) -> {
            if (!known.contains(key)) {
                String mend = DidYouMean.nearest(key, known)
                        .map(near -> "did you mean " + near + "?")
                        .orElse("known here: " + String.join(", ", known));
                source.faults().add(placeOf(node), pathOf(key), "a key that is known", "an unknown one", mend);
            }
        });
    }

    /** Marks a key as known without reading it: another service's business. */
    public void skip(String key) {
        known.add(key);
        source.environment().readAll(variablePrefix + Environment.capitals(key));
    }

    /** The keys asked for so far. */
    public Set<String> known() {
        return Set.copyOf(known);
    }

    private Optional<String> text(String key, Type<?> type) {
        declare(key);
        Optional<String> variable = variable(key);
        if (variable.isPresent()) {
            return variable.map(String::trim);
        }
        Node node = mapping.children().get(key);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof Node.Scalar scalar) {
            return resolve(key, type, scalar.text());
        }
        fault(key, type.expected(), shown(node), node instanceof Node.Nothing ? "give a value or remove the key" : "");
        return Optional.empty();
    }

    /** Each item as it stands, so that one with a comma stays whole. */
    private List<String> items(String key, Type<?> type, Node.Sequence sequence) {
        List<String> items = new ArrayList<>();
        for (Node item : sequence.items()) {
            if (item instanceof Node.Scalar scalar && !scalar.text().isBlank()) {
                resolve(key, type, scalar.text()).ifPresent(items::add);
            } else {
                String found = item instanceof Node.Scalar ? "nothing" : shown(item);
                source.faults().add(placeOf(item), pathOf(key), type.expected(), found + " in it", itemMend(item));
            }
        }
        return items;
    }

    private static String itemMend(Node item) {
        if (item instanceof Node.Mapping) {
            return "put text that contains a colon in quotes";
        }
        return item instanceof Node.Sequence
                ? "write one list, with no list in it"
                : "remove the item, or put it in quotes";
    }

    private Optional<String> resolve(String key, Type<?> type, String text) {
        try {
            String resolved = source.environment().resolve(text).trim();
            if (!resolved.isEmpty()) {
                return Optional.of(resolved);
            }
            fault(key, type.expected(), "nothing", "give a value or remove the key");
        } catch (IllegalArgumentException fault) {
            fault(key, type.expected(), fault.getMessage(), "");
        }
        return Optional.empty();
    }

    private <T> Optional<T> convert(String key, Type<T> type, String text) {
        Optional<T> value = type.reader().read(text, folderOf(key));
        if (value.isEmpty()) {
            fault(
                    key,
                    type.expected(),
                    type.secret() ? "[hidden]" : quoted(text),
                    type.hint().apply(text));
        }
        return value;
    }

    private void flatten(String prefix, Node.Mapping nested, Map<String, String> properties) {
        nested.children().forEach((key, node) -> {
            String name = prefix + key;
            if (node instanceof Node.Mapping deeper) {
                flatten(name + ".", deeper, properties);
            } else if (node instanceof Node.Scalar scalar) {
                resolveProperty(name, scalar).ifPresent(value -> properties.put(name, value));
            } else {
                source.faults().add(placeOf(node), pathOf(name), "a single value", shown(node));
            }
        });
    }

    private Optional<String> resolveProperty(String name, Node.Scalar scalar) {
        try {
            return Optional.of(source.environment().resolve(scalar.text()));
        } catch (IllegalArgumentException fault) {
            source.faults().add(placeOf(scalar), pathOf(name), "a value", fault.getMessage());
            return Optional.empty();
        }
    }

    private Optional<String> variable(String key) {
        return variablePrefix.isEmpty()
                ? Optional.empty()
                : source.environment().read(variableOf(key));
    }

    private void declare(String key) {
        known.add(key);
        if (!variablePrefix.isEmpty()) {
            source.environment().know(variableOf(key));
        }
    }

    private String variableOf(String key) {
        return variablePrefix + Environment.capitals(key);
    }

    /** Where a key's value stands, or the variable that is read instead; the section's place where there is neither. */
    public Fault.Place placeOf(String key) {
        if (variable(key).isPresent()) {
            return new Fault.Place(variableOf(key), 0);
        }
        Node node = mapping.children().get(key);
        return new Fault.Place(source.file(), node == null ? mapping.line() : node.line());
    }

    /** The place of line {@code line} of a key's text, the first is 1: for those who read a language in it. */
    public Fault.Place placeOf(String key, int line) {
        Fault.Place place = placeOf(key);
        return place.line() > 0 && mapping.children().get(key) instanceof Node.Scalar scalar
                ? new Fault.Place(place.source(), scalar.textLine() + line - 1)
                : place;
    }

    private Fault.Place placeOf(Node node) {
        return new Fault.Place(source.file(), node.line());
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String shown(Node node) {
        if (node instanceof Node.Scalar scalar) {
            return quoted(scalar.text());
        }
        if (node instanceof Node.Sequence) {
            return "a list";
        }
        return node instanceof Node.Mapping ? "keys with values" : "nothing";
    }

    /** As a fault shows a value: in quotes, cut at 80 characters. */
    public static String quoted(String text) {
        return '"' + (text.length() <= 80 ? text : text.substring(0, 77) + "...") + '"';
    }
}
