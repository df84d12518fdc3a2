package dev.kandjistream.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.kandji.ApiUrl;
import dev.kandjistream.poller.RemovedAccount.OnRemoval;
import dev.kandjistream.sweeps.SweepReceipt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;

/** Which accounts begin and end when the list changes, and in which order; the sweeps are this test's. */
class PolledAccountsTest {
    private static final Supplier<Password> TOKEN = () -> new Password("t");
    private static final AccountConfig ACME = account("acme", "acme.api.kandji.io");
    private static final AccountConfig GLOBEX = account("globex", "globex.api.kandji.io");

    private final List<String> heard = new ArrayList<>();
    private final Set<String> owned = new HashSet<>(Set.of("acme", "globex"));
    private final Queue<Runnable> sweeps = new ArrayDeque<>();
    private final PolledAccounts accounts = new PolledAccounts(new Service());

    private static AccountConfig account(String id, String url) {
        return new AccountConfig(id, ApiUrl.parse(url, false), TOKEN, PollSettings.defaults());
    }

    private static AccountConfig patient(AccountConfig account) {
        var settings = account.settings().withIntervals(Duration.ofHours(3), Duration.ofHours(9));
        return new AccountConfig(account.id(), account.apiUrl(), account.token(), settings);
    }

    private static AccountConfig retokened(AccountConfig account) {
        return new AccountConfig(account.id(), account.apiUrl(), () -> new Password("other"), account.settings());
    }

    private void follow(List<AccountConfig> polled, RemovedAccount... removed) {
        accounts.follow(new AccountList(polled, List.of(removed)));
    }

    private static RemovedAccount retracted(AccountConfig account) {
        return new RemovedAccount(account.id(), OnRemoval.RETRACT);
    }

    /** A sweep of the account is under way until {@link #endSweeps}. */
    private Lane sweeping(AccountConfig account) {
        Lane lane = accounts.account(account.id()).orElseThrow().lanes().get(Kind.DEVICES);
        lane.sweep();
        heard.clear();
        return lane;
    }

    private void endSweeps() {
        for (Runnable sweep = sweeps.poll(); sweep != null; sweep = sweeps.poll()) {
            sweep.run();
        }
    }

    @Test
    void onlyWhatIsNewOrChangedBegins() {
        follow(List.of(ACME));
        follow(List.of(ACME, GLOBEX));
        follow(List.of(ACME, GLOBEX));
        assertThat(heard).containsExactly("poll acme", "begin acme", "poll globex", "begin globex");
    }

    @Test
    void anAccountOfAnotherPollerBeginsWhenItBecomesThisOnes() {
        owned.clear();
        follow(List.of(ACME));
        assertThat(heard).containsExactly("poll acme");
        accounts.begin("acme");
        assertThat(heard).containsExactly("poll acme", "begin acme");
    }

    @Test
    void anAccountThatIsMissingEndsAndTheOthersGoOn() {
        follow(List.of(ACME, GLOBEX));
        Lane globex = accounts.account("globex").orElseThrow().lanes().get(Kind.DEVICES);
        heard.clear();
        follow(List.of(ACME));
        assertThat(heard).containsExactly("forget globex");
        assertThat(accounts.ids()).containsExactly("acme");
        assertThat(globex.sweep()).isCompletedExceptionally();
    }

    @Test
    void otherSettingsBeginWhenTheSweepUnderWayHasEnded() {
        follow(List.of(ACME));
        Lane former = sweeping(ACME);
        follow(List.of(patient(ACME)));
        assertThat(heard).containsExactly("forget acme", "poll acme after another");
        assertThat(former.ended()).isNotDone();
        endSweeps();
        assertThat(former.ended()).isDone();
        assertThat(heard).contains("begin acme");
    }

    @Test
    void anotherTokenBeginsOnlyThenToo() {
        follow(List.of(ACME));
        sweeping(ACME);
        follow(List.of(retokened(ACME)));
        assertThat(heard).doesNotContain("begin acme");
        endSweeps();
        assertThat(heard).contains("begin acme");
    }

    @Test
    void nothingIsRetractedBeforeTheLastSweepHasEnded() {
        follow(List.of(ACME, GLOBEX));
        sweeping(GLOBEX);
        follow(List.of(ACME), retracted(GLOBEX));
        assertThat(heard).containsExactly("forget globex", "remove globex");
        assertThat(accounts.allIds()).containsExactly("acme", "globex");
        endSweeps();
        assertThat(heard).containsExactly("forget globex", "remove globex", "begin globex");
        follow(List.of(ACME), retracted(GLOBEX));
        assertThat(heard).hasSize(3);
    }

    @Test
    void anAccountToBeKeptIsOneThatIsMissing() {
        follow(List.of(ACME, GLOBEX));
        heard.clear();
        follow(List.of(ACME), new RemovedAccount("globex", OnRemoval.KEEP));
        assertThat(heard).containsExactly("forget globex");
        assertThat(accounts.allIds()).containsExactly("acme");
    }

    @Test
    void aRemovedAccountCanComeBack() {
        follow(List.of(ACME), retracted(GLOBEX));
        heard.clear();
        follow(List.of(ACME, GLOBEX));
        assertThat(heard).containsExactly("poll globex", "begin globex");
        assertThat(accounts.removal("globex")).isEmpty();
    }

    @Test
    void aListAtFaultChangesNothing() {
        follow(List.of(ACME));
        heard.clear();
        assertThatThrownBy(() -> follow(List.of(GLOBEX, account("twin", "globex.api.kandji.io")), retracted(GLOBEX)))
                .hasMessageContaining("found globex and twin for globex/us")
                .hasMessageContaining("polled or removed once, found globex twice");
        assertThat(heard).isEmpty();
        assertThat(accounts.ids()).containsExactly("acme");
    }

    /** Writes down what it is asked for; a lane's sweep runs when the test says. */
    private final class Service implements PolledAccounts.Host, Lane.Host {
        private final PollerMetrics metrics = new PollerMetrics(new SimpleMeterRegistry());

        @Override
        public PolledAccount poll(AccountConfig account, Optional<PolledAccount> before) {
            heard.add("poll " + account.id() + (before.isPresent() ? " after another" : ""));
            var sweepsOfIt = new AccountSweeps(account, null, null, null, new TestClock(), metrics, SweepListener.NONE);
            return new PolledAccount(
                    sweepsOfIt,
                    Map.of(
                            Kind.DEVICES, new Lane(sweepsOfIt, Kind.DEVICES, this),
                            Kind.APPS, new Lane(sweepsOfIt, Kind.APPS, this)));
        }

        @Override
        public Removal remove(RemovedAccount account) {
            heard.add("remove " + account.id());
            return new Removal(account.id(), null, new TestClock());
        }

        @Override
        public void forget(String accountId) {
            heard.add("forget " + accountId);
        }

        @Override
        public boolean owns(String accountId) {
            return owned.contains(accountId);
        }

        @Override
        public void begin(String accountId) {
            heard.add("begin " + accountId);
        }

        @Override
        public void run(Runnable sweep) {
            sweeps.add(sweep);
        }

        @Override
        public void awaitOpen(String accountId) throws InterruptedException {
            throw new InterruptedException("this sweep comes to nothing");
        }

        @Override
        public Future<?> schedule(Lane lane, Duration after) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void published(SweepReceipt receipt) {
            throw new AssertionError("no sweep comes to anything");
        }

        @Override
        public void looked(SweepReceipt receipt) {
            throw new AssertionError("no sweep comes to anything");
        }

        @Override
        public void recovered(AccountConfig account) {}

        @Override
        public void republishes(AccountConfig account, Kind kind) {}

        @Override
        public void over(AccountConfig account, Kind kind) {
            // Nobody watches its progress.
        }

        @Override
        public void unpublished(AccountConfig account, Kind kind, Throwable failure) {
            throw new AssertionError(failure);
        }
    }
}
