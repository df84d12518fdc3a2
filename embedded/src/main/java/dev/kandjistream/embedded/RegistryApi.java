package dev.kandjistream.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/** What the registry answers, apart from HTTP. */
final class RegistryApi {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegistryLog log;

    RegistryApi(RegistryLog log) {
        this.log = log;
    }

    JsonNode subjects() {
        return log.read(state -> strings(state.subjects()));
    }

    JsonNode versions(String subject) {
        return log.read(state -> {
            var numbers = JSON.createArrayNode();
            live(state, subject).forEach(version -> numbers.add(version.version()));
            return numbers;
        });
    }

    JsonNode version(String subject, String number) {
        return log.read(state -> described(find(state, subject, number)));
    }

    JsonNode schemaById(String id) {
        return log.read(state -> JSON.createObjectNode().put("schema", schema(state, id)));
    }

    JsonNode usersOf(String id) {
        return log.read(state -> {
            schema(state, id);
            var users = JSON.createArrayNode();
            state.using(Integer.parseInt(id))
                    .forEach(version ->
                            users.addObject().put("subject", version.subject()).put("version", version.version()));
            return users;
        });
    }

    /** Whether the subject has the schema, and as what. */
    JsonNode lookUp(String subject, JsonNode body) {
        Schema schema = parse(body);
        return log.read(state -> {
            live(state, subject);
            return described(state.find(subject, schema.toString())
                    .orElseThrow(() -> RegistryRefusal.noSuchSchema("in subject '" + subject + "'")));
        });
    }

    /** Registers the schema unless the subject has it; either way its id. */
    JsonNode register(String subject, JsonNode body) {
        Schema schema = parse(body);
        log.write(state -> {
            if (state.find(subject, schema.toString()).isPresent()) {
                return Optional.empty();
            }
            String level = state.level(subject).orElse(state.globalLevel());
            var objections = Compatibility.objections(level, schema, state.live(subject));
            if (!objections.isEmpty()) {
                throw RegistryRefusal.incompatible(subject, level, objections);
            }
            return Optional.of(RegistryRecord.schema(state.next(subject, schema.toString())));
        });
        // Not the id that was decided on, but the one that stands in the topic.
        return log.read(state -> JSON.createObjectNode()
                .put("id", state.find(subject, schema.toString()).orElseThrow().id()));
    }

    /** @param number empty to check against all versions, as the subject's level says */
    JsonNode compatibility(String subject, Optional<String> number, JsonNode body) {
        Schema schema = parse(body);
        return log.read(state -> {
            String level = state.level(subject).orElse(state.globalLevel());
            var earlier = number.map(one -> List.of(find(state, subject, one))).orElseGet(() -> state.live(subject));
            var objections = Compatibility.objections(level, schema, earlier);
            ObjectNode answer = JSON.createObjectNode().put("is_compatible", objections.isEmpty());
            answer.set("messages", strings(objections));
            return answer;
        });
    }

    /** @param subject empty for the registry's own level */
    JsonNode level(Optional<String> subject, boolean orGlobal) {
        return log.read(state -> {
            String level = subject.map(one -> state.level(one)
                            .or(() -> orGlobal ? Optional.of(state.globalLevel()) : Optional.empty())
                            .orElseThrow(() -> RegistryRefusal.noLevelOfItsOwn(one)))
                    .orElse(state.globalLevel());
            return JSON.createObjectNode().put("compatibilityLevel", level);
        });
    }

    /** @param subject empty for the registry's own level */
    JsonNode setLevel(Optional<String> subject, JsonNode body) {
        String level = body.path("compatibility").asText();
        if (!Compatibility.LEVELS.contains(level)) {
            throw RegistryRefusal.invalidLevel(level);
        }
        log.write(state -> Optional.of(RegistryRecord.level(subject, level)));
        return JSON.createObjectNode().put("compatibility", level);
    }

    private static Schema parse(JsonNode body) {
        String type = body.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw RegistryRefusal.invalidSchema("this registry keeps Avro schemas only, found " + type);
        }
        if (!body.path("references").isEmpty()) {
            throw RegistryRefusal.invalidSchema("this registry keeps schemas without references only");
        }
        try {
            return new Schema.Parser().parse(body.path("schema").asText());
        } catch (SchemaParseException e) {
            throw RegistryRefusal.invalidSchema(e.getMessage());
        }
    }

    private static List<RegistryState.Version> live(RegistryState state, String subject) {
        var versions = state.live(subject);
        if (versions.isEmpty()) {
            throw RegistryRefusal.noSuchSubject(subject);
        }
        return versions;
    }

    private static RegistryState.Version find(RegistryState state, String subject, String number) {
        var versions = live(state, subject);
        if (number.equals("latest") || number.equals("-1")) {
            return versions.get(versions.size() - 1);
        }
        int wanted = number(number);
        return versions.stream()
                .filter(version -> version.version() == wanted)
                .findFirst()
                .orElseThrow(() -> RegistryRefusal.noSuchVersion(number));
    }

    private static int number(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Same answer.
        }
        throw RegistryRefusal.invalidVersion(text);
    }

    private static String schema(RegistryState state, String id) {
        try {
            return state.schema(Integer.parseInt(id)).orElseThrow(() -> RegistryRefusal.noSuchSchema(id));
        } catch (NumberFormatException e) {
            throw RegistryRefusal.noSuchSchema(id);
        }
    }

    private static ObjectNode described(RegistryState.Version version) {
        return JSON.createObjectNode()
                .put("subject", version.subject())
                .put("version", version.version())
                .put("id", version.id())
                .put("schema", version.schema());
    }

    private static ArrayNode strings(List<String> texts) {
        var array = JSON.createArrayNode();
        texts.forEach(array::add);
        return array;
    }
}
