package dev.kandjistream.poller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.kandji.ApiUrl;
import dev.kandjistream.poller.RemovedAccount.OnRemoval;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.http.RateLimits;
import dev.kandjistream.sweeps.SweepReceipt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several pollers in one group share the accounts out, hand them over when one comes or goes, and follow their list. */
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
        private final BlockingQueue<SweepReceipt> receipts = new LinkedBlockingQueue<>();
        private final AtomicReference<AccountList> configured = new AtomicReference<>();
        private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        private final PollerService service;

        Polling() {
            this(accounts);
        }

        Polling(List<AccountConfig> polled) {
            var config = new PollerConfig(stage.topics, stage.kafka, polled, GroupSettings.DEFAULT, (short) 1);
            service = new PollerService(config, metrics, this);
            pollers.add(this);
            service.start();
            service.follow(() -> Optional.ofNullable(configured.getAndSet(null)), Duration.ofMillis(20));
        }

        /** What the configuration says from now on. */
        void configure(List<AccountConfig> polled, RemovedAccount... removed) {
            configured.set(new AccountList(polled, List.of(removed)));
        }

        /** The next receipt, of those published from now on, that is as wanted. */
        SweepReceipt next(Predicate<SweepReceipt> wanted) throws InterruptedException {
            receipts.clear();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                SweepReceipt receipt = receipts.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                assertThat(receipt).as("a receipt as wanted").isNotNull();
                if (wanted.test(receipt)) {
                    return receipt;
                }
            }
        }

        @Override
        public void receipt(SweepReceipt receipt) {
            receipts.add(receipt);
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

    private static Predicate<SweepReceipt> devicesOf(AccountConfig account) {
        return receipt ->
                receipt.getAccountId().equals(account.id()) && receipt.getKind().equals("devices");
    }

    private static Predicate<SweepReceipt> removalOf(AccountConfig account) {
        return receipt -> receipt.getAccountId().equals(account.id())
                && receipt.getReason() != null
                && receipt.getReason().contains("removed");
    }

    private static RemovedAccount removed(AccountConfig account, OnRemoval onRemoval) {
        return new RemovedAccount(account.id(), onRemoval);
    }

    @Test
    void anAccountComesAndGoesWhileThePollerRunsAndItsDataStays() throws Exception {
        AccountConfig first = named("stays", 0);
        AccountConfig second = named("comes-and-goes", 1);
        var poller = new Polling(List.of(first));
        poller.next(devicesOf(first));

        poller.configure(List.of(first, second));
        assertThat(poller.next(devicesOf(second)).getVerdict()).isEqualTo("COMPLETE");
        assertThat(stage.devices(second.id())).hasSize(3);
        assertThat(poller.metrics
                        .find("poller.connected")
                        .tag("account", second.id())
                        .gauges())
                .hasSize(Kind.values().length);

        poller.configure(List.of(first), removed(second, OnRemoval.KEEP));
        await(() -> poller.metrics
                .find("poller.connected")
                .tag("account", second.id())
                .gauges()
                .isEmpty());
        // Whatever was under way has ended by then.
        poller.next(devicesOf(first));
        poller.published.clear();
        assertThat(poller.polls(8)).containsExactly(first.id());
        assertThat(stage.devices(second.id())).hasSize(3);
        assertThat(poller.service.notReady()).isEmpty();

        poller.configure(List.of(first, second));
        SweepReceipt again = poller.next(devicesOf(second));
        assertThat(again.getUnchanged()).as("as its ledger remembers").isEqualTo(3);
        assertThat(again.getPublished()).isZero();
    }

    @Test
    void otherTokensSettingsAndUrlsArePickedUpAndTheLedgerStays() throws Exception {
        AccountConfig account = named("changes", 2);
        AccountConfig bystander = named("does-not", 3);
        var poller = new Polling(List.of(account, bystander));
        poller.next(devicesOf(account));
        apis.get(2).access().replaceToken("renewed");
        AccountConfig stale = with(account, () -> new Password("old"), account.settings());
        poller.configure(List.of(stale, bystander));
        assertThat(poller.next(devicesOf(account)).getConnection()).isEqualTo("UNAUTHORIZED");

        AccountConfig renewed = with(account, () -> new Password("renewed"), account.settings());
        poller.configure(List.of(renewed, bystander));
        SweepReceipt sound = poller.next(devicesOf(account).and(receipt -> receipt.getPages() > 0));
        assertThat(sound.getVerdict()).isEqualTo("COMPLETE");
        assertThat(sound.getUnchanged()).isEqualTo(3);

        var patient = account.settings().withIntervals(Duration.ofHours(1), Duration.ofHours(1));
        poller.configure(List.of(with(renewed, renewed.token(), patient), bystander));
        poller.next(devicesOf(account));
        poller.next(devicesOf(bystander));
        poller.published.clear();
        assertThat(poller.polls(8)).as("once an hour is not now").containsExactly(bystander.id());

        AccountConfig moved = new AccountConfig(
                account.id(), accounts.get(7).apiUrl(), accounts.get(7).token(), account.settings());
        poller.configure(List.of(moved, bystander));
        SweepReceipt other = poller.next(devicesOf(account));
        assertThat(other.getVerdict()).isEqualTo("QUARANTINED");
        assertThat(other.getReason()).contains("another tenant's now");
        assertThat(stage.devices(account.id())).hasSize(6);
    }

    @Test
    void aRemovedAccountIsRetractedByItsOwnerAloneWithoutItsApiAndStartsAnew() throws Exception {
        AccountConfig first = named("owner-stays", 4);
        AccountConfig second = named("retracted", 5);
        var pollers = List.of(new Polling(List.of(first, second)), new Polling(List.of(first, second)));
        await(() -> stage.devices(second.id()).size() == 3
                && stage.apps(second.id()).size() == 3);
        apis.get(5).access().revokeToken();

        for (Polling poller : pollers) {
            poller.configure(List.of(first), removed(second, OnRemoval.RETRACT));
        }
        await(() -> receipts(second).stream()
                .filter(removalOf(second))
                .map(SweepReceipt::getKind)
                .toList()
                .containsAll(List.of("devices", "apps")));
        assertThat(stage.devices(second.id())).isEmpty();
        assertThat(stage.apps(second.id())).isEmpty();
        for (var topic : List.of(stage.topics.rawDevices(), stage.topics.rawApps())) {
            var tombstones = stage.records(topic, second.id()).stream()
                    .filter(record -> record.value() == null)
                    .toList();
            assertThat(tombstones).hasSize(3).allSatisfy(tombstone -> assertThat(
                            new String(tombstone.headers().lastHeader("cause").value(), StandardCharsets.UTF_8))
                    .isEqualTo("ACCOUNT_REMOVED"));
        }

        apis.get(5).access().replaceToken("anew");
        for (Polling poller : pollers) {
            poller.configure(List.of(first, with(second, () -> new Password("anew"), second.settings())));
        }
        await(() -> stage.devices(second.id()).size() == 3);
        assertThat(stage.devices(second.id()).values()).allMatch(RawDevice::getBaseline);
    }

    /** One of the tenants under another id, so that each test has accounts of its own. */
    private AccountConfig named(String id, int tenant) {
        AccountConfig account = accounts.get(tenant);
        return new AccountConfig(id, account.apiUrl(), account.token(), account.settings());
    }

    private static AccountConfig with(AccountConfig account, Supplier<Password> token, PollSettings settings) {
        return new AccountConfig(account.id(), account.apiUrl(), token, settings);
    }

    private static List<SweepReceipt> receipts(AccountConfig account) {
        return stage.records(stage.topics.sweeps(), account.id()).stream()
                .map(ConsumerRecord::value)
                .toList();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time waited").isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
