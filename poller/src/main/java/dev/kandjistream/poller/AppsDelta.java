package dev.kandjistream.poller;

import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.poller.AccountSweeps.Unpublished;
import dev.kandjistream.poller.domain.AppsJudge;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.SingleReads;
import dev.kandjistream.poller.domain.Verdict;
import dev.kandjistream.poller.http.AppsOfDevices;
import dev.kandjistream.poller.http.ChangedApps;
import dev.kandjistream.poller.http.Reading;
import dev.kandjistream.poller.kafka.PublishException;
import dev.kandjistream.poller.kafka.Published;
import dev.kandjistream.poller.kafka.SweepFacts;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for app rows of devices that reported lately, reads those devices whole whose rows alone do not prove what they
 * seem to say, and has them judged. One look at a time: the lane sees to that.
 */
final class AppsDelta {
    private static final Logger LOG = LoggerFactory.getLogger(AppsDelta.class);

    private final AccountSweeps sweeps;
    private final ChangedApps changes = new ChangedApps();
    private final LookBack window = new LookBack(Ledger.DELTA, Ledger.APPS);

    AppsDelta(AccountSweeps sweeps) {
        this.sweeps = sweeps;
    }

    Unpublished read(KandjiClient client, long startedAt) throws InterruptedException, PublishException {
        OptionalLong since = sweeps.publisher()
                .ask(
                        sweeps.account().id(),
                        ledger -> window.since(
                                ledger,
                                sweeps.now(),
                                sweeps.account().settings().intervals().apps()));
        if (since.isEmpty()) {
            return sweeps.notYet(Kind.DELTA, client, startedAt, "waits for a complete sweep of the apps");
        }
        Reading<AppsSweep> reading = changes.read(client, since.getAsLong());
        AppsSweep sweep = reading.sweep();
        if (sweep.isSound()) {
            readWhole(client, sweep);
        }
        SweepFacts facts = sweeps.facts(Kind.DELTA, client, reading, sweep.walk(), startedAt);
        return () -> publish(reading, facts);
    }

    private void readWhole(KandjiClient client, AppsSweep sweep) throws InterruptedException, PublishException {
        List<String> unproven = sweeps.publisher()
                .ask(sweeps.account().id(), ledger -> SingleReads.worthRereading(ledger, sweep, sweeps.evidence()));
        Optional<String> stopped = new AppsOfDevices(client).reread(unproven, sweep);
        stopped.ifPresent(why -> LOG.atInfo()
                .addKeyValue("account", sweeps.account().id())
                .addKeyValue("reason", why)
                .log("Changed devices were not all read whole; the next sweep of the apps will tell"));
    }

    private Published publish(Reading<AppsSweep> reading, SweepFacts facts) throws PublishException {
        Published published = sweeps.publisher()
                .publishNews(
                        facts,
                        AccountSweeps.orFailed(
                                reading,
                                Kind.DELTA,
                                ledger -> AppsJudge.judge(
                                        ledger, reading.sweep(), sweeps.evidence(), facts.startedAt(), sweeps.now())));
        if (published.receipt().getVerdict().equals(Verdict.Outcome.COMPLETE.name())) {
            window.looked(facts.asOf());
        }
        return published;
    }
}
