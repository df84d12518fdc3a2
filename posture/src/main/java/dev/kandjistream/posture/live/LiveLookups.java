package dev.kandjistream.posture.live;

import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.posture.domain.AccountState;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.Doubt;
import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.posture.domain.LiveChoice;
import dev.kandjistream.posture.domain.Published;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.domain.Sighting;
import dev.kandjistream.posture.live.RecentLookups.Joined;
import dev.kandjistream.posture.live.RecentLookups.Part;
import dev.kandjistream.posture.live.RecentLookups.Wanted;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The accounts' APIs asked for one serial number, in the background and within a deadline.
 *
 * <pre>asker, sighting of the view -> RecentLookups  one lookup under way for all who ask the same; just over: remembered
 *                             -> AskedAccount   each account asked: threads, quota, one request
 *                             -> Lookup         answers together
 *                             -> sighting       live where the device was found, else as the view had it</pre>
 *
 * <p>An answer without the device leaves the sighting as it was, and so does an account that fails. A row of another device than
 * the one seen never makes the sighting live. May be asked from any thread.
 */
public final class LiveLookups implements AutoCloseable {
    /** What the view knows, for any thread. */
    public interface View {
        /** @return empty where nothing was heard of the account */
        Optional<AccountState> account(String id);

        /** @return empty where the view does not know the device */
        Optional<Published> published(String accountId, String deviceId);
    }

    private static final Doubt OTHER_PLATFORM = new Doubt(null, Attribute.PLATFORM.bit());

    /** Requests under way that every account may have. */
    static final int LEAST_AT_ONCE = 2;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final int MOST_REMEMBERED = 10_000;

    private final Map<String, AskedAccount> accounts = new LinkedHashMap<>();
    private final InstantSource clock;
    private final View view;
    private final LiveMetrics metrics;
    private final RecentLookups recent = new RecentLookups(MOST_REMEMBERED);

    /**
     * @param clock for the times of answers; what is remembered goes by it too
     * @param steadyNanos nanoseconds by a clock that is never set; the request budget goes by it
     */
    public LiveLookups(
            List<LiveAccount> accounts,
            LiveSettings settings,
            InstantSource clock,
            LongSupplier steadyNanos,
            View view,
            MeterRegistry registry) {
        this.clock = clock;
        this.view = view;
        metrics = new LiveMetrics(registry);
        HttpClient http = KandjiClient.newHttpClient(CONNECT_TIMEOUT);
        int atOnce = Math.max(LEAST_AT_ONCE, settings.atOnce() / Math.max(1, accounts.size()));
        for (LiveAccount account : accounts) {
            this.accounts.put(
                    account.id(), new AskedAccount(account, settings, atOnce, http, clock, steadyNanos, metrics));
        }
    }

    /**
     * Asks the account of the device seen, or every account where none was seen.
     *
     * @param seen what the view knows
     * @param deadline how long the answer may take; of several accounts, what has come by then counts
     * @return never fails. A {@link dev.kandjistream.posture.domain.Source#LIVE} sighting if the device seen, or one under an
     *     unknown serial number, was found. Otherwise {@code seen}, with what the rows of other devices leave open. What is done with it at once is done on a thread that others wait for too: whatever takes longer than
     *     a decision goes on elsewhere
     */
    public CompletionStage<Sighting> ask(SerialNumber serial, Sighting seen, Duration deadline) {
        Optional<String> accountId =
                seen.device().map(device -> device.enrolment().accountId());
        List<AskedAccount> asked = asked(accountId);
        if (asked.isEmpty()) {
            metrics.asked(LiveOutcome.REFUSED.word());
            return CompletableFuture.completedFuture(seen);
        }
        var wanted = new Wanted(serial, accountId);
        Instant now = clock.instant();
        Joined joined = recent.join(wanted, asked.size(), now, now.plus(deadline));
        if (joined.part() == Part.BEGINS) {
            begin(wanted, asked, joined.lookup(), now);
        }
        return waiting(joined.lookup(), deadline)
                .handle((nothing, fault) -> told(serial, joined, seen))
                .exceptionally(fault -> seen);
    }

    private List<AskedAccount> asked(Optional<String> accountId) {
        return accountId
                .map(id -> Optional.ofNullable(accounts.get(id)).map(List::of).orElse(List.of()))
                .orElseGet(() -> List.copyOf(accounts.values()));
    }

    private void begin(Wanted wanted, List<AskedAccount> asked, Lookup lookup, Instant now) {
        lookup.whole().thenRun(() -> {
            Instant over = clock.instant();
            if (lookup.wasAsked()) {
                metrics.took(Duration.between(now, over));
            }
            recent.settle(wanted, lookup, over);
        });
        asked.forEach(account -> account.ask(wanted.serial(), lookup));
    }

    /** Of this asker alone: its deadline ends its own wait, not the lookup. */
    private static CompletableFuture<Void> waiting(Lookup lookup, Duration deadline) {
        return lookup.whole().copy().completeOnTimeout(null, deadline.toNanos(), TimeUnit.NANOSECONDS);
    }

    private Sighting told(SerialNumber serial, Joined joined, Sighting seen) {
        Lookup.Finding finding = joined.lookup().finding();
        List<Enrolment> rows = finding.rows().stream()
                .flatMap(row -> believed(serial, row).stream())
                .toList();
        Optional<LiveChoice> choice = LiveChoice.of(seen.device(), rows);
        boolean isUsed = choice.filter(LiveChoice::used).isPresent();
        boolean contradicted = finding.outcome() == LiveOutcome.FOUND && !isUsed;
        metrics.asked(
                switch (joined.part()) {
                    case BEGINS ->
                        contradicted
                                ? LiveMetrics.CONTRADICTED
                                : finding.outcome().word();
                    case SHARES -> LiveMetrics.SHARED;
                    case REMEMBERS -> LiveMetrics.REMEMBERED;
                });
        return choice.map(made -> sighting(made, finding, seen)).orElse(seen);
    }

    private Sighting sighting(LiveChoice choice, Lookup.Finding finding, Sighting seen) {
        if (!choice.live()) {
            return Sighting.ofView(choice.chosen(), seen.account());
        }
        String accountId = choice.chosen().enrolment().accountId();
        return Sighting.live(
                choice.chosen(),
                view.account(accountId),
                finding.askedAt().get(accountId).toEpochMilli());
    }

    /**
     * A live row changes neither the serial number nor the platform of a device that the view knows: the poller publishes such
     * a change on evidence only, and one live answer is none.
     *
     * @return empty if the device was published under another serial number, or under none
     */
    private Optional<Enrolment> believed(SerialNumber serial, Enrolment live) {
        Optional<Published> published = view.published(live.accountId(), live.deviceId());
        if (published.isEmpty()) {
            return Optional.of(live);
        }
        if (published.get().contradicts(serial)) {
            return Optional.empty();
        }
        return Optional.of(published.get().contradictsPlatform(live.platform()) ? live.with(OTHER_PLATFORM) : live);
    }

    /** Returns at once. Whoever waits gets what has come; requests under way are interrupted. */
    @Override
    public void close() {
        accounts.values().forEach(AskedAccount::close);
        // What is begun from here on is refused at once; what waited in a queue would never be answered.
        recent.endAll();
    }
}
