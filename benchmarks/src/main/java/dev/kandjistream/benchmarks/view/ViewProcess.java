package dev.kandjistream.benchmarks.view;

import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.kafka.PostureView;
import dev.kandjistream.schemas.SerialNumbers;
import dev.kandjistream.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** A view in a process of its own: rebuilds, measures, prints, ends. */
final class ViewProcess {
    private static final int QUESTIONS = 2_000_000;

    private ViewProcess() {}

    /** @param args bootstrap servers, registry URL, prefix, number of devices */
    public static void main(String[] args) throws Exception {
        Map<String, Object> kafka = Map.of("bootstrap.servers", args[0], "schema.registry.url", args[1]);
        int devices = Integer.parseInt(args[3]);
        var meters = new SimpleMeterRegistry();
        try (var view = new PostureView(
                new Topics(args[2]), kafka, id -> Duration.ofHours(1), SerialNumbers.defaults(), meters)) {
            long start = System.nanoTime();
            view.start();
            while (view.notReady().isPresent()) {
                if (view.failure().isPresent()) {
                    throw new IllegalStateException(view.failure().get());
                }
                Thread.sleep(20);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            print(
                    "rebuilt in %.1f s; CPU: %.1f s, of it the view's thread %.1f s; collecting took %.1f s",
                    seconds, cpu(), cpuOfView(), collecting());
            print(
                    "%,.0f devices, %,.0f without a serial number, %,.0f shared ones",
                    meters.get("posture.view.devices").gauge().value(),
                    meters.get("posture.view.without.serial").gauge().value(),
                    meters.get("posture.view.serials.shared").gauge().value());
            print(
                    "heap before collecting %,d MB, after %,d MB, of at most %,d MB",
                    used(), collected(), Runtime.getRuntime().maxMemory() >> 20);
            ask(view, devices);
        }
    }

    private static void ask(PostureView view, int devices) {
        var random = new Random(2);
        SerialNumber[] serials = random.ints(100_000, 0, devices)
                .mapToObj(number -> new SerialNumber(RawFleet.serial(number)))
                .toArray(SerialNumber[]::new);
        int known = 0;
        long start = 0;
        for (int i = -QUESTIONS; i < QUESTIONS; i++) {
            start = i == 0 ? System.nanoTime() : start;
            known += view.sighting(serials[Math.floorMod(i, serials.length)])
                            .device()
                            .isPresent()
                    ? 1
                    : 0;
        }
        double nanos = (System.nanoTime() - start) / (double) QUESTIONS;
        print("a sighting in %.0f ns; %d of 100 known", nanos, known * 50L / QUESTIONS);
        var seen = new int[1];
        long walk = System.nanoTime();
        view.forEach((serial, sighting) -> seen[0]++);
        print("a walk over %,d serial numbers in %.1f s", seen[0], (System.nanoTime() - walk) / 1e9);
    }

    private static double cpu() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toMillis()
                / 1e3;
    }

    private static double cpuOfView() {
        var threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                        .filter(thread ->
                                thread != null && thread.getThreadName().equals("posture-view"))
                        .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()))
                        .sum()
                / 1e9;
    }

    /** The view stands still meanwhile. */
    private static double collecting() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                        .sum()
                / 1e3;
    }

    private static long collected() {
        System.gc();
        System.gc();
        return used();
    }

    private static long used() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    }

    private static void print(String line, Object... values) {
        System.out.println(String.format(Locale.ROOT, line, values));
    }
}
