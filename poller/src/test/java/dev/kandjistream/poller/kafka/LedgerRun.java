package dev.kandjistream.poller.kafka;

import dev.kandjistream.kandji.http.DeviceParser;
import dev.kandjistream.poller.domain.App;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.DevicesJudge;
import dev.kandjistream.poller.domain.DevicesSweep;
import dev.kandjistream.poller.domain.EvidenceRules;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.SharedApps;
import dev.kandjistream.sweeps.SweepReceipt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;

/**
 * A measurement, not a test: what the ledger of one account writes and how long it takes to read. The module's README says how
 * to run it and what came out.
 *
 * <pre>[DEVICES [APPS_PER_DEVICE]]      10,000 and 150 unless given</pre>
 */
final class LedgerRun extends PublishingStage {
    private static final int OPENINGS = 5;

    private final int devices;
    private final int apps;
    private long before;

    private LedgerRun(int devices, int apps) {
        this.devices = devices;
        this.apps = apps;
    }

    public static void main(String[] arguments) throws Exception {
        directory = Files.createTempDirectory("ledger-run");
        start();
        int devices = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        int apps = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 150;
        new LedgerRun(devices, apps).run();
        stop();
        System.exit(0);
    }

    private void run() throws Exception {
        account = "large";
        SweepPublisher publisher = publisher(32 << 20);
        tell("baseline of the devices", devices(publisher, i -> false, 8));
        tell("baseline of the apps", apps(publisher, i -> false, 1));
        for (int opening = 0; opening < OPENINGS; opening++) {
            publisher.close();
            long begin = System.nanoTime();
            publisher.open();
            System.out.printf(Locale.ROOT, "opened in %,d ms%n", (System.nanoTime() - begin) / 1_000_000);
        }
        tell("nothing changed", devices(publisher, i -> false, 8));
        tell("0.5 % of the devices changed", devices(publisher, i -> i % 200 == 0, 8));
        tell("5 % changed back and to", devices(publisher, i -> i % 20 == 1, 8));
        tell("all checked in an hour later", devices(publisher, i -> i % 20 == 1, 9));
        tell("the same apps reported by all", apps(publisher, i -> false, 2));
        tell("5 % have another version of an app", apps(publisher, i -> i % 20 == 0, 3));
        close();
    }

    private SweepReceipt devices(SweepPublisher publisher, IntPredicate changed, int hour) throws Exception {
        String rows = IntStream.range(0, devices)
                .mapToObj(i -> row(i, changed.test(i), hour))
                .collect(Collectors.joining(",", "[", "]"));
        var page = DeviceParser.parse(rows.getBytes(StandardCharsets.UTF_8), OptionalLong.empty(), 5);
        var sweep = new DevicesSweep();
        page.rows().forEach(sweep::add);
        sweep.walk().page(page.size(), OptionalLong.empty());
        var facts = facts(Ledger.DEVICES, System.currentTimeMillis());
        return publisher.publish(
                facts,
                ledger -> DevicesJudge.judge(
                        ledger, sweep, EvidenceRules.DEFAULT, facts.startedAt(), System.currentTimeMillis()));
    }

    private static String row(int i, boolean changed, int hour) {
        return String.format(
                Locale.ROOT,
                "{\"device_id\":\"%08x-7bf7-77d7-a494-b51a22c9%04x\",\"serial_number\":\"C02%06dQ\",\"platform\":\"Mac\","
                        + "\"is_removed\":false,\"os_version\":\"%s\",\"last_check_in\":\"2026-01-02T%02d:00:00Z\","
                        + "\"user\":{\"id\":\"%08x-aaaa-4aaa-8aaa-b51a22c98135\",\"email\":\"user%d@acme.example\","
                        + "\"name\":\"User Number %d\"}}",
                i * 0x9e3779b1,
                i,
                i,
                changed ? "15.7" : "15.6",
                hour,
                i * 0x85ebca6b,
                i,
                i);
    }

    private SweepReceipt apps(SweepPublisher publisher, IntPredicate changed, long collectedAt) throws Exception {
        var shared = new SharedApps();
        var sweep = new AppsSweep();
        for (int device = 0; device < devices; device++) {
            String id = String.format(Locale.ROOT, "%08x-7bf7-77d7-a494-b51a22c9%04x", device * 0x9e3779b1, device);
            for (int app = 0; app < apps; app++) {
                String version = app == 0 && changed.test(device) ? "2" : "1";
                // Each device has apps of its own among a thousand.
                String name = "app-" + (device * 31 + app * 7) % 1000;
                sweep.add(
                        id,
                        shared.app(
                                new App(name, "com." + name, version, null, null, null, null, null, null, null, null)),
                        1,
                        2,
                        collectedAt,
                        collectedAt);
            }
        }
        sweep.walk().page(devices * apps, OptionalLong.empty());
        return publisher.publish(facts(), judge(sweep.seal()));
    }

    private void tell(String what, SweepReceipt receipt) throws Exception {
        long now = bytes();
        System.out.printf(
                Locale.ROOT,
                "%-36s %-9s published %,6d, ledger %,11d bytes%n",
                what,
                receipt.getVerdict(),
                receipt.getPublished(),
                now - before);
        before = now;
    }

    /** Of the ledger topic, as stored. */
    private static long bytes() throws Exception {
        try (var admin = Admin.create(kafka)) {
            return admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1).values().stream()
                    .flatMap(directory -> directory.replicaInfos().entrySet().stream())
                    .filter(replica ->
                            replica.getKey().topic().equals(TOPICS.ledger().name()))
                    .mapToLong(replica -> replica.getValue().size())
                    .sum();
        }
    }
}
