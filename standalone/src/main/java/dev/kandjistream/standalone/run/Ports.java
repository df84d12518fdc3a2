package dev.kandjistream.standalone.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Busy ports give way to free ones. */
public final class Ports {
    private Ports() {}

    /** @return the port where it is free on the loopback address, else 0, which asks for any free one */
    public static int orAnyFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return port;
        } catch (IOException taken) {
            return 0;
        }
    }
}
