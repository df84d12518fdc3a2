package dev.kandjistream.standalone.chaos;

import dev.kandjistream.embedded.FreePort;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that go away and come back. Not of the range from which systems give out ports by themselves: while a
 * server is away, one of its own clients could be given its port, and even find itself at the other end.
 */
final class Ports {
    private static final int FIRST = 15_000;
    private static final int LAST = 30_000;

    private Ports() {}

    static int find() {
        while (true) {
            int wanted = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (FreePort.preferring(wanted) == wanted) {
                return wanted;
            }
        }
    }
}
