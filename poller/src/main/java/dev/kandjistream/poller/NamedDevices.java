package dev.kandjistream.poller;

import dev.kandjistream.kandji.http.ApiException;
import dev.kandjistream.kandji.http.Connection;
import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.poller.AccountSweeps.Unpublished;
import dev.kandjistream.poller.domain.DevicesJudge;
import dev.kandjistream.poller.domain.DevicesSweep;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.Verdict;
import dev.kandjistream.poller.domain.Walk;
import dev.kandjistream.poller.http.AuditEvents;
import dev.kandjistream.poller.http.AuditEvents.Named;
import dev.kandjistream.poller.http.Reading;
import dev.kandjistream.poller.http.SingleDevices;
import dev.kandjistream.poller.kafka.PublishException;
import dev.kandjistream.poller.kafka.Published;
import dev.kandjistream.poller.kafka.SweepFacts;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Hears from audit events which devices something happened to, and reads just those. A user's event means the devices that
 * the ledger has in the user's hands. Where more are named than a handful, or one is not found any more or has lost its user,
 * the whole list is swept at once: it costs a request for 300 devices, and has the last word. One at a time: the lane sees to
 * that.
 */
final class NamedDevices {
    /** More requests than that are better spent on the list. */
    private static final int MOST = 25;

    private final AccountSweeps sweeps;
    private final AuditEvents audit = new AuditEvents();
    private final LookBack window = new LookBack(Ledger.TARGETED, Ledger.DEVICES);
    private volatile Runnable sweepOfDevices = () -> {};

    NamedDevices(AccountSweeps sweeps) {
        this.sweeps = sweeps;
    }

    void onDoubt(Runnable sweep) {
        sweepOfDevices = sweep;
    }

    Unpublished read(KandjiClient client, long startedAt) throws InterruptedException, PublishException {
        String account = sweeps.account().id();
        OptionalLong since = sweeps.publisher()
                .ask(
                        account,
                        ledger -> window.since(
                                ledger,
                                sweeps.now(),
                                sweeps.account().settings().intervals().apps()));
        if (since.isEmpty()) {
            return sweeps.notYet(Kind.TARGETED, client, startedAt, "waits for a complete sweep of the devices");
        }
        Named named = audit.read(client, since.getAsLong());
        if (named.failure().isPresent()) {
            return unheard(client, startedAt, named);
        }
        Collection<String> devices = sweeps.publisher().ask(account, ledger -> devices(ledger, named));
        boolean tooMany = !named.whole() || devices.size() > MOST;
        Reading<DevicesSweep> reading = new SingleDevices(client).read(tooMany ? List.of() : devices);
        DevicesSweep sweep = reading.sweep();
        sweep.serialNumbers(sweeps.serialNumbers()::real);
        sweep.walk().begins(named.asOf());
        SweepFacts facts = sweeps.facts(Kind.TARGETED, client, withPagesOf(named, reading), sweep.walk(), startedAt);
        return () -> publish(facts, sweep, named, tooMany);
    }

    private static Collection<String> devices(Ledger ledger, Named named) {
        var devices = new TreeSet<>(named.devices());
        devices.addAll(ledger.devicesOf(named.users()));
        return devices;
    }

    /** What was heard counts as read, too: nothing named is a whole look. */
    private static Reading<DevicesSweep> withPagesOf(Named named, Reading<DevicesSweep> reading) {
        return new Reading<>(reading.sweep(), named.pages() + reading.pages(), reading.failure());
    }

    private Published publish(SweepFacts facts, DevicesSweep sweep, Named named, boolean tooMany)
            throws PublishException {
        var losses = new AtomicBoolean();
        Published published = sweeps.publisher().publishNews(facts, ledger -> {
            sweeps.overtaken().skipOvertakenOfSingle(sweep);
            Verdict verdict = DevicesJudge.judge(ledger, sweep, sweeps.evidence(), facts.startedAt(), sweeps.now());
            losses.set(verdict.waiting().stream().anyMatch(item -> sweep.tellsOf(item.deviceId())));
            return verdict;
        });
        sweeps.overtaken().singlePublished(sweep);
        if (published.receipt().getVerdict().equals(Verdict.Outcome.COMPLETE.name())) {
            window.looked(named.asOf());
            audit.heard(named);
        }
        if (tooMany || losses.get()) {
            sweepOfDevices.run();
        }
        return published;
    }

    private Unpublished unheard(KandjiClient client, long startedAt, Named named) {
        ApiException failure = named.failure().orElseThrow();
        var nothing = new Reading<DevicesSweep>(null, named.pages(), named.failure());
        SweepFacts facts = sweeps.facts(Kind.TARGETED, client, nothing, new Walk(), startedAt);
        boolean forbidden = lacksPermission(failure);
        // The token may lawfully lack it. Whether it is a token at all, the device list's lane says.
        SweepFacts told = forbidden ? facts.with(Connection.CONNECTED.name()) : facts;
        String reason = forbidden
                ? "the token may not read audit events, so changes of devices and users are seen by sweeps only: "
                        + failure.getMessage()
                : failure.getMessage();
        return () ->
                sweeps.publisher().publishNews(told, ledger -> Verdict.failed(reason, ledger, Kind.TARGETED.word()));
    }

    private static boolean lacksPermission(ApiException failure) {
        int status = failure.status().orElse(0);
        return status == 401 || status == 403 || status == 404;
    }
}
