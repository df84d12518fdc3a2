package dev.kandjistream.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kandjistream.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostureReaderTest {
    private static final Set<Part> ALONE = Set.of(Part.POSTURE);

    @TempDir
    Path folder;

    @BeforeEach
    void files() throws IOException {
        Files.writeString(folder.resolve("policy.yml"), "");
        Files.writeString(folder.resolve("tokens.yml"), "");
        Files.writeString(folder.resolve("cert.pem"), "");
    }

    @Test
    void withoutASectionThereIsNoPosture() {
        assertThat(read("", ALONE).posture()).isEmpty();
    }

    @Test
    void twoFilesAreEnough() {
        PostureSettings settings = settings("posture: {policy: policy.yml, tokens: tokens.yml}");

        assertThat(settings.policy()).isEqualTo(folder.resolve("policy.yml"));
        assertThat(settings.host()).isEqualTo("127.0.0.1");
        assertThat(settings.port()).isEqualTo(8480);
        assertThat(settings.tls()).isEmpty();
        assertThat(settings.live()).isEmpty();
        assertThat(settings.allowedAge("acme")).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void placeholdersOfSerialNumbersReplaceTheDefaultOnes() {
        assertThat(read("", ALONE).serials()).isEqualTo(SerialSettings.DEFAULT);

        SerialSettings serials =
                read("placeholder_serials: [\"Not Known\", VM-0]", ALONE).serials();
        assertThat(serials.serialNumbers().isPlaceholder("NOT  KNOWN")).isTrue();
        assertThat(serials.serialNumbers().isPlaceholder("To Be Filled By O.E.M."))
                .isFalse();
        assertThat(serials.serialNumbers().isPlaceholder("0000")).isTrue();
    }

    @Test
    void anAccountMayBeOlderThanTheOthers() {
        PostureSettings settings = settings(
                "posture: {policy: policy.yml, tokens: tokens.yml, allowed_age: 30m, allowed_ages: {globex-eu: 6h}}");

        assertThat(settings.allowedAge("globex-eu")).isEqualTo(Duration.ofHours(6));
        assertThat(settings.allowedAge("acme")).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void anAccountsAgeMayStandInAVariable() {
        var variables = Map.of("KANDJI_STREAM_POSTURE_ALLOWED_AGES_GLOBEX_EU", "6h");
        Path file = write("posture: {policy: policy.yml, tokens: tokens.yml}");

        assertThat(ConfigReader.read(Optional.of(file), variables, ALONE)
                        .posture()
                        .orElseThrow()
                        .allowedAge("globex-eu"))
                .isEqualTo(Duration.ofHours(6));
    }

    @Test
    void tokensOfAccountsAreReadOnlyWhereTheirApisMayBeAsked() {
        String posture = "posture: {policy: policy.yml, tokens: tokens.yml, live_lookup: LIVE}\n"
                + "accounts: [{id: acme, api_url: acme.api.kandji.io, token_file: not-for-us}]\n";

        assertThat(read(posture.replace("LIVE", "false"), ALONE).accounts()).isEmpty();
        assertThat(faults(posture.replace("LIVE", "true"))).contains("accounts[0].token_file");
    }

    @Test
    void othersReachItOnlyByTlsUnlessThatIsSaid() {
        String open = "posture: {policy: policy.yml, tokens: tokens.yml, host: 0.0.0.0";

        assertThat(faults(open + "}"))
                .contains(":1 posture.host: expected TLS for what others can reach, found plain HTTP on \"0.0.0.0\"");
        assertThat(settings(open + ", allow_http: true}").host()).isEqualTo("0.0.0.0");
        assertThat(settings(open + ", tls_certificate: cert.pem, tls_key: cert.pem}")
                        .tls())
                .isPresent();
    }

    @Test
    void everyFaultIsNamed() {
        assertThat(faults("""
                        posture:
                          tokens: none.yml
                          tls_certificate: cert.pem
                          allowed_age: 1s
                          allowed_ages: {acme: soon}
                          live: true
                        """))
                .contains("posture.policy: expected a path, found nothing; the policy's file")
                .contains(":2 posture.tokens: expected a file that can be read, found no file ")
                .contains("posture.tls_key: expected a path, found nothing; both files in PEM form, or neither")
                .contains(":4 posture.allowed_age: expected a time of at least 1m")
                .contains(":5 posture.allowed_ages: expected a time of at least 1m, such as 5m, 6h or PT5M,"
                        + " found \"soon\" for acme")
                .contains(":6 posture.live: expected a key that is known");
    }

    @Test
    void anEmptySectionOfPostureLacksItsFilesAndSaysSo() {
        String message = catchThrowableOfType(
                        ConfigException.class, () -> read("posture: {}", ALONE).requirePosture())
                .getMessage();
        assertThat(message)
                .contains("posture.policy: expected the policy's file, found nothing; posture needs it;"
                        + " set the key or KANDJI_STREAM_POSTURE_POLICY; kandji-stream policy show managed prints one")
                .contains("posture.tokens: expected the file of who may ask, found nothing; posture needs it;"
                        + " set the key or KANDJI_STREAM_POSTURE_TOKENS; posture/README.md shows one");
        assertThat(message.lines().filter(line -> line.contains("posture.policy")))
                .noneMatch(line -> line.contains("embeds"));
    }

    @Test
    void whatPostureAloneLacksIsToldAtOnce() {
        assertThat(catchThrowableOfType(
                                ConfigException.class, () -> read("{}", ALONE).requirePosture())
                        .getMessage())
                .contains("kafka.bootstrap_servers: ", "schema_registry.url: ", "posture.policy: ", "posture.tokens: ");
    }

    private PostureSettings settings(String yaml) {
        return read(yaml, ALONE).posture().orElseThrow();
    }

    private String faults(String yaml) {
        return catchThrowableOfType(ConfigException.class, () -> read(yaml, ALONE))
                .getMessage();
    }

    private Configuration read(String yaml, Set<Part> parts) {
        return ConfigReader.read(Optional.of(write(yaml)), Map.of(), parts);
    }

    private Path write(String yaml) {
        try {
            return Files.writeString(folder.resolve("kandji-stream.yml"), yaml);
        } catch (IOException fault) {
            throw new java.io.UncheckedIOException("The test's file cannot be written", fault);
        }
    }
}
