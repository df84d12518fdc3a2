package dev.kandjistream.posture.policy;

import dev.kandjistream.config.ConfigException;
import dev.kandjistream.config.Environment;
import dev.kandjistream.config.Fault;
import dev.kandjistream.config.Faults;
import dev.kandjistream.config.Node;
import dev.kandjistream.config.Section;
import dev.kandjistream.config.Type;
import dev.kandjistream.config.YamlTree;
import dev.kandjistream.posture.domain.LiveLookup;
import dev.kandjistream.posture.domain.Policy;
import dev.kandjistream.posture.domain.Rule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A policy's text to a {@link Policy}, or every fault there is. Environment variables have no say in it. */
public final class PolicyReader {
    private static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(2);
    private static final Duration LONGEST_DEADLINE = Duration.ofSeconds(30);
    private static final int VERSION_DIGITS = 16;

    private final Language language = new Language();

    /** @throws ConfigException with all faults; one of them is a file that cannot be read */
    public Policy read(Path file) {
        try {
            return read(Files.readString(file), file.toString());
        } catch (IOException fault) {
            var faults = new Faults();
            faults.add(
                    new Fault.Place(file.toString(), 0),
                    "",
                    "a policy: a file of YAML in UTF-8",
                    Files.exists(file) ? "one that cannot be read" : "no such file");
            throw new ConfigException("The policy", faults.all());
        }
    }

    /**
     * @param text YAML
     * @param file as faults are to name it
     * @throws ConfigException with all faults; never a policy that is only partly so
     */
    public Policy read(String text, String file) {
        var faults = new Faults();
        Node.Mapping mapping = YamlTree.parse(text, file, faults);
        List<Fault> ofYaml = faults.all();
        if (mapping == Node.Mapping.EMPTY) {
            // What would be found missing now may be in the file after all.
            throwIfAny(ofYaml);
        }
        var source = new Section.Source(file, Path.of(""), Environment.none(), faults);
        Section root = Section.root(mapping, source);
        LiveLookup liveLookup = liveLookup(root);
        String noMatch = root.read("no_match", Type.TEXT, "");
        List<Rule> rules = new RulesReader(language, root, faults).read();
        root.reportUnknown();
        throwIfAny(withoutEchoes(faults.all(), ofYaml));
        return new Policy(version(text), rules, noMatch, liveLookup);
    }

    private static LiveLookup liveLookup(Section root) {
        boolean given = root.isGiven("live_lookup");
        Section section = root.section("live_lookup");
        Optional<List<String>> when =
                given ? section.require("when", Type.WORDS, "say when: [unknown, stale]") : Optional.empty();
        Duration deadline = section.read("deadline", Type.duration(Duration.ofMillis(1)), DEFAULT_DEADLINE);
        if (deadline.compareTo(LONGEST_DEADLINE) > 0) {
            section.fault("deadline", "a time of at most 30s, for somebody waits", "a longer one", "");
        }
        List<String> words = when.orElse(List.of());
        words.stream()
                .filter(word -> !word.equals("unknown") && !word.equals("stale"))
                .forEach(word -> section.fault("when", "unknown, stale or both", Section.quoted(word), ""));
        if (when.isPresent() && words.isEmpty()) {
            section.fault(
                    "when", "unknown, stale or both", "none", "remove live_lookup if the API should never be asked");
        }
        section.reportUnknown();
        return given ? new LiveLookup(words.contains("unknown"), words.contains("stale"), deadline) : LiveLookup.NEVER;
    }

    /** Where YAML has no value for a key, that it is missing is no second fault. */
    private static List<Fault> withoutEchoes(List<Fault> all, List<Fault> ofYaml) {
        Set<String> told = ofYaml.stream().map(Fault::key).collect(Collectors.toSet());
        return all.stream()
                .filter(fault -> ofYaml.contains(fault) || !told.contains(fault.key()))
                .toList();
    }

    private static void throwIfAny(List<Fault> faults) {
        if (!faults.isEmpty()) {
            throw new ConfigException("The policy", faults);
        }
    }

    /** The first 16 hexadecimal digits of the text's SHA-256. */
    static String version(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, VERSION_DIGITS);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java has SHA-256", impossible);
        }
    }
}
