package dev.kandjistream.embedded;

import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL server as a child process, loopback only, with one database {@value #DATABASE}.
 *
 * <p>The directory keeps the data; starting on it again continues, on the same port or another. A server that a killed
 * JVM left behind is stopped first. Whoever may connect to the loopback address may use it: no password is asked.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final String DATABASE = "kandji";
    public static final String USER = "postgres";
    /** Empty: none is asked. */
    public static final String PASSWORD = "";

    private static final String HOST = "127.0.0.1";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final String INSTEAD =
            "Or use a PostgreSQL of your own: set postgres.url, postgres.user and its password.";

    private final io.zonky.test.db.postgres.embedded.EmbeddedPostgres server;
    private final PostgresDirectory directory;

    private EmbeddedPostgres(io.zonky.test.db.postgres.embedded.EmbeddedPostgres server, PostgresDirectory directory) {
        this.server = server;
        this.directory = directory;
    }

    /** Starts on a free port; see {@link #start(Path, int)}. */
    public static EmbeddedPostgres start(Path directory) {
        return start(directory, 0);
    }

    /**
     * Starts and returns when the database takes connections: some seconds the first time on a machine (its programs
     * are unpacked) and on a directory (its data is laid out), about one later.
     *
     * @param directory created when missing
     * @param port on the loopback address; 0 takes a free one
     * @throws IllegalStateException when the directory or the port is in use, or the server cannot run here; the message says
     *     how to mend it
     */
    public static EmbeddedPostgres start(Path directory, int port) {
        return start(directory, own -> {
            if (port != 0 && !own.isFree(port)) {
                throw new IllegalStateException(
                        "The embedded PostgreSQL's port is taken. Stop who listens on it, or choose another. port="
                                + port);
            }
            return port == 0 ? FreePort.find() : port;
        });
    }

    /**
     * As {@link #start(Path, int)}, and takes a free port where another process listens on the wanted one. A server that a killed
     * JVM left on this directory is no other process: it is stopped before the port is looked at.
     */
    public static EmbeddedPostgres startPreferring(Path directory, int port) {
        return start(directory, own -> port != 0 && own.isFree(port) ? port : FreePort.find());
    }

    /** @param port chosen once nothing runs on the directory any more */
    private static EmbeddedPostgres start(Path directory, ToIntFunction<PostgresDirectory> port) {
        refuseWhereRootMayNotRunIt();
        try {
            var own = PostgresDirectory.claim(directory.toAbsolutePath());
            try {
                own.recover();
                return start(own, port.applyAsInt(own));
            } catch (RuntimeException | IOException e) {
                own.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Embedded PostgreSQL cannot use its directory. directory=" + directory.toAbsolutePath(), e);
        }
    }

    private static EmbeddedPostgres start(PostgresDirectory directory, int port) throws IOException {
        io.zonky.test.db.postgres.embedded.EmbeddedPostgres server;
        try {
            server = builder(directory, port).start();
        } catch (IOException | RuntimeException e) {
            directory.recover();
            throw new IllegalStateException(
                    "Embedded PostgreSQL did not start. " + INSTEAD + " port=" + port + " log=" + directory.log()
                            + " ending with:\n" + tail(directory.log()),
                    e);
        }
        var postgres = new EmbeddedPostgres(server, directory);
        try {
            postgres.createDatabase();
        } catch (SQLException e) {
            server.close();
            throw new IllegalStateException("Database " + DATABASE + " could not be created", e);
        }
        directory.markUsable();
        LOG.atInfo()
                .addKeyValue("port", port)
                .addKeyValue("directory", directory.data())
                .log("Embedded PostgreSQL started");
        return postgres;
    }

    private static io.zonky.test.db.postgres.embedded.EmbeddedPostgres.Builder builder(
            PostgresDirectory directory, int port) throws IOException {
        var output = ProcessBuilder.Redirect.appendTo(directory.log().toFile());
        return io.zonky.test.db.postgres.embedded.EmbeddedPostgres.builder()
                .setDataDirectory(directory.data())
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(directory.programs().toFile())
                // The owner closes it, after everything that writes to it; a hook would stop it under them.
                .setRegisterShutdownHook(false)
                .setPGStartupWait(START_LIMIT)
                .setPort(port)
                // To a file: output piped to this JVM would be lost with it.
                .setOutputRedirector(output)
                .setErrorRedirector(output)
                // The same order of text on every platform, without asking the system for its locales.
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8")
                .setServerConfig("listen_addresses", HOST)
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("max_connections", "60")
                // The library turns both off, for tests; this data is to survive a power cut.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on");
    }

    private void createDatabase() throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            var found = statement.executeQuery("SELECT FROM pg_database WHERE datname = '" + DATABASE + "'");
            if (!found.next()) {
                statement.execute("CREATE DATABASE " + DATABASE);
            }
        }
    }

    /** PostgreSQL refuses root; in a user namespace of its own root is nobody, where the system allows that. */
    private static void refuseWhereRootMayNotRunIt() {
        boolean root = "root".equals(System.getProperty("user.name"));
        boolean linux = System.getProperty("os.name").startsWith("Linux");
        if (root && linux && !LinuxUtils.isUnshareAvailable()) {
            throw new IllegalStateException("Embedded PostgreSQL cannot run as root here: it needs a user namespace,"
                    + " and this system forbids them (unshare -U fails). Start kandji-stream as another user. "
                    + INSTEAD);
        }
    }

    private static String tail(Path log) {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
        } catch (IOException e) {
            return "(unreadable: " + e.getMessage() + ")";
        }
    }

    /** The URL of a server on the port, for other processes on this machine. */
    public static String jdbcUrl(int port) {
        return "jdbc:postgresql://" + HOST + ":" + port + "/" + DATABASE;
    }

    /** Host, port and database; user and password are apart. */
    public String jdbcUrl() {
        return jdbcUrl(server.getPort());
    }

    public String user() {
        return USER;
    }

    public String password() {
        return PASSWORD;
    }

    /** Stops the server, ending open connections; returns when its process is gone. */
    @Override
    public void close() {
        try {
            server.close();
            // The library gives up after five seconds; a large last checkpoint may take longer.
            directory.recover();
            directory.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Embedded PostgreSQL could not be stopped", e);
        }
    }
}
