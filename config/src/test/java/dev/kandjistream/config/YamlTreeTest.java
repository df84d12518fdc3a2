package dev.kandjistream.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTreeTest {
    private final Faults faults = new Faults();

    @Test
    void everyPieceOfAListOfMappingsHasItsLine() {
        Node.Mapping tree = parse("""
                # rules, first to last
                rules:
                  - id: first
                    outcome: deny
                  -
                    id: second
                  - [a, b]
                """);
        var rules = (Node.Sequence) tree.children().get("rules");
        var first = (Node.Mapping) rules.items().get(0);
        var second = (Node.Mapping) rules.items().get(1);
        assertThat(rules.line()).isEqualTo(3);
        assertThat(first.line()).isEqualTo(3);
        assertThat(first.children().get("outcome")).isEqualTo(new Node.Scalar("deny", 4, 4));
        assertThat(second.children().get("id")).isEqualTo(new Node.Scalar("second", 6, 6));
        assertThat(rules.items().get(2).line()).isEqualTo(7);
        assertThat(faults.all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"---,3", "...\\n---,4"})
    void aSecondDocumentIsAFaultAndNotPassedOver(String divide, int line) {
        parse("rules: []\n" + divide.replace("\\n", "\n") + "\nrules: [more]\n");

        assertThat(faults.all())
                .extracting(Fault::toString)
                .containsExactly(
                        "file.yml:" + line
                                + ": expected one document, found another one behind ---; put all into one, or into files of their own");
    }

    @Test
    void marksAroundTheOnlyDocumentChangeNothing() {
        assertThat(parse("---\nrules: []\n...\n").children()).containsKey("rules");
        assertThat(faults.all()).isEmpty();
    }

    @Test
    void blocksOfTextBeginALineBelowTheirMark() {
        Node.Mapping tree = parse("""
                name: "\uD83D\uDD12 locked"
                when: |
                  mdm_enabled
                    && agent_installed
                note: >-
                  one
                  line
                list:
                  - |
                    of a list
                plain: a | b
                """);
        assertThat(tree.children())
                .containsEntry("when", new Node.Scalar("mdm_enabled\n  && agent_installed\n", 2, 3))
                .containsEntry("note", new Node.Scalar("one line", 5, 6))
                .containsEntry("plain", new Node.Scalar("a | b", 11, 11));
        assertThat(((Node.Sequence) tree.children().get("list")).items())
                .containsExactly(new Node.Scalar("of a list\n", 9, 10));
    }

    @ParameterizedTest
    @CsvSource({
        "true, true",
        "False, False",
        "14.10, 14.10",
        "010, 010",
        "1_000, 1_000",
        "'''no''', no",
        "2026-11-21T08:00:00Z, 2026-11-21T08:00:00Z",
        "1e3, 1e3"
    })
    void valuesStayAsTheyAreWritten(String written, String read) {
        assertThat(parse("key: " + written).children().get("key")).isEqualTo(new Node.Scalar(read, 1, 1));
    }

    @ParameterizedTest
    @CsvSource({"key:", "key: null", "key: ~"})
    void whatIsLeftOutIsNothing(String yaml) {
        assertThat(parse(yaml).children().get("key")).isEqualTo(new Node.Nothing(1));
    }

    @Test
    void whatYamlTakesForATagIsToldToBeQuoted() {
        parse("when: !has(x)\nagain: !x y\nfine: !!str 1");
        assertThat(faults.all())
                .extracting(Fault::toString)
                .containsExactly(
                        "file.yml:1 when: expected a value, found a YAML tag (!has(x)); put the value in quotes",
                        "file.yml:2 again: expected a value, found a YAML tag (!x); put the value in quotes");
    }

    @Test
    void aFileThatIsNotThereIsAFault() {
        YamlTree.read(Path.of("absent.yml"), faults);
        assertThat(faults.all()).hasToString("[absent.yml: expected a file of YAML in UTF-8, found no such file]");
    }

    @Test
    void aFileThatIsNoTextIsAFault(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("latin.yml"), "name: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        YamlTree.read(file, faults);
        assertThat(faults.all()).singleElement().asString().contains("one that cannot be read");
    }

    @Test
    void aListWhereKeysBelongIsAFaultAndAnEmptyFileIsNone() {
        assertThat(parse("# nothing yet")).isSameAs(Node.Mapping.EMPTY);
        assertThat(faults.all()).isEmpty();
        assertThat(parse("- a")).isSameAs(Node.Mapping.EMPTY);
        assertThat(faults.all()).hasToString("[file.yml:1: expected keys with values, found something else]");
    }

    private Node.Mapping parse(String yaml) {
        return YamlTree.parse(yaml, "file.yml", faults);
    }
}
