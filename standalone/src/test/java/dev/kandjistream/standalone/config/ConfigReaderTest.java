package dev.kandjistream.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.poller.AccountConfig;
import dev.kandjistream.poller.AppsBy;
import dev.kandjistream.poller.RemovedAccount;
import dev.kandjistream.poller.RemovedAccount.OnRemoval;
import dev.kandjistream.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {
    @TempDir
    Path folder;

    @Test
    void theFileOfTheIssueIsUnderstood() throws IOException {
        Files.writeString(folder.resolve("acme.token"), "t0ken\n");
        Files.writeString(folder.resolve("password"), "p4ss\n");
        Configuration read = read("""
                accounts:
                  - id: acme
                    api_url: https://acme.api.kandji.io
                    token_file: acme.token
                    apps_interval: 1h
                poller:   { devices_interval: 5m, apps_interval: 6h, quota_share: 0.25 }
                rules:    { version: 3, suppressed_words: [helper, agent], license_types: [Mac, AppleTV],
                            placeholder_bundle_ids: [TBD, "no  value"] }
                kafka:
                  bootstrap_servers: broker:9092
                  properties: { security.protocol: SASL_SSL, sasl: { mechanism: PLAIN } }
                schema_registry: { url: "http://registry:8081", properties: { basic.auth.user.info: "u:p" } }
                postgres: { url: "jdbc:postgresql://host/db", user: u, password_file: password }
                """, Map.of(), Part.ALL);

        AccountConfig acme = read.accounts().get(0);
        assertThat(acme.id()).isEqualTo("acme");
        assertThat(acme.token().get().value()).isEqualTo("t0ken");
        assertThat(acme.settings().intervals().devices()).isEqualTo(Duration.ofMinutes(5));
        assertThat(acme.settings().intervals().apps()).isEqualTo(Duration.ofHours(1));
        assertThat(acme.settings().budget().share()).isEqualTo(0.25);
        assertThat(read.rules().version()).isEqualTo(3);
        assertThat(read.rules().suppressedWords()).containsExactlyInAnyOrder("helper", "agent");
        assertThat(read.rules().licenseTypes()).containsExactlyInAnyOrder("Mac", "AppleTV");
        assertThat(read.rules().placeholderBundleIds()).containsExactlyInAnyOrder("tbd", "no value");
        assertThat(read.kafka())
                .contains(new KafkaSettings(
                        "broker:9092", Map.of("security.protocol", "SASL_SSL", "sasl.mechanism", "PLAIN")));
        assertThat(read.registry())
                .contains(new RegistrySettings("http://registry:8081", Map.of("basic.auth.user.info", "u:p")));
        assertThat(read.postgres().orElseThrow().password().get().value()).isEqualTo("p4ss");
    }

    @Test
    void whatIsAbsentIsEmbeddedAndHasDefaults() throws IOException {
        Configuration read = read("accounts: [{id: a, api_url: a.api.kandji.io, token: x}]", Map.of(), Part.ALL);
        assertThat(read.kafka()).isEmpty();
        assertThat(read.registry()).isEmpty();
        assertThat(read.postgres()).isEmpty();
        assertThat(read.topics().prefix()).isEqualTo("kandji");
        assertThat(read.ops().host()).isEqualTo("127.0.0.1");
        assertThat(read.ops().port()).isEmpty();
        assertThat(read.embedded()).isEqualTo(EmbeddedSettings.USUAL_PORTS);
        assertThat(read.rules().suppressedWords()).containsExactlyInAnyOrder("helper", "updater");
        assertThat(read.rules().licenseTypes()).containsExactlyInAnyOrder("Mac", "iPhone", "iPad");
        assertThat(read.rules().placeholderBundleIds()).contains("no value", "(null)", "n/a");
    }

    @Test
    void theRecordLimitHasADefaultAndBounds() throws IOException {
        assertThat(read("data_dir: x", Map.of(), Set.of()).topics().maxRecordBytes())
                .isEqualTo(16 * 1024 * 1024);
        Configuration read = read("kafka: {max_record_bytes: 1048576, topic_prefix: acme}", Map.of(), Set.of());
        assertThat(read.topics()).isEqualTo(new Topics("acme", 1 << 20));
        for (String wrong : List.of("65535", "67108865", "16MB")) {
            assertThatThrownBy(() -> read("kafka: {max_record_bytes: " + wrong + "}", Map.of(), Set.of()))
                    .hasMessageContaining("kafka.max_record_bytes")
                    .hasMessageContaining("65536")
                    .hasMessageContaining("67108864");
        }
    }

    @Test
    void variablesWinOverTheFile() throws IOException {
        Configuration read = read(
                "accounts: [{id: a-1, api_url: a.api.kandji.io, token: x}]\npoller: {devices_interval: 5m}",
                Map.of(
                        "KANDJI_STREAM_POLLER_DEVICES_INTERVAL", "7m",
                        "KANDJI_STREAM_ACCOUNTS_A_1_TOKEN", "y",
                        "KANDJI_STREAM_ACCOUNTS_A_1_APPS_INTERVAL", "2h",
                        "KANDJI_STREAM_RULES_SUPPRESSED_WORDS", "helper, launcher",
                        "KANDJI_STREAM_RULES_PLACEHOLDER_BUNDLE_IDS", "tbd, no value",
                        "KANDJI_STREAM_KAFKA_BOOTSTRAP_SERVERS", "b:1",
                        "KANDJI_STREAM_KAFKA_PROPERTIES_SECURITY_PROTOCOL", "SSL",
                        "KANDJI_STREAM_OPS_PORT", ""),
                Part.ALL);
        AccountConfig account = read.accounts().get(0);
        assertThat(account.settings().intervals().devices()).isEqualTo(Duration.ofMinutes(7));
        assertThat(account.settings().intervals().apps()).isEqualTo(Duration.ofHours(2));
        assertThat(account.token().get().value()).isEqualTo("y");
        assertThat(read.rules().suppressedWords()).containsExactlyInAnyOrder("helper", "launcher");
        assertThat(read.rules().placeholderBundleIds()).containsExactlyInAnyOrder("tbd", "no value");
        assertThat(read.kafka()).contains(new KafkaSettings("b:1", Map.of("security.protocol", "SSL")));
    }

    @Test
    void anAccountHasItsAppsReadItsOwnWay() throws IOException {
        Configuration read = read(
                "accounts: [{id: a, api_url: a.api.kandji.io, token: x},"
                        + " {id: b, api_url: b.api.kandji.io, token: x, apps_by: Auto}]\npoller: {apps_by: cursor}",
                Map.of(),
                Part.ALL);
        assertThat(read.accounts())
                .extracting(account -> account.settings().appsBy())
                .containsExactly(AppsBy.CURSOR, AppsBy.AUTO);
        assertThatThrownBy(() -> read(
                        "accounts: [{id: a, api_url: a.api.kandji.io, token: x, apps_by: export}]", Map.of(), Part.ALL))
                .hasMessageContaining("apps_by: expected one of auto, cursor");
    }

    @Test
    void accountsCanStandInVariablesAlone() {
        Configuration read = ConfigReader.read(
                Optional.empty(),
                Map.of(
                        "KANDJI_STREAM_ACCOUNTS_ACME_EU_API_URL", "acme.api.eu.kandji.io",
                        "KANDJI_STREAM_ACCOUNTS_ACME_EU_TOKEN", "x"),
                Part.ALL);
        assertThat(read.accounts()).extracting(AccountConfig::id).containsExactly("acme-eu");
    }

    @Test
    void aFaultyFileOfTheAccountsFolderStopsThatAccountOnly() throws IOException {
        Path accounts = Files.createDirectory(folder.resolve("accounts.d"));
        Files.writeString(accounts.resolve("acme.yaml"), "api_url: acme.api.kandji.io\ntoken: x\ndevices_interval: 1m");
        Files.writeString(accounts.resolve("broken.yaml"), "api_url: broken.api.kandji.io\ntoken_file: absent");
        Files.writeString(accounts.resolve("cut.yml"), "api_url: [");
        Files.writeString(accounts.resolve("globex.yaml"), "id: globex\napi_url: globex.api.eu.kandji.io\ntoken: y");
        Files.writeString(accounts.resolve("twin.yaml"), "api_url: acme.api.kandji.io\ntoken: z");
        Files.writeString(accounts.resolve("README.md"), "not an account");

        Configuration read = read("accounts_dir: accounts.d", Map.of(), Part.ALL);

        assertThat(read.accounts()).extracting(AccountConfig::id).containsExactly("acme", "globex");
        assertThat(read.accounts().get(0).settings().intervals().devices()).isEqualTo(Duration.ofMinutes(1));
        assertThat(read.rejected()).extracting(RejectedAccount::name).containsExactly("broken", "cut", "twin");
        assertThat(read.rejected().get(0).faults().get(0).toString())
                .startsWith(accounts.resolve("broken.yaml") + ":2 token_file: expected a file with the secret in it");
    }

    @Test
    void removedAccountsAreKeptUnlessSaidOtherwise() throws IOException {
        Configuration read = read(
                "removed_accounts: [{id: sold, on_removal: retract}, {id: asleep}, {id: kept, on_removal: keep}]",
                Map.of(),
                Part.ALL);
        assertThat(read.accounts()).as("the last account may be removed").isEmpty();
        assertThat(read.removed())
                .containsExactly(
                        new RemovedAccount("sold", OnRemoval.RETRACT),
                        new RemovedAccount("asleep", OnRemoval.KEEP),
                        new RemovedAccount("kept", OnRemoval.KEEP));
        assertThat(read("removed_accounts: [{id: Wrong}]", Map.of(), Set.of(Part.SINK))
                        .removed())
                .as("not the sink's business")
                .isEmpty();
    }

    /** Else a file that is being mended would let the data of its account be retracted. */
    @Test
    void anAccountOfTheFolderThatIsRemovedIsAFaultEvenWhereItsFileIsFaultyToo() throws IOException {
        Path accounts = Files.createDirectory(folder.resolve("accounts.d"));
        Files.writeString(accounts.resolve("acme.yaml"), "api_url: acme.api.kandji.io\ntoken_file: absent");
        assertThatThrownBy(() -> read(
                        "accounts_dir: accounts.d\nremoved_accounts: [{id: acme, on_removal: retract}]",
                        Map.of(),
                        Part.ALL))
                .hasMessageContaining(":2 removed_accounts[0].id: expected an account that is not configured any more");
    }

    @Test
    void anAccountIsAsBeforeWhileItsTokenComesFromTheSamePlace() throws IOException {
        Files.writeString(folder.resolve("a"), "one");
        Files.writeString(folder.resolve("b"), "one");
        String yaml = "accounts: [{id: acme, api_url: acme.api.kandji.io, %s}]";
        AccountConfig before = account(yaml.formatted("token_file: a"));
        Files.writeString(folder.resolve("a"), "renewed");
        assertThat(account(yaml.formatted("token_file: a"))).isEqualTo(before);
        assertThat(before.token().get().value()).isEqualTo("renewed");
        assertThat(account(yaml.formatted("token_file: b"))).isNotEqualTo(before);
        AccountConfig inline = account(yaml.formatted("token: one"));
        assertThat(inline).isNotEqualTo(before);
        assertThat(account(yaml.formatted("token: one"))).isEqualTo(inline);
        assertThat(account(yaml.formatted("token: two"))).isNotEqualTo(inline);
        assertThat(inline.toString()).doesNotContain("one");
    }

    private AccountConfig account(String yaml) throws IOException {
        return read(yaml, Map.of(), Part.ALL).accounts().get(0);
    }

    @Test
    void aServiceDoesNotLookAtWhatItDoesNotNeed() throws IOException {
        String shared = """
                accounts: [{id: acme, api_url: acme.api.kandji.io, token_file: /run/secrets/not-here}]
                poller: {devices_interval: 5m}
                postgres: {url: "jdbc:postgresql://h/d", user: u, password: p}
                """;
        Configuration read = read(shared, Map.of("KANDJI_STREAM_ACCOUNTS_ACME_TOKEN", ""), Set.of(Part.SINK));
        assertThat(read.accounts()).isEmpty();
        assertThat(read.postgres()).isPresent();
        assertThat(read(
                                "accounts: [{id: a, api_url: a.api.kandji.io, token: x}]\npostgres: {password_file: absent}",
                                Map.of(),
                                Set.of(Part.POLLER))
                        .postgres())
                .isEmpty();
    }

    @Test
    void relativePathsStartAtTheFileThatNamesThem() throws IOException {
        Configuration read =
                read("data_dir: here\naccounts: [{id: a, api_url: a.api.kandji.io, token: x}]", Map.of(), Part.ALL);
        assertThat(read.dataDir()).isEqualTo(folder.toAbsolutePath().resolve("here"));
        assertThat(read(
                                "accounts: [{id: a, api_url: a.api.kandji.io, token: x}]",
                                Map.of("KANDJI_STREAM_DATA_DIR", "there"),
                                Part.ALL)
                        .dataDir())
                .isEqualTo(Path.of("there"));
    }

    @Test
    void whatKubernetesSetsForAServiceOfOurNameIsNoFault() throws IOException {
        Map<String, String> injected = new HashMap<>();
        injected.put("KANDJI_STREAM_SERVICE_HOST", "10.0.0.1");
        injected.put("KANDJI_STREAM_SERVICE_PORT", "8080");
        injected.put("KANDJI_STREAM_SERVICE_PORT_OPS", "8080");
        injected.put("KANDJI_STREAM_PORT", "tcp://10.0.0.1:8080");
        injected.put("KANDJI_STREAM_PORT_8080_TCP_ADDR", "10.0.0.1");
        injected.put("KANDJI_STREAM_KAFKA_SERVICE_HOST", "10.0.0.2");
        Configuration read = read("accounts: [{id: a, api_url: a.api.kandji.io, token: x}]", injected, Part.ALL);
        assertThat(read.kafka()).isEmpty();
    }

    private Configuration read(String yaml, Map<String, String> environment, Set<Part> parts) throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), yaml);
        return ConfigReader.read(Optional.of(file), environment, parts);
    }
}
