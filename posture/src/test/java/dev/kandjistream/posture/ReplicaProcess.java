package dev.kandjistream.posture;

import static dev.kandjistream.posture.kafka.ViewStage.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** A posture service as a process of its own, to be killed. It says where it is asked, and ends when its input ends. */
final class ReplicaProcess implements AutoCloseable {
    private static final String AT = "asked at ";

    private final Process process;
    final Asker asker;

    private ReplicaProcess(Process process, String url) {
        this.process = process;
        asker = new Asker(url);
    }

    public static void main(String[] args) throws IOException {
        // More than is usual, to be looked through for what must not stand there.
        ((Logger) LoggerFactory.getLogger("dev.kandjistream")).setLevel(Level.TRACE);
        Map<String, Object> kafka = Map.of("bootstrap.servers", args[0], "schema.registry.url", args[1]);
        var config = Replica.config(kafka, Path.of(args[2]), Path.of(args[3]), Optional.empty());
        try (var service = new PostureService(config, new SimpleMeterRegistry())) {
            service.start();
            System.out.println(AT + service.url());
            System.in.read();
        }
    }

    /**
     * Returns once it listens; it may not be ready.
     *
     * @param log a file that there is not yet; all that it says goes there
     */
    static ReplicaProcess start(ServiceStage stage, Path policy, Path log) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReplicaProcess.class.getName(),
                        stage.kafka.bootstrap(),
                        stage.kafka.registryUrl(),
                        policy.toString(),
                        stage.tokens.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        var replica = new ReplicaProcess(process, "");
        try {
            await(() -> Files.readString(log).contains(AT));
            return new ReplicaProcess(
                    process,
                    Files.readString(log).split(AT)[1].lines().findFirst().orElseThrow());
        } catch (Exception | AssertionError silent) {
            replica.kill();
            throw silent;
        }
    }

    void awaitReady(String serial) throws Exception {
        await(() -> asker.decide(serial).status() == 200);
    }

    /** SIGKILL; returns when it is gone. */
    void kill() {
        process.destroyForcibly();
        process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        kill();
    }
}
