package dev.kandjistream.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kandjistream.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of each kind of fault: where it stands, what was expected, what was found, how to mend it. */
class ConfigFaultsTest {
    private static final String ACME = "accounts: [{id: acme, api_url: acme.api.kandji.io, token_file: token}]\n";

    @TempDir
    Path folder;

    @BeforeEach
    void token() throws IOException {
        Files.writeString(folder.resolve("token"), "t0ken\n");
        Files.writeString(folder.resolve("bearer"), "Bearer t0ken\n");
        Files.writeString(folder.resolve("empty"), "\n");
    }

    /** YAML; the fault expected, without the file's name before it. */
    static Stream<Arguments> faults() {
        return Stream.of(
                fault("poller: {}", ":1 accounts: expected at least one account, found none; list each with its id"),
                fault("accounts: acme", ":1 accounts: expected a list, each item begun with a dash, found \"acme\""),
                fault("accounts: [acme]", ":1 accounts[0]: expected keys with values, found \"acme\""),
                fault(
                        "accounts:\n- id: Acme\n  api_url: a.api.kandji.io\n  token_file: token",
                        ":2 accounts[0].id: expected an id of small letters, digits and dashes, found \"Acme\""),
                fault(
                        "accounts:\n- api_url: a.api.kandji.io\n  token_file: token",
                        ":2 accounts[0].id: expected an id of small letters, digits and dashes, found nothing"),
                fault(
                        "accounts:\n- id: acme\n  token_file: token",
                        ":2 accounts[0].api_url: expected text, found nothing; copy it from Kandji"),
                fault(
                        "accounts:\n- id: acme\n  api_url: http://acme.example\n  token_file: token",
                        ":3 accounts[0].api_url: expected https, found http in \"http://acme.example\": the token would be"),
                fault(
                        "accounts:\n- id: acme\n  api_url: a.api.kandji.io",
                        ":2 accounts[0].token: expected token or token_file, found neither"),
                fault(
                        "accounts:\n- id: acme\n  api_url: a.api.kandji.io\n  token: a\n  token_file: token",
                        ":5 accounts[0].token_file: expected token or token_file, found both; remove one of them"),
                fault(
                        "accounts:\n- id: acme\n  api_url: a.api.kandji.io\n  token_file: absent",
                        ":4 accounts[0].token_file: expected a file with the secret in it, found no file "),
                fault(
                        "accounts:\n- id: acme\n  api_url: a.api.kandji.io\n  token_file: empty",
                        ":4 accounts[0].token_file: expected a file with the secret in it, found the empty file "),
                fault(
                        "accounts:\n- id: acme\n  api_url: a.api.kandji.io\n  token_file: bearer",
                        ":4 accounts[0].token_file: expected the token alone, found [hidden], begun with the word Bearer"),
                fault(
                        "accounts:\n- id: acme\n  api_url: a.api.kandji.io\n  token: ${NOT_SET}",
                        ":4 accounts[0].token: expected a secret, found ${NOT_SET}, which is not set; set it"),
                fault(
                        "accounts:\n- {id: a, api_url: a.api.kandji.io, token: x}\n- {id: a, api_url: b.api.kandji.io, token: x}",
                        ":3 accounts[1].id: expected each id once, found \"a\" again; give this account another id"),
                fault(
                        "accounts:\n- {id: a, api_url: a.api.kandji.io, token: x}\n- {id: b, api_url: https://a.api.kandji.io/, token: x}",
                        ":3 accounts[1].api_url: expected each tenant once, as all accounts of a tenant share its quota,"
                                + " found the tenant of account \"a\"; remove one of the two"),
                fault(
                        "accounts:\n- id: acme\n  api_url: a.api.kandji.io\n  token: x\n  app_interval: 1h",
                        ":5 accounts[0].app_interval: expected a key that is known, found an unknown one;"
                                + " did you mean apps_interval?"),
                fault(
                        ACME + "accounts_dir: nowhere",
                        ":2 accounts_dir: expected a folder with one file per account, found no folder "),
                fault(
                        ACME + "removed_accounts: [{id: acme}]",
                        ":2 removed_accounts[0].id: expected an account that is not configured any more,"
                                + " found \"acme\", which is among the accounts; remove it here or there"),
                fault(
                        ACME + "removed_accounts:\n- id: old\n- {id: old, on_removal: retract}",
                        ":4 removed_accounts[1].id: expected each id once, found \"old\" again; remove one of the two"),
                fault(
                        ACME + "removed_accounts: [{on_removal: keep}]",
                        ":2 removed_accounts[0].id: expected an id of small letters, digits and dashes, found nothing;"
                                + " name the account as it was configured"),
                fault(
                        ACME + "removed_accounts: [{id: Old}]",
                        ":2 removed_accounts[0].id: expected an id of small letters, digits and dashes, found \"Old\""),
                fault(
                        ACME + "removed_accounts: [{id: old, on_removal: delete}]",
                        ":2 removed_accounts[0].on_removal: expected one of keep, retract, found \"delete\""),
                fault(
                        ACME + "removed_accounts: [{id: old, on_remove: retract}]",
                        ":2 removed_accounts[0].on_remove: expected a key that is known, found an unknown one;"
                                + " did you mean on_removal?"),
                fault(
                        ACME + "removed_accounts: {id: old}",
                        ":2 removed_accounts: expected a list, each item begun with a dash, found keys with values"),
                fault(
                        ACME + "removed_accounts: [old]",
                        ":2 removed_accounts[0]: expected keys with values, found \"old\""),
                fault(
                        ACME + "poller:\n  devices_interval: 5",
                        ":3 poller.devices_interval: expected a time of at least 1s, such as 30s, 5m, 6h or PT5M, found \"5\""),
                fault(
                        ACME + "poller:\n  apps_interval:",
                        ":3 poller.apps_interval: expected a time of at least 1s, such as 30s, 5m, 6h or PT5M, found nothing;"
                                + " give a value or remove the key"),
                fault(
                        ACME + "poller: {quota_share: 1.5}",
                        ":2 poller.quota_share: expected a number above 0 and up to 1, such as 0.5, found \"1.5\""),
                fault(
                        ACME + "poller: {device_interval: 5m}",
                        ":2 poller.device_interval: expected a key that is known, found an unknown one;"
                                + " did you mean devices_interval?"),
                fault(
                        ACME + "poler: {}",
                        ":2 poler: expected a key that is known, found an unknown one; did you mean poller?"),
                fault(
                        ACME + "colour: red",
                        ":2 colour: expected a key that is known, found an unknown one; known here: data_dir, "),
                fault(ACME + "poller: 5m", ":2 poller: expected keys with values, found \"5m\""),
                fault(
                        ACME + "rules: {version: 0}",
                        ":2 rules.version: expected a whole number of at least 1, found \"0\""),
                fault(
                        ACME + "rules: {suppressed_words: {a: b}}",
                        ":2 rules.suppressed_words: expected a list of words, found keys with values"),
                fault(
                        ACME + "rules: {placeholder_bundle_ids: {a: b}}",
                        ":2 rules.placeholder_bundle_ids: expected a list of words, found keys with values"),
                fault(
                        ACME + "kafka: {topic_prefix: a/b}",
                        ":2 kafka.topic_prefix: expected letters, digits, dots, dashes, underscores, at most 100, found \"a/b\""),
                fault(
                        ACME + "kafka: {bootstrap_servers: broker}",
                        ":2 kafka.bootstrap_servers: expected host:port, several separated by commas, found \"broker\""),
                fault(
                        ACME + "kafka:\n  properties: {security.protocol: SSL}",
                        ":3 kafka.bootstrap_servers: expected host:port, several separated by commas, found nothing;"
                                + " without it the broker is embedded, and has no such properties"),
                fault(
                        ACME + "kafka: {bootstrap_servers: 'b:9092', properties_file: absent}",
                        ":2 kafka.properties_file: expected a Java properties file, found no file "),
                fault(
                        ACME + "kafka:\n  bootstrap_servers: b:9092\n  properties: {partitioner.class: secret}",
                        ":4 kafka.properties: expected connection, security and tuning, found partitioner.class;"
                                + " remove partitioner.class: the records of one device must be in the same partition"),
                fault(
                        ACME + "schema_registry: {url: registry}",
                        ":2 schema_registry.url: expected a URL such as http://registry:8081, found \"registry\""),
                fault(
                        ACME + "postgres: {url: 'postgres://h/d', user: u, password: p}",
                        ":2 postgres.url: expected a URL such as jdbc:postgresql://host:5432/database, found \"postgres://h/d\""),
                fault(
                        ACME + "postgres:\n  url: jdbc:postgresql://h/d\n  user: u",
                        ":3 postgres.password: expected password or password_file, found neither"),
                fault(
                        ACME + "ops: {port: 70000}",
                        ":2 ops.port: expected a port from 0 (any free one) to 65535, found \"70000\""),
                fault(ACME + "log: {format: xml}", ":2 log.format: expected one of plain, json, found \"xml\""),
                fault(
                        ACME + "log: {level: INFO}\nlog: {level: INFO}",
                        ":3 log: expected the key once, found it again, first given on line 2"),
                fault(
                        ACME + "log: &a {level: INFO}\nops: *a",
                        ":3 ops: expected a value, found a YAML alias (*a); write the value out"),
                fault(ACME + "log: {level: INFO", ":2: expected YAML, found "));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("faults")
    void everyFaultIsNamedWithItsPlace(String yaml, String expected) throws IOException {
        Path file = write("config.yaml", yaml);
        ConfigException refusal = catchThrowableOfType(ConfigException.class, () -> read(file, Map.of()));
        assertThat(refusal).as("refusal of %s", yaml).isNotNull();
        assertThat(refusal.faults()).as(refusal.getMessage()).hasSize(1);
        assertThat(refusal.faults().get(0).toString()).startsWith(file + expected);
    }

    @Test
    void allFaultsOfAFileAreReportedAtOnceInItsOrder() throws IOException {
        Path file = write("config.yaml", """
                accounts:
                  - id: ACME
                    api_url: acme.api.kandji.io
                    token_file: absent
                poller:
                  devices_interval: soon
                  quota: 0.5
                rules: {version: one}
                """);
        assertThatThrownBy(() -> read(file, Map.of("KANDJI_STREAM_OPS_PORT", "many", "KANDJI_STREAM_OPS_HSOT", "x")))
                .isInstanceOfSatisfying(ConfigException.class, refusal -> assertThat(refusal.faults())
                        .extracting(fault -> fault.place().source().replace(file.toString(), "file") + ":"
                                + fault.place().line() + " " + fault.key())
                        .containsExactly(
                                "file:2 accounts[0].id",
                                "file:4 accounts[0].token_file",
                                "file:6 poller.devices_interval",
                                "file:7 poller.quota",
                                "file:8 rules.version",
                                "KANDJI_STREAM_OPS_PORT:0 ops.port",
                                "KANDJI_STREAM_OPS_HSOT:0 "));
    }

    @Test
    void aMistypedVariableIsAFaultWithASuggestion() {
        assertThatThrownBy(() -> read(
                        Files.writeString(folder.resolve("c.yaml"), ACME),
                        Map.of("KANDJI_STREAM_POLLER_DEVICE_INTERVAL", "5m")))
                .hasMessageContaining("KANDJI_STREAM_POLLER_DEVICE_INTERVAL: expected a variable that stands for a key,"
                        + " found an unknown one; did you mean KANDJI_STREAM_POLLER_DEVICES_INTERVAL?");
    }

    @Test
    void secretsNeverShowInFaultsNorInWhatIsPrinted() throws IOException {
        Path file = write("c.yaml", """
                accounts:
                  - {id: acme, api_url: acme.api.kandji.io, token: "t0ken with spaces"}
                postgres: {url: "jdbc:x", user: u, password: p4ssword}
                kafka: {properties: {sasl.jaas.config: j4as}}
                """);
        assertThatThrownBy(() -> read(file, Map.of())).satisfies(refusal -> assertThat(refusal.getMessage())
                .doesNotContain("t0ken", "p4ssword", "j4as")
                .contains("[hidden]"));
    }

    @Test
    void aMissingFileIsSaidToBeMissing() {
        Path absent = folder.resolve("absent.yaml");
        assertThatThrownBy(() -> ConfigReader.read(Optional.of(absent), Map.of(), Part.ALL))
                .hasMessageContaining(absent + ": expected a file of YAML in UTF-8, found no such file");
    }

    private Configuration read(Path file, Map<String, String> environment) {
        return ConfigReader.read(Optional.of(file), environment, Part.ALL);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static Arguments fault(String yaml, String expected) {
        return Arguments.of(yaml, expected);
    }
}
