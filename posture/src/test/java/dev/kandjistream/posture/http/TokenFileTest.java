package dev.kandjistream.posture.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.kandjistream.config.ConfigException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class TokenFileTest {
    /** By sha256sum of {@code one} and {@code two}. */
    private static final String ONE = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";

    private static final String TWO = "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3";
    private static final String OF_ONE = "tokens:\n  - { name: sign-in, sha256: \"" + ONE + "\", scopes: [decide] }\n";
    private static final String OF_TWO = "tokens:\n  - { name: audit, sha256: \""
            + TWO.toUpperCase(java.util.Locale.ROOT) + "\", scopes: [decide, read] }\n";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(TokenFile.class);

    @TempDir
    private Path folder;

    @AfterEach
    void detach() {
        logger.detachAppender(log);
    }

    @Test
    void aTokenIsKnownByItsDigest() throws IOException {
        try (TokenFile tokens = open(OF_ONE + OF_TWO.substring(8))) {
            assertThat(tokens.clientOf("one")).contains(new Client("sign-in", Set.of(Scope.DECIDE)));
            assertThat(tokens.clientOf("two")).contains(new Client("audit", Set.of(Scope.DECIDE, Scope.READ)));
            assertThat(tokens.clientOf("One")).isEmpty();
            assertThat(tokens.clientOf("one ")).isEmpty();
            assertThat(tokens.clientOf("")).isEmpty();
            assertThat(tokens.clientOf(ONE)).as("the digest is no token").isEmpty();
        }
    }

    @Test
    void allFaultsAreToldWithTheirLinesAndNoSecret() {
        assertThatThrownBy(() -> open("""
                        tokens:
                          - { name: "s3cret-token!", sha256: s3cret-token, scopes: [decide, write] }
                          - { sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855, scopes: [] }
                          - { name: a, sha256: "%s", scopes: [read], token: s3cret-token }
                          - { name: a, sha256: "%s", scopes: [read] }
                        """.formatted(ONE, ONE)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(
                        "The list of tokens has 9 faults:",
                        "tokens.yml:2 tokens[0].name: expected 1 to 64 letters",
                        "tokens.yml:2 tokens[0].sha256: expected 64 hex digits, the token's SHA-256, found [hidden]",
                        "tokens.yml:2 tokens[0].scopes: expected decide, read or both, found \"write\"",
                        "tokens.yml:3 tokens[1].name: expected",
                        "tokens.yml:3 tokens[1].sha256: expected the digest of a token, found that of nothing",
                        "tokens.yml:3 tokens[1].scopes: expected",
                        "tokens.yml:4 tokens[2].token: expected a key that is known",
                        "tokens.yml:5 tokens[3].name: expected one of its own, found that of tokens[2]",
                        "tokens.yml:5 tokens[3].sha256: expected one of its own, found that of tokens[2]")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void tokensThemselvesAreNeitherTakenNorShown() {
        assertThatThrownBy(() -> open("tokens:\n  - s3cret-token\n"))
                .hasMessageContaining("tokens.yml:2 tokens: expected name, sha256 and scopes, found [hidden]")
                .hasMessageNotContaining("s3cret");
        assertThatThrownBy(() -> open("tokens: s3cret-token\n"))
                .hasMessageContaining("found [hidden]")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void aListOfNobodyIsAFault() {
        assertThatThrownBy(() -> open("tokens: []\n")).hasMessageContaining("expected at least one token, found none");
        assertThatThrownBy(() -> open("")).hasMessageContaining("expected at least one token, found none");
    }

    @Test
    void aFileThatIsNotThereIsAFault() {
        assertThatThrownBy(() -> TokenFile.open(folder.resolve("none.yml"), registry))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("none.yml: expected a file of YAML in UTF-8, found no such file");
    }

    @Test
    void aChangeIsFollowed() throws IOException {
        try (TokenFile tokens = open(OF_ONE)) {
            write(OF_TWO);

            await(() -> tokens.clientOf("two").isPresent());

            assertThat(tokens.clientOf("one")).isEmpty();
            assertThat(sound()).isOne();
        }
    }

    @Test
    void aBrokenOrMissingFileLeavesTheTokensInPlace() throws IOException {
        listen();
        try (TokenFile tokens = open(OF_ONE)) {
            write("tokens:\n  - { name: sign-in, sha256: s3cret-token }\n");
            await(() -> sound() == 0);
            assertThat(tokens.clientOf("one")).isPresent();

            write(OF_ONE);
            await(() -> sound() == 1);

            Files.delete(folder.resolve("tokens.yml"));
            await(() -> sound() == 0);
            assertThat(tokens.clientOf("one")).isPresent();

            write(OF_TWO);
            await(() -> sound() == 1);
            assertThat(tokens.clientOf("two")).isPresent();
        }
        assertThat(log.list.stream().filter(line -> line.getLevel().toString().equals("WARN")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line.getKeyValuePairs().toString())
                        .contains("tokens.yml")
                        .doesNotContain("s3cret"));
    }

    private TokenFile open(String text) throws IOException {
        write(text);
        return TokenFile.open(folder.resolve("tokens.yml"), registry, Duration.ofMillis(5));
    }

    /** At once: half a file would be one more fault. */
    private void write(String text) throws IOException {
        Path whole = folder.resolve("tokens.new");
        Files.writeString(whole, text);
        Files.move(whole, folder.resolve("tokens.yml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private double sound() {
        return registry.get("posture.tokens.sound").gauge().value();
    }

    private void listen() {
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
    }

    /** Looks are a few milliseconds apart; a machine may be busy. */
    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
