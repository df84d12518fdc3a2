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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;

/**
 * Broker with registry, or three brokers of which the first has the registry, and database, each in a process of its own on a
 * port that stays; shared by some seeds.
 */
final class Ground implements AutoCloseable {
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);
    private static final String USER = "postgres";

    /** Brokers that keep everything three times, and lose one without a standstill. */
    static final int CLUSTER = 3;

    private final Guard guard;
    private final List<Integer> brokerPorts;
    private final List<Integer> controllerPorts;
    private final int registryPort = Ports.find();
    private final int databasePort = Ports.find();
    private final String clusterId = Uuid.randomUuid().toString();
    private final Path directory;
    private final Map<Member, Child> members = new EnumMap<>(Member.class);
    private int emptyRegistries;

    private Ground(Path directory, int brokers, Guard guard) {
        this.guard = guard;
        this.directory = directory;
        brokerPorts = Stream.generate(Ports::find).distinct().limit(brokers).toList();
        controllerPorts = Stream.generate(Ports::find)
                .distinct()
                .filter(port -> !brokerPorts.contains(port))
                .limit(brokers)
                .toList();
        members.put(Member.BROKER, broker("_schemas"));
        if (brokers == CLUSTER) {
            members.put(Member.BROKER_2, clusterBroker(2, List.of()));
            members.put(Member.BROKER_3, clusterBroker(3, List.of()));
        }
        members.put(
                Member.DATABASE,
                new Child("database", laidOut(directory.resolve("postgres")), "INT", directory, guard));
        members.values().forEach(Child::start);
    }

    private Child broker(String schemas) {
        return brokers() == CLUSTER
                ? clusterBroker(1, List.of(String.valueOf(registryPort), schemas))
                : onlyBroker(schemas);
    }

    private Child clusterBroker(int id, List<String> registry) {
        String voters = IntStream.rangeClosed(1, CLUSTER)
                .mapToObj(voter -> voter + "@127.0.0.1:" + controllerPorts.get(voter - 1))
                .collect(Collectors.joining(","));
        var arguments = new ArrayList<>(List.of(
                directory.resolve("kafka-" + id).toString(),
                String.valueOf(id),
                String.valueOf(brokerPorts.get(id - 1)),
                String.valueOf(controllerPorts.get(id - 1)),
                voters,
                clusterId));
        arguments.addAll(registry);
        return Child.java("broker-" + id, 400, ClusterBrokerProcess.class, arguments, directory, guard);
    }

    private Child onlyBroker(String schemas) {
        return Child.java(
                "broker",
                400,
                BrokerProcess.class,
                List.of(
                        directory.resolve("kafka").toString(),
                        String.valueOf(brokerPorts.get(0)),
                        String.valueOf(registryPort),
                        schemas),
                directory,
                guard);
    }

    /** The same broker with a registry that has never held anything; not started. */
    Child brokerWithEmptyRegistry() {
        return broker("_schemas-" + ++emptyRegistries);
    }

    /** With one broker; returns when all answer. */
    static Ground start(Path directory) {
        return start(directory, 1);
    }

    /**
     * Returns when all answer.
     *
     * @param brokers 1 or {@link #CLUSTER}
     */
    static Ground start(Path directory, int brokers) {
        var guard = new Guard();
        try {
            var ground = new Ground(directory, brokers, guard);
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
                        "Broker, registry and database have not started; see the logs in " + directory);
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
        return members.get(Member.BROKER);
    }

    /** All that services work on, started. */
    Map<Member, Child> members() {
        return members;
    }

    int brokers() {
        return brokerPorts.size();
    }

    /** All that the database keeps. */
    Path databaseFiles() {
        return directory.resolve("postgres");
    }

    String bootstrapServers() {
        return brokerPorts.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
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
        members.values().forEach(Child::kill);
        guard.close();
    }
}
