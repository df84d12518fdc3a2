package dev.kandjistream.posture.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kandjistream.posture.domain.Question;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.http.Problem.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Questions out of JSON. Everything that is wrong is told at once, by place and kind and never by value: serial numbers and
 * emails do not come back in problems.
 */
final class QuestionReader {
    static final int LONGEST_PLATFORM = 100;
    static final int LONGEST_EMAIL = 320;
    static final int MOST_CONTEXT = 50;
    static final int LONGEST_CONTEXT_KEY = 100;
    static final int LONGEST_CONTEXT_VALUE = 1_000;
    /** More would not help anybody. */
    private static final int MOST_FAULTS = 20;

    private static final Set<String> BATCH_KEYS = Set.of("questions");
    private static final Set<String> QUESTION_KEYS = Set.of("serial_number", "platform", "user_email", "context");

    private final List<Fault> faults = new ArrayList<>(0);

    private QuestionReader() {}

    /** @throws Refusal with all that is wrong */
    static Question question(byte[] body) {
        var reader = new QuestionReader();
        Question question = reader.question(StrictJson.parse(body), "");
        reader.refuseFaults();
        return question;
    }

    /**
     * @param most how many questions there may be
     * @throws Refusal with all that is wrong
     */
    static List<Question> questions(byte[] body, int most) {
        var reader = new QuestionReader();
        List<Question> questions = reader.batch(StrictJson.parse(body), most);
        reader.refuseFaults();
        return questions;
    }

    private void refuseFaults() {
        if (!faults.isEmpty()) {
            throw Problem.invalid(List.copyOf(faults.subList(0, Math.min(faults.size(), MOST_FAULTS))))
                    .refusal();
        }
    }

    private List<Question> batch(JsonNode root, int most) {
        List<Question> questions = new ArrayList<>();
        if (!isObject(root, "", BATCH_KEYS)) {
            return questions;
        }
        JsonNode list = root.path("questions");
        if (!list.isArray() || list.isEmpty() || list.size() > most) {
            String found = list.isArray() ? "a list of " + list.size() : found(list);
            fault("/questions", "a list of 1 to " + most + " questions", found);
            return questions;
        }
        for (int i = 0; i < list.size() && faults.size() < MOST_FAULTS; i++) {
            questions.add(question(list.get(i), "/questions/" + i));
        }
        return questions;
    }

    /** @return null where something is wrong */
    private Question question(JsonNode node, String pointer) {
        if (!isObject(node, pointer, QUESTION_KEYS)) {
            return null;
        }
        Optional<SerialNumber> serialNumber = serialNumber(node.path("serial_number"), pointer + "/serial_number");
        Optional<String> platform = text(node.path("platform"), pointer + "/platform", LONGEST_PLATFORM);
        Optional<String> email = text(node.path("user_email"), pointer + "/user_email", LONGEST_EMAIL);
        Map<String, String> context = context(node.path("context"), pointer + "/context");
        return serialNumber
                .map(number -> new Question(number, platform, email, context))
                .orElse(null);
    }

    private Optional<SerialNumber> serialNumber(JsonNode node, String pointer) {
        Optional<SerialNumber> number =
                node.isTextual() && isLine(node.textValue()) ? SerialNumber.of(node.textValue()) : Optional.empty();
        if (number.isEmpty()) {
            String found = node.isTextual() ? "text that is blank, longer or has others" : found(node);
            fault(pointer, "1 to " + SerialNumber.LONGEST + " printable characters", found);
        }
        return number;
    }

    /** Optional things may be left out or null. */
    private Optional<String> text(JsonNode node, String pointer, int longest) {
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isTextual() || node.textValue().length() > longest || !isLine(node.textValue())) {
            String found = node.isTextual() ? "text that is longer or has others" : found(node);
            fault(pointer, "at most " + longest + " printable characters", found);
            return Optional.empty();
        }
        return Optional.of(node.textValue());
    }

    private Map<String, String> context(JsonNode node, String pointer) {
        if (node.isMissingNode() || node.isNull()) {
            return Map.of();
        }
        if (!node.isObject() || node.size() > MOST_CONTEXT) {
            String found = node.isObject() ? node.size() + " of them" : found(node);
            fault(pointer, "an object of at most " + MOST_CONTEXT + " texts", found);
            return Map.of();
        }
        Map<String, String> context = new HashMap<>();
        node.properties().forEach(entry -> {
            if (isContext(entry.getKey(), entry.getValue(), pointer)) {
                context.put(entry.getKey(), entry.getValue().textValue());
            }
        });
        return context;
    }

    private boolean isContext(String key, JsonNode value, String pointer) {
        int faultsBefore = faults.size();
        if (key.length() > LONGEST_CONTEXT_KEY || !isUnicode(key)) {
            String expected = "a key of at most " + LONGEST_CONTEXT_KEY + " characters";
            fault(pointer + escaped(key), expected, "another one");
        } else if (!value.isTextual()) {
            fault(pointer + escaped(key), "text", found(value));
        } else if (value.textValue().length() > LONGEST_CONTEXT_VALUE || !isUnicode(value.textValue())) {
            String expected = "at most " + LONGEST_CONTEXT_VALUE + " characters";
            fault(pointer + escaped(key), expected, "text that is longer or has others");
        }
        return faults.size() == faultsBefore;
    }

    private boolean isObject(JsonNode node, String pointer, Set<String> keys) {
        if (!node.isObject()) {
            fault(pointer, "an object", found(node));
            return false;
        }
        node.fieldNames().forEachRemaining(key -> {
            if (!keys.contains(key)) {
                String known = String.join(", ", keys.stream().sorted().toList());
                fault(pointer + escaped(key), "no keys but " + known, "this one");
            }
        });
        return true;
    }

    private void fault(String pointer, String expected, String found) {
        faults.add(new Fault(pointer, "expected " + expected + ", found " + found));
    }

    private static String found(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case STRING -> "text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            default -> "nothing";
        };
    }

    /** As one step of RFC 6901; cut, for a key may be of any length, and without halves of characters, which JSON cannot carry. */
    private static String escaped(String key) {
        String shown = key.length() > LONGEST_CONTEXT_KEY ? key.substring(0, LONGEST_CONTEXT_KEY) : key;
        return "/" + shown.replaceAll("\\p{Cs}", "\uFFFD").replace("~", "~0").replace("/", "~1");
    }

    private static boolean isLine(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return false;
            }
        }
        return isUnicode(text);
    }

    /** Halves of characters can be written in JSON and nowhere else. */
    private static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.charCount(text.codePointAt(i)) == 1) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
