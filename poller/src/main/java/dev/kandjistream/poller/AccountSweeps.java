package dev.kandjistream.poller;

import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.kandji.http.ApiException;
import dev.kandjistream.kandji.http.Connection;
import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.kandji.http.QuotaGovernor;
import dev.kandjistream.kandji.http.Waiting;
import dev.kandjistream.poller.domain.AppsJudge;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.DevicesJudge;
import dev.kandjistream.poller.domain.DevicesSweep;
import dev.kandjistream.poller.domain.EvidenceRules;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.Overtaken;
import dev.kandjistream.poller.domain.SingleReads;
import dev.kandjistream.poller.domain.Verdict;
import dev.kandjistream.poller.domain.Walk;
import dev.kandjistream.poller.http.AppsOfDevices;
import dev.kandjistream.poller.http.AppsReading;
import dev.kandjistream.poller.http.DevicesWalk;
import dev.kandjistream.poller.http.Licensing;
import dev.kandjistream.poller.http.OptionalEndpoints;
import dev.kandjistream.poller.http.Progress;
import dev.kandjistream.poller.http.Reading;
import dev.kandjistream.poller.kafka.PublishException;
import dev.kandjistream.poller.kafka.Published;
import dev.kandjistream.poller.kafka.SweepFacts;
import dev.kandjistream.poller.kafka.SweepPublisher;
import dev.kandjistream.schemas.SerialNumbers;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One account's sweeps, start to end: read every page, judge, publish. Reading may be interrupted at any time and leaves no
 * trace; judging and publishing belong together and are the publisher's.
 */
final class AccountSweeps {
    private static final Logger LOG = LoggerFactory.getLogger(AccountSweeps.class);

    private final AccountConfig account;
    private final SerialNumbers serialNumbers;
    private final HttpClient http;
    private final QuotaGovernor governor;
    private final SweepPublisher publisher;
    private final Waiting waiting;
    private final PollerMetrics metrics;
    private final SweepListener listener;
    private final Overtaken overtaken = new Overtaken();
    private final AppsDelta changedApps = new AppsDelta(this);
    private final NamedDevices namedDevices = new NamedDevices(this);
    private final AppsReading apps;
    private final Licensing licensing;

    AccountSweeps(
            AccountConfig account,
            SerialNumbers serialNumbers,
            HttpClient http,
            SweepPublisher publisher,
            Waiting waiting,
            PollerMetrics metrics,
            SweepListener listener) {
        this(
                account,
                serialNumbers,
                http,
                governor(account.settings(), waiting),
                publisher,
                waiting,
                metrics,
                listener);
    }

    private AccountSweeps(
            AccountConfig account,
            SerialNumbers serialNumbers,
            HttpClient http,
            QuotaGovernor governor,
            SweepPublisher publisher,
            Waiting waiting,
            PollerMetrics metrics,
            SweepListener listener) {
        this.account = account;
        this.serialNumbers = serialNumbers;
        this.http = http;
        this.governor = governor;
        this.publisher = publisher;
        this.waiting = waiting;
        this.metrics = metrics;
        this.listener = listener;
        metrics.watch(account.id(), governor);
        var optional = new OptionalEndpoints(account.token(), waiting);
        apps = new AppsReading(account.id(), account.settings().appsBy() == AppsBy.AUTO, optional);
        licensing = new Licensing(optional);
    }

    private static QuotaGovernor governor(PollSettings settings, Waiting waiting) {
        return new QuotaGovernor(
                settings.budget().hourly(),
                settings.budget().share(),
                settings.budget().perSecond(),
                waiting);
    }

    /** The same account as it is configured now. What was spent of its budget stays spent where that is the same. */
    AccountSweeps configured(AccountConfig otherwise) {
        boolean sameBudget =
                account.settings().budget().equals(otherwise.settings().budget())
                        && account.apiUrl().tenant().equals(otherwise.apiUrl().tenant());
        return new AccountSweeps(
                otherwise,
                serialNumbers,
                http,
                sameBudget ? governor : governor(otherwise.settings(), waiting),
                publisher,
                waiting,
                metrics,
                listener);
    }

    AccountConfig account() {
        return account;
    }

    /** What has been read of a sweep, to be published. */
    interface Unpublished {
        Published publish() throws PublishException;
    }

    /** @throws InterruptedException when the sweep is cancelled */
    Unpublished read(Kind kind) throws InterruptedException, PublishException {
        long startedAt = now();
        // Its own client, which counts its own requests; the budget is the account's.
        var client = client(kind);
        Progress progress = (rows, total) -> listener.reached(
                account.id(), kind, new SweepListener.Reached(startedAt, rows, total, client.requests()));
        return switch (kind) {
            case DEVICES -> readDevices(client, progress, startedAt);
            case APPS -> readApps(client, progress, startedAt);
            case DELTA -> changedApps.read(client, startedAt);
            case TARGETED -> namedDevices.read(client, startedAt);
        };
    }

    /** @param sweep called when a single device leads to the belief that the whole list is worth a look */
    void onDoubtAboutDevices(Runnable sweep) {
        namedDevices.onDoubt(sweep);
    }

    /**
     * Time from now to the next sweep of the kind; zero where it is due or the account's ledger knows of none. Empty where it
     * is made on demand only.
     */
    Optional<Duration> dueIn(Kind kind) {
        Optional<Duration> interval = account.settings().interval(kind);
        return kind.isWhole() ? interval.map(time -> sinceTheLast(kind, time)) : interval;
    }

    private Duration sinceTheLast(Kind kind, Duration interval) {
        try {
            long last = publisher.ask(
                    account.id(),
                    // What was to be published again when a poller stopped does not wait for the interval.
                    ledger -> ledger.lacksPublished(kind.word())
                            ? Moment.UNKNOWN
                            : ledger.complete(kind.word()).lastAt());
            long wait = last == Moment.UNKNOWN ? 0 : last + interval.toMillis() - now();
            return Duration.ofMillis(Math.max(0, wait));
        } catch (PublishException notOpen) {
            return Duration.ZERO;
        }
    }

    private KandjiClient client(Kind kind) {
        PollSettings settings = account.settings();
        return new KandjiClient(
                http,
                account.apiUrl().origin(),
                account.token(),
                governor,
                kind.urgency(),
                new KandjiClient.Settings(
                        settings.patience().attempts(), settings.patience().timeout()),
                waiting,
                status -> metrics.requested(account.id(), status));
    }

    private Unpublished readDevices(KandjiClient client, Progress progress, long startedAt)
            throws InterruptedException {
        Reading<DevicesSweep> reading = new DevicesWalk(client, progress).read();
        DevicesSweep sweep = reading.sweep();
        sweep.serialNumbers(serialNumbers::real);
        if (mayLoseDevices(sweep, startedAt)) {
            licensing.devices(client).ifPresent(sweep::licensed);
        }
        SweepFacts facts = facts(Kind.DEVICES, client, reading, sweep.walk(), startedAt);
        return () -> {
            Published published = publisher.publishAlways(facts, orFailed(reading, Kind.DEVICES, ledger -> {
                overtaken.skipOvertakenOfList(sweep);
                return DevicesJudge.judge(ledger, sweep, evidence(), startedAt, now());
            }));
            if (sweep.isSound()) {
                overtaken.listPublished(startedAt);
            }
            return published;
        };
    }

    private boolean mayLoseDevices(DevicesSweep sweep, long startedAt) {
        try {
            return publisher.ask(
                    account.id(), ledger -> DevicesJudge.worthCounting(ledger, sweep, evidence(), startedAt));
        } catch (PublishException notOpen) {
            // What was read is kept until the broker is back, and judged then.
            return true;
        }
    }

    private Unpublished readApps(KandjiClient client, Progress progress, long startedAt)
            throws InterruptedException, PublishException {
        Reading<AppsSweep> reading = apps.read(client, progress, publisher.ask(account.id(), Ledger::appRows));
        AppsSweep sweep = reading.sweep();
        if (reading.failure().map(ApiException::connection).orElse(Connection.CONNECTED) == Connection.CONNECTED) {
            askAboutSingleDevices(client, sweep);
        }
        SweepFacts facts = facts(Kind.APPS, client, reading, sweep.walk(), startedAt);
        return () -> publisher.publishAlways(
                facts,
                orFailed(reading, Kind.APPS, ledger -> AppsJudge.judge(ledger, sweep, evidence(), startedAt, now())));
    }

    /**
     * Gathers evidence that the walk could not give. The ledger may move on meanwhile, by a sweep of devices: the verdict
     * looks at it anew.
     */
    private void askAboutSingleDevices(KandjiClient client, AppsSweep sweep)
            throws InterruptedException, PublishException {
        var single = new AppsOfDevices(client);
        List<String> reread =
                publisher.ask(account.id(), ledger -> SingleReads.worthRereading(ledger, sweep, evidence()));
        single.reread(reread, sweep).ifPresent(why -> LOG.atInfo()
                .addKeyValue("account", account.id())
                .addKeyValue("reason", why)
                .log("Devices were not all read again; their missing apps wait"));
        List<String> confirm =
                publisher.ask(account.id(), ledger -> SingleReads.worthConfirming(ledger, sweep, evidence()));
        single.confirmEmpty(confirm, sweep).ifPresent(failure -> LOG.atInfo()
                .addKeyValue("account", account.id())
                .addKeyValue("endpoint", failure.endpoint())
                .addKeyValue("statusCode", failure.status().orElse(0))
                .log("Devices without apps were not all confirmed; their missing apps wait"));
    }

    static Function<Ledger, Verdict> orFailed(Reading<?> reading, Kind kind, Function<Ledger, Verdict> judge) {
        return reading.pages() > 0
                ? judge
                : ledger -> Verdict.failed(
                        reading.failure().map(ApiException::getMessage).orElse("nothing was read"),
                        ledger,
                        kind.word());
    }

    SweepFacts facts(Kind kind, KandjiClient client, Reading<?> reading, Walk walk, long startedAt) {
        var failure = reading.failure();
        var quota = governor.quota();
        return new SweepFacts(
                account.id(),
                kind.word(),
                startedAt,
                failure.map(ApiException::connection)
                        .orElse(Connection.CONNECTED)
                        .name(),
                failure.map(ApiException::endpoint).orElse(null),
                failure.map(ApiException::status).orElse(OptionalInt.empty()),
                client.requests(),
                reading.pages(),
                walk.rows(),
                walk.claimedTotal(),
                walk.asOf(),
                quota.limit(),
                quota.spent(),
                quota.remaining(),
                reading.pages() > 0 ? account.apiUrl().tenant() : null);
    }

    /** Nothing was asked of the API, because something else has to come first; and nothing is said about it. */
    Unpublished notYet(Kind kind, KandjiClient client, long startedAt, String why) {
        var nothing = new Reading<AppsSweep>(null, 0, Optional.empty());
        SweepFacts facts = facts(kind, client, nothing, new Walk(), startedAt);
        return () -> publisher.withoutReceipt(facts, ledger -> Verdict.failed(why, ledger, kind.word()));
    }

    SerialNumbers serialNumbers() {
        return serialNumbers;
    }

    SweepPublisher publisher() {
        return publisher;
    }

    Overtaken overtaken() {
        return overtaken;
    }

    EvidenceRules evidence() {
        var intervals = account.settings().intervals();
        return account.settings().evidence().forIntervals(intervals.devices(), intervals.apps());
    }

    long now() {
        return waiting.now().toEpochMilli();
    }
}
