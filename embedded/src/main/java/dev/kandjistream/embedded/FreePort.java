package dev.kandjistream.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Loopback ports that nobody listens on now. Another process may take one before its user does: then try again. */
public final class FreePort {
    private static final int LOWEST = 10_240;

    /** On Linux, by default; other systems begin higher. */
    private static final int LOWEST_OF_OUTGOING = 32_768;

    private static final int ATTEMPTS = 100;

    private FreePort() {}

    /**
     * Any free port, of those that no system gives to outgoing connections by itself: one of these could take it before the
     * server does, and a broker that cannot bind its controller's port ends the process.
     */
    public static int find() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, LOWEST_OF_OUTGOING);
            if (isFree(port)) {
                return port;
            }
        }
        return anyOfTheSystem();
    }

    private static int anyOfTheSystem() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("No free port on the loopback address", e);
        }
    }

    /** The wanted port when it is free, else any other. */
    public static int preferring(int wanted) {
        return isFree(wanted) ? wanted : find();
    }

    static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            // As servers do: connections of a server just stopped do not count.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
