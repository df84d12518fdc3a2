package dev.kandjistream.poller;

import dev.kandjistream.kandji.ApiUrl;
import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.http.RateLimits;
import dev.kandjistream.sweeps.SweepReceipt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.types.Password;

/**
 * A measurement, not a test: many accounts shared out among many pollers, in one process, over a real broker. Each account is
 * a loopback address of its own; behind them all answers one small simulated tenant. The module's README says how to run it
 * and what came out.
 *
 * <pre>ACCOUNTS POLLERS     such as 1000 10</pre>
 */
final class ManyAccountsRun {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Stage stage;
    private final List<AccountConfig> accounts;
    private final List<Polling> pollers = new ArrayList<>();
    private int made;

    private ManyAccountsRun(Stage stage, List<AccountConfig> accounts) {
        this.stage = stage;
        this.accounts = accounts;
    }

    /** A poller and when it last published each account's devices. */
    private final class Polling implements SweepListener, AutoCloseable {
        private final String name = "poller-" + ++made;
        private final Map<String, Long> published = new ConcurrentHashMap<>();
        private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        private final PollerService service = new PollerService(
                new PollerConfig(stage.topics, stage.kafka, accounts, GroupSettings.DEFAULT, (short) 1), metrics, this);

        @Override
        public void receipt(SweepReceipt receipt) {
            if (receipt.getKind().equals("devices")) {
                published.put(receipt.getAccountId(), System.nanoTime());
            }
        }

        int owned() {
            return (int) metrics.get("poller.accounts.owned").gauge().value();
        }

        double requests() {
            return metrics.find("poller.requests").counters().stream()
                    .mapToDouble(counter -> counter.count())
                    .sum();
        }

        @Override
        public void close() {
            service.close();
        }
    }

    public static void main(String[] arguments) throws Exception {
        int accounts = Integer.parseInt(arguments[0]);
        int pollers = Integer.parseInt(arguments[1]);
        Path directory = Files.createTempDirectory("many-accounts");
        Tenant tenant =
                Tenant.us("many", 1).withDevices(3).withAppsPerMac(3).withLimits(new RateLimits(10_000_000, 50, false));
        try (var stage = new Stage(directory);
                var api = KandjiSimulator.start(tenant, new InetSocketAddress("0.0.0.0", 0))) {
            new ManyAccountsRun(stage, accounts(accounts, api)).run(pollers);
        }
    }

    private static List<AccountConfig> accounts(int count, KandjiSimulator api) {
        String port = api.url().substring(api.url().lastIndexOf(':'));
        var settings = Stage.quick().withIntervals(INTERVAL, Duration.ofHours(6));
        var accounts = new ArrayList<AccountConfig>();
        for (int i = 0; i < count; i++) {
            String address = "127.1." + i / 250 + "." + (1 + i % 250);
            accounts.add(new AccountConfig(
                    "tenant-" + i,
                    ApiUrl.parse("http://" + address + port, true),
                    () -> new Password(String.valueOf(api.token())),
                    settings));
        }
        return accounts;
    }

    private void run(int count) throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            add();
        }
        awaitAll(start, "first sweep of every account's devices");
        Thread.sleep(INTERVAL.toMillis());
        double before = requests();
        long since = System.nanoTime();
        Thread.sleep(2 * INTERVAL.toMillis());
        System.out.printf(
                "requests per account and interval: %.2f%n",
                (requests() - before) / accounts.size() / ((System.nanoTime() - since) / (double) INTERVAL.toNanos()));

        long joined = System.nanoTime();
        add();
        awaitAll(joined, "one poller more");
        Polling leaving = pollers.remove(0);
        long left = System.nanoTime();
        leaving.close();
        awaitAll(left, "one poller less");
        pollers.forEach(Polling::close);
    }

    private void add() {
        var poller = new Polling();
        pollers.add(poller);
        poller.service.start();
    }

    private double requests() {
        return pollers.stream().mapToDouble(Polling::requests).sum();
    }

    /** Until all accounts have exactly one owner and were swept since then. */
    private void awaitAll(long since, String what) throws InterruptedException {
        long shared = 0;
        while (System.nanoTime() - since < PATIENCE.toNanos()) {
            int owned = pollers.stream().mapToInt(Polling::owned).sum();
            boolean all = owned == accounts.size() && pollers.stream().allMatch(poller -> poller.owned() > 0);
            shared = !all ? 0 : shared == 0 ? System.nanoTime() : shared;
            if (shared > 0 && sweptSince(since).size() == accounts.size()) {
                break;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        IntSummaryStatistics shares = pollers.stream().mapToInt(Polling::owned).summaryStatistics();
        System.out.printf(
                "%s: shared out after %.1f s, all swept after %.1f s; %d accounts on %d pollers, %d to %d each, polled by two %s%n",
                what,
                (shared - since) / 1e9,
                (System.nanoTime() - since) / 1e9,
                accounts.size(),
                pollers.size(),
                shares.getMin(),
                shares.getMax(),
                polledByTwo(shared));
    }

    private Set<String> sweptSince(long moment) {
        var swept = ConcurrentHashMap.<String>newKeySet();
        pollers.forEach(poller -> poller.published.forEach((account, at) -> {
            if (at > moment) {
                swept.add(account);
            }
        }));
        return swept;
    }

    /** Accounts that more than one poller has published since they were shared out. */
    private Map<String, Integer> polledByTwo(long shared) {
        var by = new HashMap<String, Integer>();
        pollers.forEach(poller -> poller.published.forEach((account, at) -> {
            if (at > shared) {
                by.merge(account, 1, Integer::sum);
            }
        }));
        by.values().removeIf(count -> count == 1);
        return new TreeMap<>(by);
    }
}
