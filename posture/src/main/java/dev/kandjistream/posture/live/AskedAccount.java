package dev.kandjistream.posture.live;

import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.http.ApiException;
import dev.kandjistream.kandji.http.Connection;
import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.kandji.http.QuotaGovernor;
import dev.kandjistream.kandji.http.SerialLookup;
import dev.kandjistream.kandji.http.Urgency;
import dev.kandjistream.kandji.http.Waiting;
import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.posture.domain.SerialNumber;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.config.types.Password;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One account's API: one request for one serial number, on threads and within a quota of its own. */
final class AskedAccount implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AskedAccount.class);

    /** Of one request. Longer than any deadline need be: what comes late is good for the next asker. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** The tenant's requests an hour (documented), until the API says otherwise. */
    private static final long HOURLY_BUDGET = 10_000;
    /** As many as one batch may ask about. */
    private static final int MOST_WAITING = 1_000;

    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final LiveAccount account;
    private final InstantSource clock;
    private final SerialLookup api;
    private final ThreadPoolExecutor threads;
    private final Refusal refusal = new Refusal();
    private Instant quietUntil = Instant.MIN;

    /** @param atOnce requests under way at the same time */
    AskedAccount(
            LiveAccount account,
            LiveSettings settings,
            int atOnce,
            HttpClient http,
            InstantSource clock,
            LongSupplier steadyNanos,
            LiveMetrics metrics) {
        this.account = account;
        this.clock = clock;
        Waiting waiting = new Waiting() {
            @Override
            public Instant now() {
                return clock.instant();
            }

            @Override
            public long steadyNanos() {
                return steadyNanos.getAsLong();
            }

            @Override
            public void pause(Duration time) {
                throw new IllegalStateException("expected one attempt without waiting, found a wait of " + time);
            }
        };
        api = new SerialLookup(new KandjiClient(
                http,
                account.url().origin(),
                account.token(),
                new QuotaGovernor(HOURLY_BUDGET, settings.quotaShare(), settings.perSecond(), waiting),
                Urgency.DEVICES,
                new KandjiClient.Settings(1, TIMEOUT, Duration.ZERO),
                waiting,
                status -> metrics.requested(account.id(), status)));
        threads = new ThreadPoolExecutor(
                atOnce,
                atOnce,
                IDLE.toMillis(),
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                task -> {
                    var thread = new Thread(task, "posture-live-" + account.id());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    String id() {
        return account.id();
    }

    /** Never waits. The lookup gets one answer: at once where there is no room, else from another thread. */
    void ask(SerialNumber serial, Lookup lookup) {
        try {
            threads.execute(() -> {
                AccountAnswer answer = none(LiveOutcome.FAILED);
                try {
                    answer = answer(serial, lookup);
                } finally {
                    lookup.take(answer);
                }
            });
        } catch (RejectedExecutionException fullOrClosed) {
            lookup.take(none(LiveOutcome.REFUSED));
        }
    }

    private AccountAnswer answer(SerialNumber serial, Lookup lookup) {
        if (!lookup.isWanted(clock.instant())) {
            return none(LiveOutcome.TOO_LATE);
        }
        Password token = token();
        if (refusal.stands(token, clock.instant())) {
            return none(LiveOutcome.PAUSED);
        }
        Instant before = clock.instant();
        try {
            List<DeviceRow> rows = api.find(serial.text());
            List<Enrolment> found = rows.stream()
                    .map(row -> LiveEnrolment.of(account.id(), row))
                    .toList();
            return AccountAnswer.of(account.id(), found, askedAt(before, rows), clock.instant());
        } catch (ApiException failure) {
            return none(judge(failure, token));
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return none(LiveOutcome.REFUSED);
        } catch (RuntimeException unforeseen) {
            warn(unforeseen.getClass().getName(), 0, "");
            return none(LiveOutcome.FAILED);
        }
    }

    /** A wait between the decision to ask and the request makes an answer older, not younger. */
    private static Instant askedAt(Instant before, List<DeviceRow> rows) {
        long asked = rows.stream().mapToLong(DeviceRow::observedAt).reduce(before.toEpochMilli(), Math::min);
        return Instant.ofEpochMilli(asked);
    }

    private LiveOutcome judge(ApiException failure, Password token) {
        Connection connection = failure.connection();
        if (connection == Connection.RATE_LIMITED && failure.status().isEmpty()) {
            return LiveOutcome.QUOTA;
        }
        if (connection == Connection.UNAUTHORIZED || connection == Connection.FORBIDDEN) {
            refusal.of(token, clock.instant());
        }
        warn(
                connection.name(),
                failure.status().orElse(0),
                connection == Connection.CONNECTED
                        ? "The API answered with something else than the devices of one serial number."
                        : connection.mending());
        return LiveOutcome.FAILED;
    }

    /** Null where it cannot be read; asking then says so. */
    private Password token() {
        try {
            return account.token().get();
        } catch (RuntimeException unreadable) {
            return null;
        }
    }

    /** Once a minute, however many ask. Without the API's own words: they may quote what was asked for. */
    private void warn(String connection, int status, String advice) {
        if (isTimeToWarn(clock.instant())) {
            LOG.atWarn()
                    .addKeyValue("account", account.id())
                    .addKeyValue("connection", connection)
                    .addKeyValue("statusCode", status)
                    .addKeyValue("advice", advice)
                    .log("Live lookup failed; decisions go by the view");
        }
    }

    private synchronized boolean isTimeToWarn(Instant now) {
        if (now.isBefore(quietUntil)) {
            return false;
        }
        quietUntil = now.plus(BETWEEN_WARNINGS);
        return true;
    }

    private AccountAnswer none(LiveOutcome why) {
        return AccountAnswer.none(account.id(), why, clock.instant());
    }

    /** Returns at once: requests under way are interrupted, those waiting get no answer. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
