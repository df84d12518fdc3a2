package dev.kandjistream.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountIdsTest {
    @TempDir
    Path folder;

    @Test
    void idsComeFromListFolderAndVariablesThoughNothingElseOfThemCanBeRead() throws IOException {
        Path accounts = Files.createDirectory(folder.resolve("accounts"));
        Files.writeString(accounts.resolve("globex.yml"), "token_file: /nowhere\n");
        Files.writeString(accounts.resolve("other.yaml"), "id: initech\n");
        Files.writeString(accounts.resolve("broken.yml"), "id: [");
        Path file = Files.writeString(folder.resolve("kandji.yml"), """
                accounts: [{ id: acme, token_file: /nowhere, no_such_key: 1 }, { api_url: x }]
                accounts_dir: accounts
                """);
        assertThat(AccountIds.read(
                        Optional.of(file),
                        Map.of(
                                "KANDJI_STREAM_ACCOUNTS_UMBRELLA_CORP_API_URL", "x",
                                "KANDJI_STREAM_ACCOUNTS_ACME_API_URL", "y")))
                .containsExactlyInAnyOrder("acme", "globex", "initech", "broken", "umbrella-corp");
    }

    @Test
    void whatCannotBeReadNamesNone() {
        assertThat(AccountIds.read(Optional.of(folder.resolve("nowhere.yml")), Map.of()))
                .isEmpty();
        assertThat(AccountIds.read(Optional.empty(), Map.of("KANDJI_STREAM_ACCOUNTS_DIR", "/nowhere")))
                .isEmpty();
    }
}
