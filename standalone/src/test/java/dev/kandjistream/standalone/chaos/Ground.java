package dev.kandjistream.standalone.chaos;

import dev.kandjistream.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Broker, registry and database, each in a process of its own on a port that stays; shared by some seeds. */
final class Ground implements AutoCloseable {
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);
    private static final String USER = "postgres";

    private final Guard guard;
    private final int brokerPort = Ports.find();
    private final int registryPort = Ports.find();
    private final int databasePort = Ports.find();
    private final Path directory;
    private final Child broker;
    private int emptyRegistries;
    private final Child database;

    private Ground(Path directory, Guard guard) {
        this.guard = guard;
        this.directory = directory;
        broker = broker("_schemas");
        broker.start();
        database = new Child("database", laidOut(directory.resolve("postgres")), "INT", directory, guard);
        database.start();
    }

    private Child broker(String schemas) {
        return Child.java(
                "broker",
                400,
                BrokerProcess.class,
                List.of(
                        directory.resolve("kafka").toString(),
                        String.valueOf(brokerPort),
                        String.valueOf(registryPort),
                        schemas),
                directory,
                guard);
    }

    /** The same broker with a registry that has never held anything; not started. */
    Child brokerWithEmptyRegistry() {
        return broker("_schemas-" + ++emptyRegistries);
    }

    /** Returns when all three answer. */
    static Ground start(Path directory) {
        var guard = new Guard();
        try {
            var ground = new Ground(directory, guard);
            ground.await();
            return ground;
        } catch (RuntimeException failed) {
            guard.close();
            throw failed;
        }
    }

    /** Lays out the data and finds out how the postmaster is run here: the embedding knows, and keeps it to itself. */
    private List<String> laidOut(Path directory) {
        var embedded = EmbeddedPostgres.start(directory, databasePort);
        try {
            Path pidFile = directory.resolve("data").resolve("postmaster.pid");
            long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
            ProcessHandle.Info postmaster = ProcessHandle.of(pid).orElseThrow().info();
            var command = new ArrayList<String>();
            if ("root".equals(System.getProperty("user.name"))) {
                // PostgreSQL refuses root, who is nobody in a user namespace of its own.
                command.addAll(List.of("unshare", "-U"));
            }
            command.add(postmaster.command().orElseThrow());
            command.addAll(List.of(postmaster.arguments().orElseThrow()));
            return command;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } finally {
            embedded.close();
        }
    }

    private void await() {
        long deadline = System.nanoTime() + STARTS_WITHIN.toNanos();
        while (!answers()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "Broker, registry and database have not started; see " + broker.log() + ", " + database.log());
            }
            pause();
        }
    }

    private boolean answers() {
        try (Connection connection = connect("postgres")) {
            URI.create(registryUrl() + "/subjects").toURL().openStream().close();
            return connection.isValid(1);
        } catch (SQLException | IOException notYet) {
            return false;
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    Guard guard() {
        return guard;
    }

    Child broker() {
        return broker;
    }

    /** All that the database keeps. */
    Path databaseFiles() {
        return directory.resolve("postgres");
    }

    Child database() {
        return database;
    }

    String bootstrapServers() {
        return "127.0.0.1:" + brokerPort;
    }

    String registryUrl() {
        return "http://127.0.0.1:" + registryPort;
    }

    Map<String, Object> clientProperties() {
        return Map.of("bootstrap.servers", bootstrapServers(), "schema.registry.url", registryUrl());
    }

    String jdbcUrl(String name) {
        return "jdbc:postgresql://127.0.0.1:" + databasePort + "/" + name;
    }

    String user() {
        return USER;
    }

    Connection connect(String name) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(name) + "?connectTimeout=5&socketTimeout=30", USER, "");
    }

    void createDatabase(String name) {
        try (Connection connection = connect("postgres");
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** At once: nothing here is needed any more. */
    @Override
    public void close() {
        broker.kill();
        database.kill();
        guard.close();
    }
}
