package dev.kandjistream.standalone.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.standalone.run.DataDirectory.InUseException;
import dev.kandjistream.standalone.run.DataDirectory.Use;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path folder;

    @Test
    void twoDoNotShareOne() {
        try (DataDirectory held = DataDirectory.open(folder.resolve("data"), Use.UP)) {
            assertThatThrownBy(() -> DataDirectory.open(held.path(), Use.UP))
                    .isInstanceOf(InUseException.class)
                    .hasMessage("The data directory " + held.path() + " is in use by another kandji-stream (process "
                            + ProcessHandle.current().pid()
                            + "). Stop that one, or choose another with --data-dir.");
        }
    }

    @Test
    void itIsFreeAgainOnceClosed() {
        DataDirectory.open(folder, Use.UP).close();
        try (DataDirectory again = DataDirectory.open(folder, Use.UP)) {
            assertThat(again.path()).isEqualTo(folder.toAbsolutePath());
        }
    }

    @Test
    void demoAndRealAccountsAreNotMixed() {
        DataDirectory.open(folder, Use.DEMO).close();
        assertThatThrownBy(() -> DataDirectory.open(folder, Use.UP))
                .isInstanceOf(InUseException.class)
                .hasMessageContaining("holds the data of a demo, which must not be mixed with real accounts'");
        DataDirectory.open(folder, Use.DEMO).close();
    }

    @Test
    void aFolderThatDoesNotExistIsMade() {
        Path deep = folder.resolve("a/b/c");
        DataDirectory.open(deep, Use.DEMO).close();
        assertThat(Files.isDirectory(deep)).isTrue();
    }
}
