package dev.kandjistream.standalone.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FatalErrorsTest {
    /** A process with a thread that fails and one that would go on for ever. */
    static final class Dying {
        public static void main(String[] how) throws InterruptedException {
            FatalErrors.install();
            if (how[0].equals("hook")) {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> await(new CountDownLatch(1))));
            }
            new Thread(() -> fail(how[0]), "worker").start();
            await(new CountDownLatch(1));
        }

        private static void fail(String how) {
            switch (how) {
                case "exception" -> throw new IllegalStateException("only this thread");
                case "memory" -> System.out.println(new long[Integer.MAX_VALUE - 8].length);
                default -> throw new StackOverflowError("deep");
            }
        }

        private static void await(CountDownLatch never) {
            try {
                never.await();
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Process start(String how) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Dying.class.getName(),
                        how)
                .redirectErrorStream(true)
                .start();
    }

    @ParameterizedTest
    @CsvSource({"error, StackOverflowError: deep", "memory, OutOfMemoryError", "hook, StackOverflowError: deep"})
    void anErrorInAnyThreadEndsTheProcessWithAMessage(String how, String message) throws Exception {
        Process process = start(how);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output).contains("Thread worker failed").contains(message);
        assertThat(process.exitValue()).isEqualTo(FatalErrors.EXIT_CODE);
    }

    @Test
    void anExceptionEndsItsThreadOnly() throws Exception {
        Process process = start("exception");
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("Exception in thread worker:");
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }
}
