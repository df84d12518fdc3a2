package dev.kandjistream.standalone.run;

import java.time.Duration;
import java.util.function.IntConsumer;

/**
 * Ends the process when an {@link Error} ends one of its threads. Such a process would otherwise go on without the thread: it
 * looks alive and does nothing. An orchestrator can only restart one that is gone.
 *
 * <p>An out-of-memory error need not reach any handler; for it the launcher gives the JVM {@code -XX:+ExitOnOutOfMemoryError}.
 */
public final class FatalErrors implements Thread.UncaughtExceptionHandler {
    /** As for any failure: see {@code --help}. */
    static final int EXIT_CODE = 1;

    /** Shutdown hooks may wait for the thread that failed. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final IntConsumer exit;

    FatalErrors(IntConsumer exit) {
        this.exit = exit;
    }

    /** Watches every thread that has no handler of its own, from now on. */
    public static void install() {
        Thread.setDefaultUncaughtExceptionHandler(new FatalErrors(FatalErrors::end));
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        if (failure instanceof Error) {
            System.err.println("Thread " + thread.getName() + " failed, and without it the process would do nothing: "
                    + failure + ". The process ends. Restart it, and report this if it happens again.");
            failure.printStackTrace();
            exit.accept(EXIT_CODE);
        } else {
            System.err.println("Exception in thread " + thread.getName() + ":");
            failure.printStackTrace();
        }
    }

    private static void end(int code) {
        var halt = new Thread(() -> halt(code), "fatal-error");
        halt.setDaemon(true);
        halt.start();
        System.exit(code);
    }

    private static void halt(int code) {
        try {
            Thread.sleep(PATIENCE.toMillis());
        } catch (InterruptedException now) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(code);
    }
}
