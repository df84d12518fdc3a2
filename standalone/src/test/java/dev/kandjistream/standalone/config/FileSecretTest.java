package dev.kandjistream.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSecretTest {
    @TempDir
    Path folder;

    @Test
    void whiteSpaceAroundTheSecretIsIgnored() throws IOException {
        assertThat(FileSecret.of(write("  s3cret \n")).get().value()).isEqualTo("s3cret");
    }

    @Test
    void aSecretThatWasChangedIsReadAgain() throws IOException {
        FileSecret secret = FileSecret.of(write("first1"));
        write("second");
        assertThat(secret.get().value()).isEqualTo("second");
    }

    @Test
    void whileTheFileIsMissingOrEmptyTheLastValueStands() throws IOException {
        FileSecret secret = FileSecret.of(write("first"));
        Files.delete(folder.resolve("token"));
        assertThat(secret.get().value()).isEqualTo("first");
        write("\n");
        assertThat(secret.get().value()).isEqualTo("first");
    }

    @Test
    void itCannotBePrinted() throws IOException {
        FileSecret secret = FileSecret.of(write("s3cret"));
        assertThat(secret.toString() + secret.get()).doesNotContain("s3cret");
    }

    @Test
    void aMissingFileIsRefusedByName() {
        assertThatThrownBy(() -> FileSecret.of(folder.resolve("absent")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no file " + folder.resolve("absent"));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("token"), text);
    }
}
