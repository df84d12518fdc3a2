package dev.kandjistream.standalone.run;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ctrl-C and SIGTERM, taken as a wish to stop rather than as the end: the main thread then stops everything in order.
 * A shutdown hook would not do, since libraries have hooks of their own, all hooks run at once, and the database would
 * be gone before the sink. A second signal ends the process on the spot.
 */
public final class StopSignal {

    /** Thrown out of a wait when the wish to stop arrives. */
    public static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("Asked to stop");
        }
    }

    private static final int SIGNAL_EXIT = 128;

    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile int number;

    /** Listens to SIGINT and SIGTERM from now on. */
    public static StopSignal install() {
        var signal = new StopSignal();
        signal.listenTo("INT");
        signal.listenTo("TERM");
        return signal;
    }

    /** Never comes: for tests and for callers that stop by themselves. */
    public static StopSignal none() {
        return new StopSignal();
    }

    public boolean isAsked() {
        return asked.getCount() == 0;
    }

    /** What a shell expects of a process that a signal ended: 128 and the signal's number. */
    public int exitCode() {
        return SIGNAL_EXIT + number;
    }

    /** @throws Stopped when asked to stop, before or during the pause */
    public void pause(Duration length) {
        try {
            if (asked.await(length.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Stopped();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Stopped();
        }
    }

    /**
     * Waits for the outcome.
     *
     * @throws Stopped when asked to stop meanwhile
     * @throws ExecutionException when there is no outcome but a failure
     */
    public <T> T await(CompletableFuture<T> outcome) throws ExecutionException {
        while (true) {
            try {
                return outcome.get(100, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                pause(Duration.ZERO);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new Stopped();
            }
        }
    }

    private void received(int signalNumber) {
        if (isAsked()) {
            Runtime.getRuntime().halt(SIGNAL_EXIT + signalNumber);
        }
        number = signalNumber;
        asked.countDown();
    }

    /**
     * {@code sun.misc.Signal} is the only way to hear of signals; it is supported on every JDK we run on, yet the
     * compiler warns of it and cannot be told not to, hence reflection (as Kafka does for the same reason).
     */
    private void listenTo(String name) {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            Object signal = signalClass.getConstructor(String.class).newInstance(name);
            int signalNumber = (int) signalClass.getMethod("getNumber").invoke(signal);
            InvocationHandler onSignal = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    received(signalNumber);
                    yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "StopSignal";
            };
            Object handler =
                    Proxy.newProxyInstance(StopSignal.class.getClassLoader(), new Class<?>[] {handlerClass}, onSignal);
            signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, signal, handler);
        } catch (ReflectiveOperationException | IllegalArgumentException unavailable) {
            // A JVM without signals (started with -Xrs): it then ends at once, and the next start recovers.
        }
    }
}
