package dev.kandjistream.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.kandjistream.poller.AccountConfig;
import dev.kandjistream.poller.AccountList;
import dev.kandjistream.poller.RemovedAccount;
import dev.kandjistream.poller.RemovedAccount.OnRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a running service makes of a configuration that changes under it. */
class WatchedAccountsTest {
    private static final String ACME = "- {id: acme, api_url: acme.api.kandji.io, token: x}\n";
    private static final String GLOBEX = "- {id: globex, api_url: globex.api.kandji.io, token: x}\n";

    @TempDir
    Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Path file;
    private WatchedAccounts watched;

    @BeforeEach
    void listen() {
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(WatchedAccounts.class);
        // A command that only asks turns the log off for the whole JVM.
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        ((Logger) LoggerFactory.getLogger(WatchedAccounts.class)).detachAppender(log);
    }

    private void start(String yaml) throws IOException {
        file = folder.resolve("config.yml");
        write(yaml);
        var source = new ConfigSource(Optional.of(file), Map.of(), Set.of(Part.POLLER));
        watched = new WatchedAccounts(source, source.read());
    }

    private void write(String yaml) throws IOException {
        Files.writeString(file, yaml);
    }

    /** Looks until a change that is there has been seen for long enough. */
    private Optional<AccountList> changed() {
        Optional<AccountList> first = watched.changed();
        assertThat(first).as("what may still be written").isEmpty();
        return watched.changed();
    }

    private List<String> ids() {
        return changed().orElseThrow().polled().stream().map(AccountConfig::id).toList();
    }

    private List<String> lines() {
        return log.list.stream()
                .map(line -> line.getLevel() + " " + line.getFormattedMessage() + " " + line.getKeyValuePairs())
                .toList();
    }

    @Test
    void nothingIsToldWhileNothingChanges() throws IOException {
        start("accounts:\n" + ACME);
        for (int i = 0; i < 5; i++) {
            assertThat(watched.changed()).isEmpty();
        }
        write("# a remark\naccounts:\n" + ACME);
        assertThat(changed()).isEmpty();
        assertThat(lines()).isEmpty();
    }

    @Test
    void accountsComeAndGoWithTheFile() throws IOException {
        start("accounts:\n" + ACME);
        write("accounts:\n" + ACME + GLOBEX);
        assertThat(ids()).containsExactly("acme", "globex");
        write("accounts:\n" + GLOBEX + "removed_accounts: [{id: acme, on_removal: retract}]");
        AccountList list = changed().orElseThrow();
        assertThat(list.polled()).extracting(AccountConfig::id).containsExactly("globex");
        assertThat(list.removed()).containsExactly(new RemovedAccount("acme", OnRemoval.RETRACT));
    }

    /** A change between the reading at the start and the first look is one too. */
    @Test
    void aChangeBeforeTheFirstLookIsFound() throws IOException {
        start("accounts:\n" + ACME);
        write("accounts:\n" + ACME + GLOBEX);
        assertThat(ids()).containsExactly("acme", "globex");
    }

    @Test
    void settingsOfAllAccountsAreSettingsOfEach() throws IOException {
        start("accounts:\n" + ACME);
        write("accounts:\n" + ACME + "poller: {devices_interval: 1m}");
        assertThat(changed()
                        .orElseThrow()
                        .polled()
                        .get(0)
                        .settings()
                        .intervals()
                        .devices())
                .hasMinutes(1);
        assertThat(lines()).isEmpty();
    }

    @Test
    void aFileThatIsBeingWrittenIsNotReadYet() throws IOException {
        start("accounts:\n" + ACME + GLOBEX);
        watched.changed();
        watched.changed();
        write("accounts:\n" + ACME);
        assertThat(watched.changed()).isEmpty();
        write("accounts:\n" + ACME + GLOBEX + "  \n");
        assertThat(changed()).isEmpty();
    }

    @Test
    void aBrokenFileIsToldOnceWithAllFaultsAndReplacesNothing() throws IOException {
        start("accounts:\n" + ACME);
        write("accounts:\n- {id: Acme, api_url: acme.api.kandji.io, token: s3cret}\npoller: {misses: none}");
        assertThat(changed()).isEmpty();
        assertThat(changed()).isEmpty();
        assertThat(lines()).singleElement().satisfies(line -> assertThat(line)
                .startsWith("ERROR The changed configuration is at fault; the accounts configured before are polled on")
                .contains(file + ":2 accounts[0].id")
                .contains(file + ":3 poller.misses")
                .doesNotContain("s3cret"));
        write("accounts: [");
        assertThat(changed()).isEmpty();
        assertThat(lines()).hasSize(2);
        Files.delete(file);
        assertThat(changed()).isEmpty();
        assertThat(lines()).hasSize(3).last().asString().contains("no such file");
        write("accounts:\n" + ACME);
        assertThat(changed()).as("as it was all the time").isEmpty();
        assertThat(lines()).hasSize(3);
    }

    @Test
    void aFaultThatAnotherFileMendsIsNoticed() throws IOException {
        start("accounts:\n" + ACME);
        write("accounts:\n- {id: acme, api_url: acme.api.kandji.io, token_file: to-come}");
        assertThat(changed()).isEmpty();
        Files.writeString(folder.resolve("to-come"), "t0ken");
        assertThat(watched.changed().orElseThrow().polled().get(0).token().get().value())
                .isEqualTo("t0ken");
        assertThat(lines()).hasSize(1);
    }

    @Test
    void whatIsNotFollowedIsSaidInOneLine() throws IOException {
        start("accounts:\n" + ACME);
        write("accounts:\n" + ACME + GLOBEX + "kafka: {topic_prefix: other}\nlog: {level: DEBUG}");
        assertThat(ids()).containsExactly("acme", "globex");
        write("accounts:\n" + ACME + "kafka: {topic_prefix: other}\nlog: {level: DEBUG}");
        assertThat(ids()).containsExactly("acme");
        assertThat(lines()).singleElement().satisfies(line -> assertThat(line)
                .startsWith("WARN Changed settings are not used before a restart; only accounts are followed")
                .contains("kafka, log"));
        write("accounts:\n" + ACME);
        assertThat(changed()).isEmpty();
        assertThat(lines()).as("it is as it was started").hasSize(1);
    }

    @Test
    void accountsOfTheFolderComeAndGoWithTheirFiles() throws IOException {
        Path accounts = Files.createDirectory(folder.resolve("accounts.d"));
        start("accounts_dir: accounts.d");
        Files.writeString(accounts.resolve("acme.yml"), "{api_url: acme.api.kandji.io, token: x}");
        Files.writeString(accounts.resolve("globex.yml"), "{api_url: globex.api.kandji.io, token: x}");
        assertThat(ids()).containsExactly("acme", "globex");
        Files.delete(accounts.resolve("globex.yml"));
        assertThat(ids()).containsExactly("acme");
    }

    @Test
    void whileAFileOfTheFolderIsFaultyNobodyIsGivenUpUnlessRemoved() throws IOException {
        Path accounts = Files.createDirectory(folder.resolve("accounts.d"));
        Files.writeString(accounts.resolve("acme.yml"), "{api_url: acme.api.kandji.io, token: x}");
        Files.writeString(accounts.resolve("globex.yml"), "{api_url: globex.api.kandji.io, token: x}");
        Files.writeString(accounts.resolve("sold.yml"), "{api_url: sold.api.kandji.io, token: x}");
        start("accounts_dir: accounts.d");
        Files.writeString(accounts.resolve("acme.yml"), "{api_url: acme.api.kandji.io");
        Files.delete(accounts.resolve("sold.yml"));
        Files.writeString(accounts.resolve("new.yml"), "{api_url: new.api.kandji.io, token: x}");
        write("accounts_dir: accounts.d\nremoved_accounts: [{id: sold}]");
        assertThat(ids()).containsExactly("globex", "new", "acme");
        assertThat(changed()).isEmpty();
        assertThat(lines()).singleElement().asString().startsWith("ERROR Files of accounts_dir are at fault");
        Files.delete(accounts.resolve("acme.yml"));
        assertThat(ids()).containsExactly("globex", "new");
    }
}
