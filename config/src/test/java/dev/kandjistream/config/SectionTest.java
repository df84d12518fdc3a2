package dev.kandjistream.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SectionTest {
    private static final Type<String> OUTCOME = Type.oneOf("allow", "deny");

    private final Faults faults = new Faults();

    @Test
    void theMappingsOfAListAreReadKeyByKey() {
        List<Section> rules = root("""
                rules:
                  - {id: one, outcome: deny, live: true}
                  - id: two
                    outcome: ALLOW
                """, Environment.none()).sections("rules");
        assertThat(rules).extracting(Section::path).containsExactly("rules[0]", "rules[1]");
        assertThat(rules).extracting(rule -> rule.read("outcome", OUTCOME, "")).containsExactly("deny", "allow");
        assertThat(rules)
                .extracting(rule -> rule.read("live", Type.BOOLEAN, false))
                .containsExactly(true, false);
        rules.forEach(rule -> rule.read("id", Type.TEXT));
        rules.forEach(Section::reportUnknown);
        assertThat(faults.all()).isEmpty();
    }

    @Test
    void everyFaultIsToldAtOnceInTheFilesOrder() {
        Section root = root("""
                rules:
                  - id: one
                    outcom: deny
                  - id: two
                    outcome: perhaps
                  - three
                token: s3cret
                """, Environment.none());
        root.read("token", new Type<>("a token in hexadecimal", true, (text, folder) -> Optional.empty()));
        root.sections("rules").forEach(rule -> {
            rule.read("id", Type.TEXT);
            rule.require("outcome", OUTCOME, "say what it decides");
            rule.reportUnknown();
        });
        assertThat(faults.all())
                .extracting(Fault::toString)
                .containsExactly(
                        "file.yml:2 rules[0].outcome: expected one of allow, deny, found nothing; say what it decides",
                        "file.yml:3 rules[0].outcom: expected a key that is known, found an unknown one;"
                                + " did you mean outcome?",
                        "file.yml:5 rules[1].outcome: expected one of allow, deny, found \"perhaps\"",
                        "file.yml:6 rules[2]: expected keys with values, found \"three\"",
                        "file.yml:7 token: expected a token in hexadecimal, found [hidden]");
    }

    @Test
    void aLineOfABlockOfTextIsFoundInTheFile() {
        Section root = root("""
                when: |
                  a &&
                  b
                short: a
                """, Environment.none());
        assertThat(root.placeOf("when", 2)).hasToString("file.yml:3");
        assertThat(root.placeOf("short", 1)).hasToString("file.yml:4");
        assertThat(root.placeOf("absent", 1)).hasToString("file.yml:1");
    }

    @Test
    void variablesGoBeforeTheFileAndIntoIt() {
        var environment = new Environment(Map.of("KANDJI_STREAM_A", "from outside", "WHO", "you"));
        Section root = root("{a: in the file, b: 'for ${WHO}'}", environment);
        assertThat(root.read("a", Type.TEXT)).contains("from outside");
        assertThat(root.read("b", Type.TEXT)).contains("for you");
        assertThat(root.placeOf("a", 1)).hasToString("KANDJI_STREAM_A");
    }

    @Test
    void withoutAnEnvironmentTheFileMeansWhatItSays() {
        assertThat(root("a: 'costs ${5}'", Environment.none()).read("a", Type.TEXT))
                .contains("costs ${5}");
        assertThat(faults.all()).isEmpty();
    }

    @Test
    void anItemOfAListStaysWhole() {
        Section root =
                root("words: ['a,b', ' c ', d]\nline: a, b,", new Environment(Map.of("KANDJI_STREAM_MORE", "e, f")));
        assertThat(root.read("words", Type.WORDS)).contains(List.of("a,b", "c", "d"));
        assertThat(root.read("line", Type.WORDS)).contains(List.of("a", "b"));
        assertThat(root.read("more", Type.WORDS)).contains(List.of("e", "f"));
        assertThat(root("words: []", Environment.none()).read("words", Type.WORDS))
                .contains(List.of());
        assertThat(faults.all()).isEmpty();
    }

    @Test
    void anItemThatIsNoWordIsToldWithTheWayOut() {
        root("""
                words:
                  - null
                  - a: b
                  - [c]
                  - ''
                  - fine
                """, Environment.none()).read("words", Type.WORDS);
        assertThat(faults.all())
                .extracting(Fault::toString)
                .containsExactly(
                        "file.yml:2 words: expected a list of words, found nothing in it; remove the item, or put it in quotes",
                        "file.yml:3 words: expected a list of words, found keys with values in it;"
                                + " put text that contains a colon in quotes",
                        "file.yml:4 words: expected a list of words, found a list in it; write one list, with no list in it",
                        "file.yml:5 words: expected a list of words, found nothing in it; remove the item, or put it in quotes");
    }

    @Test
    void aTruthInOtherWordsIsToldHowToBeWritten() {
        Section root = root("{a: maybe, b: 'yes', c: 1, d: 'off'}", Environment.none());
        for (String key : List.of("a", "b", "c", "d")) {
            root.read(key, Type.BOOLEAN);
        }
        assertThat(faults.all())
                .extracting(Fault::message)
                .containsExactly(
                        "expected true or false, found \"maybe\"; write true or false",
                        "expected true or false, found \"yes\"; write true",
                        "expected true or false, found \"1\"; write true",
                        "expected true or false, found \"off\"; write false");
    }

    @Test
    void aCharacterThatLooksLikeAnotherOrLikeNothingIsNamed() {
        Section root = root(
                "{a: \"tr\\u200Bue\", b: \"5\\u00A0m\", c: \"1\\t2\", d: \"\\uD83D\\uDE00\", \"\\u0435\": 1}",
                Environment.none());
        root.read("a", Type.BOOLEAN);
        root.read("b", Type.duration(Duration.ZERO));
        root.read("c", Type.number(0, 9));
        root.read("d", Type.port());
        root.reportUnknown();
        assertThat(faults.all())
                .extracting(fault -> fault.key() + ": " + fault.message())
                .satisfiesExactly(
                        a -> assertThat(a).contains("a: expected true or false, found \"tr[U+200B]ue\""),
                        b -> assertThat(b).contains("found \"5[U+00A0]m\""),
                        c -> assertThat(c).contains("found \"1[U+0009]2\""),
                        d -> assertThat(d).contains("found \"[U+1F600]\""),
                        e -> assertThat(e).startsWith("[U+0435]: expected a key that is known"));
    }

    /** Names of people and folders have them. */
    @Test
    void latinLettersAreShownAsTheyAre() {
        root("{a: \"Zo\u00EB \u0141\"}", Environment.none()).read("a", Type.BOOLEAN);
        assertThat(faults.all()).singleElement().satisfies(fault -> assertThat(fault.message())
                .contains("found \"Zo\u00EB \u0141\""));
    }

    @Test
    void aSpanIsToldWithExamplesThatWillDo() {
        Section root = root(
                "{a: 30s, b: 9999999999999d, c: '5', d: soon, e: 36501d, f: PT99999999999999H, g: 1h}",
                Environment.none());
        for (String key : List.of("a", "b", "c", "d", "e", "f")) {
            root.read(key, Type.duration(java.time.Duration.ofMinutes(1)));
        }
        root.read("g", Type.duration(java.time.Duration.ofDays(3)));
        String expected = "expected a time of at least 1m, such as 5m, 6h or PT5M, found ";
        assertThat(faults.all())
                .extracting(Fault::message)
                .containsExactly(
                        expected + "\"30s\"; write a longer time",
                        expected + "\"9999999999999d\"; write a number of at most 9 digits",
                        expected + "\"5\"; add a unit: ms, s, m, h or d",
                        expected + "\"soon\"; write numbers with the units ms, s, m, h or d",
                        expected + "\"36501d\"; write a shorter time, at most 36500d",
                        expected + "\"PT99999999999999H\"; write a shorter time, at most 36500d",
                        "expected a time of at least 3d, such as 3d, found \"1h\"; write a longer time");
    }

    private Section root(String yaml, Environment environment) {
        var source = new Section.Source("file.yml", Path.of(""), environment, faults);
        return Section.root(YamlTree.parse(yaml, "file.yml", faults), source);
    }
}
