package dev.kandjistream.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.embedded.FreePort;
import dev.kandjistream.standalone.run.StopSignal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;

/** Three brokers, each a process of its own, that can be killed and come again. */
final class Brokers implements AutoCloseable {
    private static final int COUNT = 3;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Path directory;
    private final String clusterId = Uuid.randomUuid().toString();
    private final List<Integer> ports;
    private final Map<Integer, Process> running = new TreeMap<>();

    private Brokers(Path directory) {
        try {
            this.directory = Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ports = freePorts(2 * COUNT);
    }

    /** @param directory made if missing */
    static Brokers start(Path directory) {
        var brokers = new Brokers(directory);
        try {
            for (int id = 1; id <= COUNT; id++) {
                brokers.start(id);
            }
            brokers.awaitAll();
            return brokers;
        } catch (RuntimeException failed) {
            brokers.close();
            throw failed;
        }
    }

    private static List<Integer> freePorts(int count) {
        return Stream.generate(FreePort::find).distinct().limit(count).toList();
    }

    void start(int id) {
        String voters = IntStream.rangeClosed(1, COUNT)
                .mapToObj(voter -> voter + "@127.0.0.1:" + ports.get(COUNT + voter - 1))
                .collect(Collectors.joining(","));
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx300m",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerMember.class.getName(),
                directory.resolve("broker-" + id).toString(),
                String.valueOf(id),
                String.valueOf(ports.get(id - 1)),
                String.valueOf(ports.get(COUNT + id - 1)),
                voters,
                clusterId);
        var log = directory.resolve("broker-" + id + ".log").toFile();
        try {
            running.put(
                    id,
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL. */
    void kill(int id) {
        Process process = running.remove(id);
        process.destroyForcibly();
        process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }

    String bootstrapServers() {
        return ports.subList(0, COUNT).stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    /** The node that leads the topic's first partition. */
    int leader(String topic) {
        return describe(List.of(topic)).get(topic).partitions().get(0).leader().id();
    }

    /** Returns when all three serve and every replica of every topic is in sync. */
    void awaitAll() {
        await(() -> {
            try (Admin admin = admin()) {
                int nodes = admin.describeCluster()
                        .nodes()
                        .get(10, TimeUnit.SECONDS)
                        .size();
                return nodes == COUNT
                        && admin.listTopics().names().get(10, TimeUnit.SECONDS).stream()
                                .allMatch(topic -> allInSync(topic));
            } catch (ExecutionException | TimeoutException starting) {
                return false;
            }
        });
    }

    private boolean allInSync(String topic) {
        return describe(List.of(topic)).get(topic).partitions().stream().allMatch(Brokers::isInSync);
    }

    private static boolean isInSync(TopicPartitionInfo partition) {
        return partition.isr().size() == partition.replicas().size();
    }

    private Map<String, TopicDescription> describe(List<String> topics) {
        try (Admin admin = admin()) {
            DescribeTopicsResult described = admin.describeTopics(topics);
            return described.allTopicNames().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** How many replicas the topics with this prefix have, by name. */
    Map<String, Integer> replicas(String prefix) throws Exception {
        try (Admin admin = admin()) {
            List<String> topics = admin.listTopics().names().get(30, TimeUnit.SECONDS).stream()
                    .filter(name -> name.startsWith(prefix))
                    .toList();
            var replicas = new TreeMap<String, Integer>();
            describe(topics)
                    .forEach((name, topic) -> replicas.put(
                            name, topic.partitions().get(0).replicas().size()));
            return replicas;
        }
    }

    private Admin admin() {
        return Admin.create(Map.of(
                "bootstrap.servers",
                bootstrapServers(),
                "request.timeout.ms",
                5_000,
                "default.api.timeout.ms",
                10_000));
    }

    private interface Condition {
        boolean holds() throws InterruptedException;
    }

    private static void await(Condition condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try {
            while (!condition.holds()) {
                assertThat(System.nanoTime()).as("deadline for the brokers").isLessThan(deadline);
                StopSignal.none().pause(Duration.ofMillis(200));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        List.copyOf(running.keySet()).forEach(this::kill);
    }
}
