package dev.kandjistream.poller;

import com.sun.management.OperatingSystemMXBean;
import dev.kandjistream.kandji.ApiUrl;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.http.RateLimits;
import dev.kandjistream.sweeps.SweepReceipt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.types.Password;

/**
 * A measurement, not a test: a large tenant swept by a poller in a small heap, in two processes so that heap and CPU are the
 * poller's own. The module's README says how to run it and what came out.
 *
 * <pre>serve DIRECTORY DEVICES APPS_PER_MAC [MAC_PERCENT]       prints what poll needs, until it is ended
 * poll BOOTSTRAP REGISTRY API_URL TOKEN [cursor|auto [PER_SECOND]]
 *     sweeps thrice: baseline, unchanged, unchanged after a restart</pre>
 */
final class LargeTenantRun {
    private LargeTenantRun() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("serve")) {
            int macPercent = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 100;
            serve(Path.of(arguments[1]), Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]), macPercent);
        } else {
            var settings = PollSettings.defaults()
                    .withQuota(1, arguments.length > 6 ? Integer.parseInt(arguments[6]) : 50, 10_000_000)
                    .withAppsBy(arguments.length > 5 && arguments[5].equals("cursor") ? AppsBy.CURSOR : AppsBy.AUTO);
            poll(arguments[1], arguments[2], arguments[3], arguments[4], settings);
        }
    }

    private static void serve(Path directory, int devices, int appsPerMac, int macPercent) throws Exception {
        Files.createDirectories(directory);
        var stage = new Stage(directory);
        var tenant = Tenant.us("large", 1)
                .withDevices(devices)
                .withAppsPerMac(appsPerMac)
                .withMacPercent(macPercent)
                // An export is to be of the time when it was asked for.
                .withClock(InstantSource.system())
                .withLimits(new RateLimits(10_000_000, 50, false));
        var api = KandjiSimulator.start(tenant);
        System.out.println("poll " + stage.kafka.get("bootstrap.servers") + " " + stage.kafka.get("schema.registry.url")
                + " " + api.url() + " " + api.token());
        Thread.currentThread().join();
    }

    private static void poll(String bootstrap, String registry, String url, String token, PollSettings settings)
            throws Exception {
        var account = new AccountConfig("large", ApiUrl.parse(url, true), () -> new Password(token), settings);
        Map<String, Object> kafka = Map.of("bootstrap.servers", bootstrap, "schema.registry.url", registry);
        var config = new PollerConfig(new Topics("kandji"), kafka, List.of(account), GroupSettings.DEFAULT, (short) 1);
        for (int start = 0; start < 2; start++) {
            try (var poller = new PollerService(config, new SimpleMeterRegistry(), SweepListener.NONE)) {
                poller.open();
                for (int round = start; round < 2; round++) {
                    measure(poller, Kind.DEVICES);
                    measure(poller, Kind.APPS);
                }
            }
        }
    }

    private static void measure(PollerService poller, Kind kind) throws Exception {
        heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
        var process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long compiling = ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
        long collecting = collecting();
        long cpu = process.getProcessCpuTime();
        long start = System.nanoTime();
        SweepReceipt receipt = poller.sweepNow("large", kind).get(2, TimeUnit.HOURS);
        long wall = System.nanoTime() - start;
        cpu = process.getProcessCpuTime() - cpu;
        compiling = ManagementFactory.getCompilationMXBean().getTotalCompilationTime() - compiling;
        collecting = collecting() - collecting;
        long peak = heapPools().stream()
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
        System.out.printf(
                "%s %s requests=%d rows=%d published=%d unchanged=%d reason=%s: %s, %.1f us CPU a row"
                        + " (compiler %.1f, collector's pauses %.1f), heap peak %d MB of %d%n",
                kind,
                receipt.getVerdict(),
                receipt.getRequests(),
                receipt.getRows(),
                receipt.getPublished(),
                receipt.getUnchanged(),
                receipt.getReason(),
                Duration.ofNanos(wall).truncatedTo(ChronoUnit.MILLIS),
                cpu / 1000.0 / receipt.getRows(),
                compiling * 1000.0 / receipt.getRows(),
                collecting * 1000.0 / receipt.getRows(),
                peak >> 20,
                Runtime.getRuntime().maxMemory() >> 20);
    }

    private static long collecting() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(collector -> collector.getCollectionTime())
                .sum();
    }

    private static List<MemoryPoolMXBean> heapPools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
    }
}
