package dev.kandjistream.posture.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    @Test
    void whatIsUnderWayIsAnsweredBeforeTheServerStops() {
        var served = new Served();
        CompletableFuture<HttpResponse<String>> running =
                served.sendAsync(served.post("/v1/decisions", "{\"serial_number\":\"SLOW\"}"));
        while (served.source.slow.isEmpty()) {
            LockSupport.parkNanos(100_000);
        }

        CompletableFuture<Void> closing = CompletableFuture.runAsync(served::close);
        while (accepts(served.server.port())) {
            LockSupport.parkNanos(100_000);
        }
        served.source.slow.get("SLOW").complete(served.source.decision(served.source.asked.get("SLOW"), "both"));

        assertThat(running.join().statusCode()).isEqualTo(200);
        closing.join();
    }

    @Test
    void whatDoesNotEndIsGivenUp() throws IOException {
        var source = new StubSource();
        Tokens anybody = token -> Optional.of(new Client("any", Set.of(Scope.DECIDE)));
        var server =
                PostureServer.start(Served.SETTINGS, source, anybody, new SimpleMeterRegistry(), Duration.ofMillis(50));
        CompletableFuture<HttpResponse<String>> running = HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(URI.create(server.url() + "/v1/decisions"))
                                .header("Authorization", "Bearer any")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"serial_number\":\"SLOW\"}"))
                                .build(),
                        BodyHandlers.ofString());
        while (source.slow.isEmpty()) {
            LockSupport.parkNanos(100_000);
        }

        server.close();

        assertThat(running.join().statusCode()).isEqualTo(500);
    }

    @Test
    void aPortThatIsTakenIsSaidToBe() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> PostureServer.start(
                            Settings.DEFAULT.withPort(taken.getLocalPort()),
                            new StubSource(),
                            token -> Optional.empty(),
                            new SimpleMeterRegistry()))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "expected to listen at 127.0.0.1:%d, found it taken or not this machine's; give another one",
                            taken.getLocalPort());
        }
    }

    @Test
    void closingTwiceIsClosing() {
        var served = new Served();

        served.close();
        served.close();

        assertThat(accepts(served.server.port())).isFalse();
    }

    private static boolean accepts(int port) {
        try (var socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }
}
