package dev.kandjistream.posture.policy;

import dev.kandjistream.config.ConfigException;
import dev.kandjistream.config.Environment;
import dev.kandjistream.config.Fault;
import dev.kandjistream.config.Faults;
import dev.kandjistream.config.Section;
import dev.kandjistream.config.Type;
import dev.kandjistream.config.YamlTree;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.Connection;
import dev.kandjistream.posture.domain.Email;
import dev.kandjistream.posture.domain.OsVersion;
import dev.kandjistream.posture.domain.Outcome;
import dev.kandjistream.posture.domain.Platform;
import dev.kandjistream.posture.domain.Posture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Tests of a policy: files of cases, each with attributes that are given and a decision that is expected. */
public final class FixtureReader {
    private static final String AVAILABLE = Connection.State.AVAILABLE.word();
    private static final Type<String> DECISION = Type.oneOf("allow", "deny");

    private final Faults faults = new Faults();

    private FixtureReader() {}

    /**
     * The cases of all files in a folder whose names end in {@code .yml} or {@code .yaml}, in the order of names.
     *
     * @throws ConfigException with every fault of all the files; a folder without any case is one
     */
    public static List<Fixture> in(Path folder) {
        var reader = new FixtureReader();
        var fixtures = new ArrayList<Fixture>();
        reader.files(folder).forEach(file -> fixtures.addAll(reader.file(file)));
        if (fixtures.isEmpty() && reader.faults.isEmpty()) {
            reader.faults.add(
                    new Fault.Place(folder.toString(), 0),
                    "",
                    "files with cases, begun with cases:",
                    "none",
                    "name the folder that holds them");
        }
        return reader.sound(fixtures);
    }

    /** @param file as faults are to name it */
    public static List<Fixture> read(String text, String file) {
        var reader = new FixtureReader();
        return reader.sound(reader.cases(text, file));
    }

    private List<Fixture> sound(List<Fixture> fixtures) {
        if (!faults.isEmpty()) {
            throw new ConfigException("The set of test cases", faults.all());
        }
        return fixtures;
    }

    private List<Path> files(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .sorted()
                    .toList();
        } catch (IOException fault) {
            faults.add(
                    new Fault.Place(folder.toString(), 0),
                    "",
                    "a folder with files of cases",
                    Files.exists(folder) ? "one that cannot be listed" : "no such folder");
            return List.of();
        }
    }

    private List<Fixture> file(Path file) {
        try {
            return cases(Files.readString(file), file.toString());
        } catch (IOException fault) {
            faults.add(new Fault.Place(file.toString(), 0), "", "a file of YAML in UTF-8", "one that cannot be read");
            return List.of();
        }
    }

    private List<Fixture> cases(String text, String file) {
        var source = new Section.Source(file, Path.of(""), Environment.none(), faults);
        Section root = Section.root(YamlTree.parse(text, file, faults), source);
        var fixtures = new ArrayList<Fixture>();
        for (Section section : root.sections("cases")) {
            one(section).ifPresent(fixtures::add);
        }
        root.reportUnknown();
        return fixtures;
    }

    private Optional<Fixture> one(Section section) {
        Optional<String> name = section.require("name", Type.TEXT, "say in a few words what the case shows");
        Posture posture = Posture.of(attributes(section.section("given")));
        Map<String, String> context = section.properties("context");
        Section expect = section.section("expect");
        Optional<Outcome> decision = expect.require("decision", DECISION, "say allow or deny")
                .map(word -> Outcome.valueOf(word.toUpperCase(Locale.ROOT)));
        Optional<String> rule = expect.read("rule", Type.TEXT);
        Optional<List<String>> monitored = list(expect, "monitored");
        Optional<List<String>> missing = list(expect, "missing");
        Optional<String> notification = expect.read("notification", Type.TEXT);
        expect.reportUnknown();
        section.reportUnknown();
        return name.isPresent() && decision.isPresent()
                ? Optional.of(new Fixture(
                        section.placeOf("name"),
                        name.get(),
                        posture,
                        context,
                        new Fixture.Expected(decision.get(), rule, monitored, missing, notification)))
                : Optional.empty();
    }

    /** An empty list says: none. */
    private static Optional<List<String>> list(Section section, String key) {
        return section.read(key, Type.WORDS);
    }

    /** What is given, and what the service derives from it. */
    private static Map<Attribute, Object> attributes(Section given) {
        var attributes = new EnumMap<Attribute, Object>(Attribute.class);
        for (Attribute attribute : Attribute.values()) {
            given.read(attribute.word(), type(attribute)).ifPresent(value -> attributes.put(attribute, value));
        }
        given.reportUnknown();
        joinVersion(attributes);
        joinConnection(given, attributes);
        return attributes;
    }

    private static void joinVersion(Map<Attribute, Object> attributes) {
        Object version = attributes.remove(Attribute.OS_VERSION);
        Object extra = attributes.get(Attribute.OS_VERSION_EXTRA);
        if (version != null) {
            OsVersion.ofDevice(version.toString(), extra == null ? null : extra.toString())
                    .ifPresent(joined -> attributes.put(Attribute.OS_VERSION, joined));
        }
    }

    /** A reason belongs to one state. Only an available connection has no reason. */
    private static void joinConnection(Section given, Map<Attribute, Object> attributes) {
        Object state = attributes.get(Attribute.CONNECTION);
        if (AVAILABLE.equals(state)) {
            attributes.putIfAbsent(Attribute.CONNECTION_REASON, "");
        }
        Object reason = attributes.get(Attribute.CONNECTION_REASON);
        if (reason == null) {
            return;
        }
        String implied = Connection.stateOf(reason.toString()).word();
        if (state != null && !state.equals(implied)) {
            given.fault(
                    Attribute.CONNECTION.word(),
                    implied + ", because of the connection_reason " + Section.quoted(reason.toString()),
                    Section.quoted(state.toString()),
                    "");
        }
        attributes.put(Attribute.CONNECTION, implied);
    }

    private static Type<?> type(Attribute attribute) {
        return switch (attribute.kind()) {
            case TRUTH -> Type.BOOLEAN;
            case SPAN -> Type.duration(Duration.ZERO);
            case TEXTS -> Type.WORDS;
            case VERSION ->
                new Type<>(
                        OsVersion.FORM,
                        false,
                        (text, folder) -> OsVersion.parse(text),
                        Optional.empty(),
                        VersionText::mend);
            case TEXT -> text(attribute);
        };
    }

    private static Type<String> text(Attribute attribute) {
        if (attribute == Attribute.PLATFORM) {
            return new Type<>("one of " + String.join(", ", Platform.WORDS), false, (text, folder) -> Optional.of(
                            Platform.asKandjiSays(text))
                    .filter(Platform::isKnown));
        }
        if (!attribute.vocabulary().isEmpty()) {
            return Type.oneOf(attribute.vocabulary().toArray(String[]::new));
        }
        return switch (attribute) {
            case USER_EMAIL -> new Type<>("an email", true, (text, folder) -> Optional.of(Email.small(text)));
            default -> Type.TEXT;
        };
    }
}
