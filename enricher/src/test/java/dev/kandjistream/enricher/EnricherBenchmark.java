package dev.kandjistream.enricher;

import dev.kandjistream.raw.RawApp;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.raw.RawDeviceApps;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A first sweep of Macs through a real broker: how long, and how much CPU of the enricher's own threads a row takes.
 * Arguments: devices (1000), apps a device (150), stream threads (2), rounds (3).
 *
 * <p>RocksDB's background threads are not the JVM's and not in the figure; the broker's and the registry's threads are
 * kept out of it by name.
 */
final class EnricherBenchmark {
    private static final Instant NOW = Instant.parse("2025-03-01T00:00:00Z");

    private EnricherBenchmark() {}

    public static void main(String[] args) throws Exception {
        int devices = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
        int apps = args.length > 1 ? Integer.parseInt(args[1]) : 150;
        int threads = args.length > 2 ? Integer.parseInt(args[2]) : 2;
        int rounds = args.length > 3 ? Integer.parseInt(args[3]) : 3;
        Path directory = Files.createTempDirectory(Path.of("target"), "benchmark");
        try (var stack = Stack.start(directory.resolve("kafka"))) {
            for (int round = 1; round <= rounds; round++) {
                round(stack, new Topics("round" + round), directory.resolve("state" + round), devices, apps, threads);
            }
        }
        System.exit(0);
    }

    private static void round(Stack stack, Topics topics, Path state, int devices, int apps, int threads)
            throws Exception {
        stack.create(topics);
        int expected = load(stack, topics, devices, apps);
        var meters = new SimpleMeterRegistry();
        try (var enricher = stack.enricher(topics, state, threads, meters)) {
            enricher.start();
            Stack.await(Duration.ofSeconds(60), () -> enricher.notReady().isEmpty());
            long began = System.nanoTime();
            var started = meters.counter("enricher.events", "type", "usage.started");
            Stack.await(Duration.ofMinutes(10), () -> started.count() >= expected);
            double seconds = (System.nanoTime() - began) / 1e9;
            Thread.sleep(1000);
            int rows = devices * apps;
            var cpu = cpuMicros(topics);
            double total = cpu.values().stream().mapToDouble(d -> d).sum();
            System.out.printf(
                    "%s: %d rows, %d usages, %.1f s since RUNNING; %.1f us CPU a row%n",
                    topics.prefix(), rows, expected, seconds, total / rows);
            cpu.forEach((name, micros) -> System.out.printf("   %6.2f us a row  %s%n", micros / rows, name));
        }
    }

    /** CPU of the enricher's threads since they began, by kind. */
    private static Map<String, Double> cpuMicros(Topics topics) {
        var bean = ManagementFactory.getThreadMXBean();
        var cpu = new TreeMap<String, Double>();
        for (long id : bean.getAllThreadIds()) {
            var thread = bean.getThreadInfo(id);
            if (thread != null && thread.getThreadName().contains(topics.enricherApplicationId())) {
                String kind = thread.getThreadName().contains("kafka-producer-network")
                        ? "producer"
                        : thread.getThreadName().matches(".*-StreamThread-\\d+$") ? "stream" : "other";
                cpu.merge(kind, bean.getThreadCpuTime(id) / 1e3, Double::sum);
            }
        }
        return cpu;
    }

    private static int load(Stack stack, Topics topics, int devices, int apps) {
        var random = new Random(1);
        var catalogue = catalogue();
        int usages = 0;
        try (var producer = stack.producer()) {
            for (int i = 0; i < devices; i++) {
                String id = new UUID(random.nextLong(), random.nextLong()).toString();
                List<RawApp> rows = rows(apps, catalogue, random);
                usages += (int) rows.stream()
                        .filter(row -> !row.getName().endsWith("Helper"))
                        .map(RawApp::getBundleId)
                        .distinct()
                        .count();
                String key = Keys.of("acme", id);
                producer.send(new ProducerRecord<>(
                        topics.rawDevices().name(), key, stack.bytes(topics.rawDevices(), device(id, i))));
                var raw = new RawDeviceApps("acme", id, "a1", NOW, true, NOW, rows, 0, false);
                producer.send(new ProducerRecord<>(topics.rawApps().name(), key, stack.bytes(topics.rawApps(), raw)));
            }
        }
        return usages;
    }

    private static List<RawApp> rows(int apps, List<RawApp> catalogue, Random random) {
        var rows = new ArrayList<RawApp>();
        int first = random.nextInt(catalogue.size());
        for (int i = 0; i < apps; i++) {
            rows.add(catalogue.get((first + i) % catalogue.size()));
        }
        return rows;
    }

    private static List<RawApp> catalogue() {
        var catalogue = new ArrayList<RawApp>();
        for (int i = 0; i < 500; i++) {
            String name = "Application Number " + i + (i % 10 == 0 ? " Helper" : "");
            catalogue.add(RawApp.newBuilder()
                    .setName(name)
                    .setBundleId("com.example.vendor" + i % 40 + ".application-" + i)
                    .setVersion(i % 7 + "." + i % 13 + ".0")
                    .setShortVersion("30" + i)
                    .setPath("/Applications/" + name + ".app")
                    .setBundleName(name)
                    .setBundleType("APPL")
                    .setDeveloperName("Vendor of Applications " + i % 40 + " Inc.")
                    .setTeamId("TEAM" + (100000 + i % 40))
                    .setObtainedFrom("identified_developer")
                    .setCategory("public.app-category.productivity")
                    .setCreatedAt(NOW.minusSeconds(86_400L * (i % 300)))
                    .setUpdatedAt(NOW)
                    .build());
        }
        return catalogue;
    }

    private static RawDevice device(String id, int i) {
        return RawDevice.newBuilder()
                .setAccountId("acme")
                .setDeviceId(id)
                .setSweepId("s1")
                .setObservedAt(NOW)
                .setBaseline(true)
                .setDeviceName("Mac of person " + i)
                .setSerialNumber("C02" + i)
                .setPlatform("Mac")
                .setModel("MacBook Air (M1, 2020)")
                .setOsVersion("15.6")
                .setUserId(new UUID(7, i).toString())
                .setUserEmail("person" + i + "@example.com")
                .setUserName("Person " + i)
                .setUserArchived(false)
                .setLastCheckIn(NOW)
                .setJson("{}")
                .build();
    }
}
