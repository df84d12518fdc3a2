package dev.kandjistream.posture.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.config.ConfigException;
import dev.kandjistream.posture.domain.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyFileTest {
    private static final String ONE = "rules: [{name: one, when: true, outcome: deny}]";
    private static final String TWO = "rules: [{name: two, when: true, outcome: allow}]";

    @TempDir
    private Path folder;

    private Path path;
    private PolicyFile file;

    @BeforeEach
    void open() throws IOException {
        path = Files.writeString(folder.resolve("policy.yml"), ONE);
        file = PolicyFile.open(path);
    }

    @AfterEach
    void close() {
        file.close();
    }

    @Test
    void aChangeIsTakenWhenItHasStoodForAMoment() throws IOException {
        Files.writeString(path, TWO);
        file.look();
        assertThat(nameOf(file.get())).as("somebody may still be writing").isEqualTo("one");
        file.look();
        assertThat(nameOf(file.get())).isEqualTo("two");
        assertThat(file.get().version()).isEqualTo(PolicyReader.version(TWO));
        assertThat(file.fault()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rules: [{name: two, when: tru",
                "rules: [{name: two, when: nonsense, outcome: allow}]",
                "rules: [{name: two, when: true, outcome: allow}, {name: two, when: false, outcome: deny}]",
                "\u0000\u0001\u0002",
            })
    void aBrokenFileNeverReplacesAWorkingOne(String broken) throws IOException {
        Policy before = file.get();
        Files.writeString(path, broken);
        lookTwice();
        assertThat(file.get()).isSameAs(before);
        assertThat(file.fault()).hasValueSatisfying(text -> assertThat(text)
                .contains(path.toString(), "decisions go by version " + before.version()));
    }

    @Test
    void aFileThatIsGoneOrNoTextLeavesThePolicyInPlace() throws IOException {
        Policy before = file.get();
        Files.delete(path);
        lookTwice();
        assertThat(file.get()).isSameAs(before);
        assertThat(file.fault()).hasValueSatisfying(text -> assertThat(text).contains("no such file"));

        Files.write(path, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        lookTwice();
        assertThat(file.get()).isSameAs(before);
        assertThat(file.fault()).hasValueSatisfying(text -> assertThat(text).contains("cannot be read"));
    }

    @Test
    void onceMendedAllIsWell() throws IOException {
        Files.writeString(path, "rules:");
        lookTwice();
        assertThat(file.fault()).isPresent();

        Files.writeString(path, ONE);
        lookTwice();
        assertThat(file.fault()).isEmpty();
        assertThat(nameOf(file.get())).isEqualTo("one");
    }

    @Test
    void aSymbolicLinkThatPointsElsewhereIsAChange() throws IOException {
        Path first = Files.writeString(folder.resolve("first"), ONE);
        Path second = Files.writeString(folder.resolve("second"), TWO);
        Path link = Files.createSymbolicLink(folder.resolve("link"), first);
        try (PolicyFile linked = PolicyFile.open(link)) {
            Files.delete(link);
            Files.createSymbolicLink(link, second);
            linked.look();
            linked.look();
            assertThat(nameOf(linked.get())).isEqualTo("two");
        }
    }

    @Test
    void itIsWatched() throws IOException {
        file.watch(Duration.ofMillis(5));
        Files.writeString(path, TWO);
        Instant patience = Instant.now().plusSeconds(20);
        while (!nameOf(file.get()).equals("two") && Instant.now().isBefore(patience)) {
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
        assertThat(nameOf(file.get())).isEqualTo("two");
    }

    @Test
    void thereIsNoBeginningWithoutAPolicy() {
        assertThatThrownBy(() -> PolicyFile.open(folder.resolve("absent.yml")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("The policy has a fault:")
                .hasMessageContaining("absent.yml: expected a policy: a file of YAML in UTF-8, found no such file");
    }

    private void lookTwice() {
        file.look();
        file.look();
    }

    private static String nameOf(Policy policy) {
        return policy.rules().get(0).name();
    }
}
