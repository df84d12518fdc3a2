package dev.kandjistream.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.config.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page names every key there is, and no other. */
class ConfigurationDocTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");
    private static final Pattern KEY_IN_TABLE = Pattern.compile("(?m)^\\| ((?:`[a-z_.]+`(?:, )?)+) \\|");
    private static final Pattern KEY = Pattern.compile("`([a-z_.]+)`");

    /** Keys of an account, told apart from the others by having no section; and keys with free names under them. */
    private static final Set<String> NO_VARIABLE_OF_THEIR_OWN = Set.of(
            "id",
            "api_url",
            "token",
            "token_file",
            "allow_http",
            "kafka.properties",
            "schema_registry.properties",
            "posture.allowed_ages");

    @Test
    void everyKeyIsThereAndNoOther() throws IOException {
        Set<String> documented = new TreeSet<>();
        for (String key : keysOf(Files.readString(PAGE))) {
            if (!NO_VARIABLE_OF_THEIR_OWN.contains(key)) {
                documented.add(Environment.nameOf(key));
            }
        }
        documented.add("KANDJI_STREAM_ACCOUNTS_DIR");
        assertThat(documented).containsExactlyInAnyOrderElementsOf(ConfigReader.variables());
    }

    private static Set<String> keysOf(String page) {
        Set<String> keys = new TreeSet<>();
        Matcher rows = KEY_IN_TABLE.matcher(page);
        while (rows.find()) {
            Matcher names = KEY.matcher(rows.group(1));
            while (names.find()) {
                keys.add(names.group(1));
            }
        }
        return keys;
    }
}
