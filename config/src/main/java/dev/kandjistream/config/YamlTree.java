package dev.kandjistream.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.JacksonYAMLParseException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** YAML text to {@link Node}s. Jackson's own binding stops at the first fault; a tree lets us name all of them. */
public final class YamlTree {
    private static final YAMLFactory YAML = new YAMLFactory();

    private static final String STANDARD_TAGS = "tag:yaml.org,";

    private final String text;
    /** What the parser counts in. */
    private final int[] characters;

    private final String file;
    private final Faults faults;

    private YamlTree(String text, String file, Faults faults) {
        this.text = text;
        characters = text.codePoints().toArray();
        this.file = file;
        this.faults = faults;
    }

    /** @return the file's mapping; {@link Node.Mapping#EMPTY} where it is empty or cannot be read (which is then a fault) */
    public static Node.Mapping read(Path file, Faults faults) {
        try {
            return parse(Files.readString(file), file.toString(), faults);
        } catch (IOException fault) {
            faults.add(
                    new Fault.Place(file.toString(), 0),
                    "",
                    "a file of YAML in UTF-8",
                    Files.exists(file) ? "one that cannot be read (" + fault.getMessage() + ")" : "no such file");
            return Node.Mapping.EMPTY;
        }
    }

    /**
     * @param file as faults are to name it
     * @return the text's mapping; {@link Node.Mapping#EMPTY} where there is none or it cannot be read (which is then a fault)
     */
    public static Node.Mapping parse(String text, String file, Faults faults) {
        return new YamlTree(text, file, faults).root();
    }

    private Node.Mapping root() {
        try (YAMLParser parser = YAML.createParser(text)) {
            if (parser.nextToken() == null) {
                return Node.Mapping.EMPTY;
            }
            Node root = node(parser, "");
            if (parser.nextToken() != null) {
                // Passed over, what somebody added to the file would count for nothing, and nobody would be told.
                faults.add(
                        at(parser.currentTokenLocation().getLineNr()),
                        "",
                        "one document",
                        "another one behind ---",
                        "put all into one, or into files of their own");
            }
            if (root instanceof Node.Mapping mapping) {
                return mapping;
            }
            if (!(root instanceof Node.Nothing)) {
                faults.add(at(root.line()), "", "keys with values", "something else");
            }
        } catch (JacksonYAMLParseException fault) {
            faults.add(
                    at(lineOf(fault)),
                    "",
                    "YAML",
                    firstLine(fault.getOriginalMessage()),
                    "mend the line named, or the one before it");
        } catch (JsonProcessingException fault) {
            faults.add(at(lineOf(fault)), "", "YAML", firstLine(fault.getOriginalMessage()));
        } catch (IOException impossible) {
            throw new UncheckedIOException("Reading YAML from memory failed", impossible);
        }
        return Node.Mapping.EMPTY;
    }

    private Node node(YAMLParser parser, String path) throws IOException {
        int line = parser.currentTokenLocation().getLineNr();
        if (parser.isCurrentAlias()) {
            faults.add(at(line), path, "a value", "a YAML alias (*" + parser.getText() + ")", "write the value out");
            return new Node.Nothing(line);
        }
        Object tag = parser.getTypeId();
        if (tag != null && !tag.toString().startsWith(STANDARD_TAGS)) {
            faults.add(at(line), path, "a value", "a YAML tag (!" + tag + ")", "put the value in quotes");
        }
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> mapping(parser, path, line);
            case START_ARRAY -> sequence(parser, path, line);
            case VALUE_NULL -> new Node.Nothing(line);
            default -> new Node.Scalar(parser.getText(), line, isBlock(parser) ? line + 1 : line);
        };
    }

    private Node.Mapping mapping(YAMLParser parser, String path, int line) throws IOException {
        Map<String, Node> children = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            int keyLine = parser.currentTokenLocation().getLineNr();
            String child = path.isEmpty() ? key : path + "." + key;
            parser.nextToken();
            Node value = node(parser, child);
            Node earlier = children.putIfAbsent(key, value);
            if (earlier != null) {
                faults.add(at(keyLine), child, "the key once", "it again, first given on line " + earlier.line());
            }
        }
        return new Node.Mapping(children, line);
    }

    private Node.Sequence sequence(YAMLParser parser, String path, int line) throws IOException {
        List<Node> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(node(parser, path + "[" + items.size() + "]"));
        }
        return new Node.Sequence(items, line);
    }

    private boolean isBlock(YAMLParser parser) {
        int start = (int) parser.currentTokenLocation().getCharOffset();
        return start >= 0 && start < characters.length && (characters[start] == '|' || characters[start] == '>');
    }

    private Fault.Place at(int line) {
        return new Fault.Place(file, line);
    }

    private static int lineOf(JsonProcessingException fault) {
        return fault.getLocation() == null ? 0 : fault.getLocation().getLineNr();
    }

    private static String firstLine(String message) {
        return message == null ? "something else" : message.lines().findFirst().orElse("something else");
    }
}
