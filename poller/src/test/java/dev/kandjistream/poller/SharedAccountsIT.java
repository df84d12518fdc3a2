package dev.kandjistream.poller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.http.RateLimits;
import dev.kandjistream.sweeps.SweepReceipt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several pollers in one group share the accounts out, and hand them over when one comes or goes. */
class SharedAccountsIT {
    private static final int ACCOUNTS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    private static Stage stage;

    private final List<KandjiSimulator> apis = new ArrayList<>();
    private final List<AccountConfig> accounts = new ArrayList<>();
    private final List<Polling> pollers = new ArrayList<>();

    @BeforeAll
    static void startBroker() {
        stage = new Stage(directory);
    }

    @AfterAll
    static void stopBroker() {
        stage.close();
    }

    /** A poller that sweeps the devices four times a second, and what it has published. */
    private final class Polling implements SweepListener, AutoCloseable {
        private final BlockingQueue<String> published = new LinkedBlockingQueue<>();
        private final PollerService service = new PollerService(
                new PollerConfig(stage.topics, stage.kafka, accounts, GroupSettings.DEFAULT, (short) 1),
                new SimpleMeterRegistry(),
                this);

        Polling() {
            pollers.add(this);
            service.start();
        }

        @Override
        public void receipt(SweepReceipt receipt) {
            if (receipt.getKind().equals("devices")) {
                published.add(receipt.getAccountId());
            }
        }

        @Override
        public void close() {
            service.close();
        }

        /** Accounts of which something was published from now on, in as long as it takes each poller to sweep twice. */
        Set<String> polls(int receipts) throws InterruptedException {
            published.clear();
            var seen = new TreeSet<String>();
            for (int i = 0; i < receipts; i++) {
                String account = published.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                assertThat(account).as("an account that is swept").isNotNull();
                seen.add(account);
            }
            return seen;
        }
    }

    @BeforeEach
    void startTenants() {
        for (int i = 0; i < ACCOUNTS; i++) {
            String id = "tenant-" + i;
            var api = KandjiSimulator.start(Tenant.us(id, i)
                    .withLimits(RateLimits.told())
                    .withDevices(3)
                    .withAppsPerMac(3));
            apis.add(api);
            var settings = Stage.quick().withIntervals(Duration.ofMillis(250), Duration.ofHours(1));
            accounts.add(new AccountConfig(
                    id, ApiUrl.parse(api.url(), true), Stage.account(id, api).token(), settings));
        }
    }

    @AfterEach
    void stop() {
        pollers.forEach(Polling::close);
        apis.forEach(KandjiSimulator::close);
    }

    private Set<String> all() {
        return accounts.stream().map(AccountConfig::id).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Waits until the accounts that the pollers have published lately are everybody's, each somebody's alone. */
    private void assertSharedOut() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var together = new ArrayList<String>();
            for (Polling poller : pollers) {
                together.addAll(poller.polls(3 * ACCOUNTS));
            }
            if (together.size() == ACCOUNTS && new TreeSet<>(together).equals(all())) {
                return;
            }
            assertThat(System.nanoTime())
                    .as("time until each account has one poller, found %s", together)
                    .isLessThan(deadline);
        }
    }

    @Test
    void everyAccountHasOnePollerWhicheverComesAndGoes() throws Exception {
        var first = new Polling();
        assertThat(first.polls(3 * ACCOUNTS)).isEqualTo(all());

        var second = new Polling();
        assertSharedOut();
        assertThat(second.service.notReady()).isEmpty();

        pollers.remove(first);
        first.close();
        long closed = System.nanoTime();
        assertSharedOut();
        assertThat(Duration.ofNanos(System.nanoTime() - closed))
                .as("time until the other polls them all, three sweeps each")
                .isLessThan(Duration.ofSeconds(20));
    }
}
