package dev.kandjistream.sink;

import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** One broker and one database for all integration tests of this JVM; each test has topics and a database of its own. */
public final class Servers {
    private static final Path DIRECTORY = directory();
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static EmbeddedKafka kafka;
    private static EmbeddedPostgres postgres;

    private Servers() {}

    public static synchronized String bootstrapServers() {
        if (kafka == null) {
            kafka = EmbeddedKafka.start(DIRECTORY.resolve("kafka"));
            Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
        }
        return kafka.bootstrapServers();
    }

    /** A topic prefix that no other test has. */
    public static String prefix() {
        return "test" + TESTS.incrementAndGet();
    }

    public static synchronized String user() {
        return postgres().user();
    }

    public static synchronized String password() {
        return postgres().password();
    }

    /** URL of a new, empty database. */
    public static synchronized String newDatabase() {
        String name = "test" + TESTS.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(postgres().jdbcUrl(), user(), password());
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        String url = postgres().jdbcUrl();
        return url.substring(0, url.lastIndexOf('/') + 1) + name;
    }

    public static synchronized void stopPostgres() {
        postgres.close();
    }

    public static synchronized void startPostgresAgain() {
        int port = URI.create(postgres.jdbcUrl().substring("jdbc:".length())).getPort();
        postgres = EmbeddedPostgres.start(DIRECTORY.resolve("postgres"), port);
    }

    private static EmbeddedPostgres postgres() {
        if (postgres == null) {
            postgres = EmbeddedPostgres.start(DIRECTORY.resolve("postgres"));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> postgres.close()));
        }
        return postgres;
    }

    private static Path directory() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target", "servers")), "run");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
