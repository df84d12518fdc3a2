package dev.kandjistream.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Loopback ports that nobody listens on now. Another process may take one before its user does: then try again. */
public final class FreePort {
    private FreePort() {}

    /** Any free port. */
    public static int find() {
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
