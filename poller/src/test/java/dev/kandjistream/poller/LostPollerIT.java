package dev.kandjistream.poller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.PollerProcess.Place;
import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.http.RateLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pollers as processes that are killed, and frozen and thawed: their account moves, and nothing of theirs comes after. */
@Tag("recovery")
class LostPollerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Stage stage;
    private KandjiSimulator api;
    private Path key;
    private final List<Poller> pollers = new ArrayList<>();

    @TempDir
    Path own;

    @BeforeEach
    void start() {
        stage = new Stage(own.resolve("kafka"));
        api = KandjiSimulator.start(Tenant.us("acme", 7)
                .withLimits(RateLimits.told())
                .withDevices(10)
                .withAppsPerMac(5));
        key = own.resolve("gate");
    }

    @AfterEach
    void stop() {
        pollers.forEach(Poller::destroy);
        api.close();
        stage.close();
    }

    private Poller poller(Place held) throws IOException {
        var poller = new Poller(held);
        pollers.add(poller);
        return poller;
    }

    /** A process and what it has printed. */
    private final class Poller {
        private final Process process;
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final Set<String> receipts = new HashSet<>();
        private final Thread reader;

        Poller(Place held) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            PollerProcess.class.getName(),
                            String.valueOf(stage.kafka.get("bootstrap.servers")),
                            String.valueOf(stage.kafka.get("schema.registry.url")),
                            api.url(),
                            String.valueOf(api.token()),
                            held.name(),
                            key.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            reader = new Thread(this::read);
            reader.start();
        }

        private void read() {
            try (var output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                output.lines().forEach(line -> {
                    if (line.startsWith("RECEIPT ")) {
                        synchronized (receipts) {
                            receipts.add(line.substring("RECEIPT ".length()));
                        }
                    }
                    lines.add(line);
                });
            } catch (IOException | UncheckedIOException killed) {
                // What it could say it has said.
            }
        }

        void await(String beginning) throws InterruptedException {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                assertThat(line).as("a line that begins with %s", beginning).isNotNull();
                if (line.startsWith(beginning)) {
                    return;
                }
            }
        }

        Set<String> receipts() {
            synchronized (receipts) {
                return new HashSet<>(receipts);
            }
        }

        void signal(String name) throws Exception {
            var kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
            assertThat(kill.waitFor()).isZero();
        }

        int exit() throws InterruptedException {
            assertThat(process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                    .as("whether the process has ended")
                    .isTrue();
            reader.join(PATIENCE.toMillis());
            return process.exitValue();
        }

        /** Asks it to close; then all that it published has been printed. */
        int close() throws Exception {
            process.getOutputStream().close();
            return exit();
        }

        void destroy() {
            process.destroyForcibly();
        }
    }

    private Set<String> sweepsInTheLog() {
        var sweeps = new HashSet<String>();
        stage.records(stage.topics.sweeps(), "acme")
                .forEach(record -> sweeps.add(record.value().getSweepId()));
        stage.records(stage.topics.rawDevices(), "acme")
                .forEach(record -> sweeps.add(record.value().getSweepId()));
        stage.records(stage.topics.rawApps(), "acme")
                .forEach(record -> sweeps.add(record.value().getSweepId()));
        return sweeps;
    }

    private void rename(String name) {
        api.fleet().rename(api.fleet().devices().get(0), name);
    }

    private String publishedName() {
        return stage.devices("acme").get(api.fleet().devices().get(0).id()).getDeviceName();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOWHERE")
    void aFrozenPollerThatWakesPublishesNothing(Place place) throws Exception {
        var frozen = poller(place);
        frozen.await("GATE");
        Set<String> before = frozen.receipts();
        frozen.signal("STOP");

        rename("as the frozen one would tell it");
        var owner = poller(Place.NOWHERE);
        owner.await("RECEIPT");
        rename("as it is");
        owner.await("RECEIPT");
        owner.await("RECEIPT");

        Files.createFile(key);
        frozen.signal("CONT");
        assertThat(frozen.exit()).as("ended because its account is another's").isEqualTo(PollerProcess.GONE);
        owner.await("RECEIPT");
        assertThat(owner.close()).isZero();

        assertThat(frozen.receipts()).isEqualTo(before);
        var told = owner.receipts();
        told.addAll(before);
        assertThat(sweepsInTheLog()).isSubsetOf(told);
        assertThat(publishedName()).isEqualTo("as it is");
    }

    @Test
    void aKilledPollersAccountMovesWithinSeconds() throws Exception {
        var killed = poller(Place.NOWHERE);
        killed.await("RECEIPT");
        var other = poller(Place.NOWHERE);
        killed.await("RECEIPT");
        killed.signal("KILL");
        long at = System.nanoTime();
        rename("after the kill");
        other.await("RECEIPT");
        assertThat(Duration.ofNanos(System.nanoTime() - at))
                .as("from the kill to the other's first receipt")
                .isLessThan(PollerProcess.SESSION.plusSeconds(20));
        other.await("RECEIPT");
        assertThat(other.close()).isZero();
        assertThat(publishedName()).isEqualTo("after the kill");
    }
}
