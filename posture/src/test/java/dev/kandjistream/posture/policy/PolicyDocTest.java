package dev.kandjistream.posture.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.posture.domain.Attribute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page about policies says of them what is so. */
class PolicyDocTest {
    private static final Path PAGE = Path.of("..", "docs", "policy.md");
    private static final PolicyReader READER = new PolicyReader();

    @Test
    void itHasEveryAttributeAsItIs() throws IOException {
        String rows = Arrays.stream(Attribute.values())
                .map(attribute -> "| `%s` | %s | %s |"
                        .formatted(
                                attribute.word(),
                                attribute.kind().name().toLowerCase(Locale.ROOT),
                                attribute.meaning()))
                .collect(Collectors.joining("\n"));
        assertThat(page()).contains("|---|---|---|\n" + rows + "\n\n");
    }

    @Test
    void itsExampleIsAPolicyAndItsCaseACase() throws IOException {
        READER.read(block(page(), "    live_lookup:"), "docs/policy.md");
        assertThat(FixtureReader.read(block(page(), "    cases:"), "docs/policy.md"))
                .hasSize(1);
    }

    @Test
    void itsConditionsAreConditions() throws IOException {
        String table = page().substring(page().indexOf("| to ask | write |"), page().indexOf("| together |"));
        var conditions = Pattern.compile("`([^`]+)`").matcher(table);
        int count = 0;
        while (conditions.find()) {
            READER.read("rules:\n  - {name: a, outcome: deny, when: '" + conditions.group(1) + "'}", "docs/policy.md");
            count++;
        }
        assertThat(count).isGreaterThan(10);
    }

    @Test
    void whatElseShowsAPolicyShowsASoundOne() throws IOException {
        READER.read(Path.of("..", "deploy", "posture", "policy.yml"));
        READER.read(block(Files.readString(Path.of("README.md")), "    live_lookup:"), "posture/README.md");
    }

    private static String page() throws IOException {
        return Files.readString(PAGE);
    }

    /** The indented lines from the one that begins so. */
    private static String block(String page, String first) {
        String rest = page.substring(page.indexOf("\n" + first) + 1);
        return rest.lines().takeWhile(line -> line.startsWith("    ")).collect(Collectors.joining("\n"));
    }
}
