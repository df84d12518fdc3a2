package dev.kandjistream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
    @Test
    void keepsRowsOverARestartOnAnotherPort(@TempDir Path directory) throws Exception {
        try (var postgres = EmbeddedPostgres.start(directory)) {
            write(postgres, "kept");
        }
        try (var again = EmbeddedPostgres.start(directory, FreePort.find())) {
            assertThat(read(again)).isEqualTo("kept");
            assertThat(setting(again, "fsync")).isEqualTo("on");
        }
    }

    @Test
    void directoryInUseIsRefused(@TempDir Path directory) throws Exception {
        try (var postgres = EmbeddedPostgres.start(directory)) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(directory))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in use")
                    .hasMessageContaining(directory.toString());
            write(postgres, "the first one goes on");
        }
    }

    /** A killed JVM cannot stop its server: another JVM starts it here and is killed. */
    @Test
    void serverThatAKilledJvmLeftBehindIsReplaced(@TempDir Path directory) throws Exception {
        var orphan = startInAJvmThatIsKilled(directory, 0);
        assertThat(orphan.isAlive()).isTrue();

        try (var postgres = EmbeddedPostgres.start(directory)) {
            assertThat(orphan.isAlive()).isFalse();
            assertThat(read(postgres)).isEqualTo("from the killed one");
        }
    }

    /** Its port is the configured one, and must not be taken for somebody else's. */
    @Test
    void portOfAServerThatAKilledJvmLeftBehindIsTakenAgain(@TempDir Path directory) throws Exception {
        int port = FreePort.find();
        var orphan = startInAJvmThatIsKilled(directory, port);
        assertThat(FreePort.isFree(port)).isFalse();

        try (var postgres = EmbeddedPostgres.startPreferring(directory, port)) {
            assertThat(orphan.isAlive()).isFalse();
            assertThat(postgres.jdbcUrl()).isEqualTo(EmbeddedPostgres.jdbcUrl(port));
            assertThat(read(postgres)).isEqualTo("from the killed one");
        }
    }

    @Test
    void portOfAServerThatAKilledJvmLeftBehindIsAlsoTakenWhereNoOtherWillDo(@TempDir Path directory) throws Exception {
        int port = FreePort.find();
        startInAJvmThatIsKilled(directory, port);
        try (var postgres = EmbeddedPostgres.start(directory, port)) {
            assertThat(postgres.jdbcUrl()).isEqualTo(EmbeddedPostgres.jdbcUrl(port));
        }
    }

    @Test
    void portOfSomebodyElseGivesWayAtOnce(@TempDir Path directory) throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var postgres = EmbeddedPostgres.startPreferring(directory, other.getLocalPort())) {
            assertThat(postgres.jdbcUrl()).isNotEqualTo(EmbeddedPostgres.jdbcUrl(other.getLocalPort()));
            write(postgres, "works");
        }
    }

    @Test
    void portOfSomebodyElseIsRefusedWhereNoOtherWillDo(@TempDir Path directory) throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(directory, other.getLocalPort()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("port=" + other.getLocalPort());
        }
        EmbeddedPostgres.start(directory).close();
    }

    @Test
    void processIdThatBelongsToSomebodyElseNowIsIgnored(@TempDir Path directory) throws Exception {
        try (var postgres = EmbeddedPostgres.start(directory)) {
            write(postgres, "kept");
            Files.copy(pidFile(directory), directory.resolve("saved.pid"));
        }
        String others = Files.readString(directory.resolve("saved.pid"))
                .replaceFirst("\\d+", String.valueOf(ProcessHandle.current().pid()));
        Files.writeString(pidFile(directory), others);

        try (var again = EmbeddedPostgres.start(directory)) {
            assertThat(read(again)).isEqualTo("kept");
        }
    }

    @Test
    void layoutCutShortByACrashIsLaidOutAnew(@TempDir Path directory) throws Exception {
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("data/postgresql.conf"), "# as far as it came");

        try (var postgres = EmbeddedPostgres.start(directory)) {
            write(postgres, "works");
        }
    }

    /** What {@link #startInAJvmThatIsKilled} runs. */
    static final class Victim {
        public static void main(String[] arguments) throws Exception {
            var postgres = EmbeddedPostgres.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
            write(postgres, "from the killed one");
            System.out.println("written");
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    private static ProcessHandle startInAJvmThatIsKilled(Path directory, int port)
            throws IOException, InterruptedException {
        var victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        directory.toString(),
                        String.valueOf(port))
                .redirectErrorStream(true)
                .start();
        try (var output = victim.inputReader()) {
            assertThat(output.lines().anyMatch("written"::equals)).isTrue();
        } finally {
            victim.destroyForcibly();
            assertThat(victim.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        long pid = Long.parseLong(Files.readAllLines(pidFile(directory)).get(0));
        return ProcessHandle.of(pid).orElseThrow();
    }

    private static Path pidFile(Path directory) {
        return directory.resolve("data/postmaster.pid");
    }

    private static void write(EmbeddedPostgres postgres, String text) throws SQLException {
        try (var connection = connect(postgres);
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE note (text text)");
            statement.execute("INSERT INTO note VALUES ('" + text + "')");
        }
    }

    private static String read(EmbeddedPostgres postgres) throws SQLException {
        return ask(postgres, "SELECT text FROM note");
    }

    private static String setting(EmbeddedPostgres postgres, String name) throws SQLException {
        return ask(postgres, "SHOW " + name);
    }

    private static String ask(EmbeddedPostgres postgres, String query) throws SQLException {
        try (var connection = connect(postgres);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }
}
