package dev.kandjistream.simulator;

import dev.kandjistream.simulator.http.RateLimits;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * By hand: walks the app rows of a fleet of Macs three times over one connection and prints pages a second. The client
 * reads bytes and parses nothing, so that nearly all CPU time is the simulator's. Takes the number of Macs.
 */
final class PagesPerSecond {
    private PagesPerSecond() {}

    public static void main(String[] args) throws IOException {
        Tenant tenant = Tenant.us("acme", 42)
                .withDevices(Integer.parseInt(args[0]))
                .withMacPercent(100)
                .withLimits(RateLimits.told());
        long start = System.nanoTime();
        try (var simulator = KandjiSimulator.start(tenant)) {
            System.out.printf(
                    "%d rows seeded in %.1f s%n", simulator.fleet().rows().size(), (System.nanoTime() - start) / 1e9);
            for (int walk = 0; walk < 3; walk++) {
                walk(simulator);
            }
            System.gc();
            var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
            System.out.printf("%d MB of heap%n", heap.getUsed() >> 20);
        }
    }

    private static void walk(KandjiSimulator simulator) throws IOException {
        long start = System.nanoTime();
        long cpu = cpu();
        int pages = 0;
        long bytes = 0;
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), simulator.port())) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            for (String cursor = ""; cursor != null; pages++) {
                String query = "limit=300&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
                String request = "GET /api/v1/prism/apps?" + query
                        + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + simulator.token() + "\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                byte[] page = in.readNBytes(length(in));
                bytes += page.length;
                cursor = cursor(page);
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "%d pages of %d KB: %.0f pages/s, %.2f ms CPU a page%n",
                pages, bytes / pages / 1024, pages / seconds, (cpu() - cpu) / 1e6 / pages);
    }

    private static int length(InputStream in) throws IOException {
        int length = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        return length;
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    private static String cursor(byte[] page) {
        int from = Math.max(0, page.length - 100);
        String end = new String(page, from, page.length - from, StandardCharsets.UTF_8);
        int at = end.indexOf("\"cursor\":\"");
        return at < 0 ? null : end.substring(at + 10, end.indexOf('"', at + 10));
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
