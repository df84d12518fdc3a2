package dev.kandjistream.poller;

import dev.kandjistream.kandji.http.Connection;
import dev.kandjistream.kandji.http.QuotaGovernor;
import dev.kandjistream.kandji.http.Urgency;
import dev.kandjistream.sweeps.FieldProblem;
import dev.kandjistream.sweeps.SweepReceipt;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What is counted, per account: a label of few values as long as accounts are. */
final class PollerMetrics {
    private final MeterRegistry registry;

    PollerMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param status 0 where there was no answer */
    void requested(String account, int status) {
        registry.counter("poller.requests", "account", account, "status", status == 0 ? "none" : String.valueOf(status))
                .increment();
    }

    void receipt(SweepReceipt receipt) {
        String account = receipt.getAccountId();
        String kind = receipt.getKind();
        registry.counter("poller.sweeps", "account", account, "kind", kind, "verdict", receipt.getVerdict())
                .increment();
        count("poller.rows.read", account, kind, receipt.getRows());
        count("poller.records.published", account, kind, receipt.getPublished());
        count("poller.records.unchanged", account, kind, receipt.getUnchanged());
        count("poller.records.oversized", account, kind, receipt.getOversized());
        count("poller.devices.retracted", account, kind, receipt.getRetracted());
        count("poller.devices.unread", account, kind, receipt.getUnread());
        for (FieldProblem problem : receipt.getShape()) {
            registry.counter(
                            "poller.rows.shape",
                            "account",
                            account,
                            "kind",
                            kind,
                            "field",
                            problem.getField(),
                            "problem",
                            problem.getProblem())
                    .increment(problem.getRows());
        }
        Timer.builder("poller.sweep.duration")
                .description("From the first request to the receipt")
                .tags("account", account, "kind", kind)
                .register(registry)
                .record(Duration.between(receipt.getStartedAt(), receipt.getFinishedAt()));
    }

    private void count(String name, String account, String kind, long amount) {
        registry.counter(name, "account", account, "kind", kind).increment(amount);
    }

    /** All records of an account are to be published again. */
    void republication(String account) {
        registry.counter("poller.republications", "account", account).increment();
    }

    /** The ledger topic lost records of an account. */
    void recovery(String account) {
        registry.counter("poller.ledger.recoveries", "account", account).increment();
    }

    void unpublished(String account, Kind kind) {
        registry.counter("poller.sweeps.unpublished", "account", account, "kind", kind.word())
                .increment();
    }

    /** Of the accounts configured, how many are this poller's now. */
    void watchOwned(Supplier<Number> owned) {
        Gauge.builder("poller.accounts.owned", owned)
                .description("Accounts that this poller polls; the sum over all pollers is the number of accounts")
                .register(registry);
    }

    /** Gauges that read a lane's latest state. */
    void watch(String account, Lane lane, LongSupplier clock) {
        String kind = lane.kind().word();
        Gauge.builder("poller.freshness.seconds", lane.health(), h -> h.secondsSinceComplete(clock.getAsLong()))
                .description("Since the latest complete sweep; NaN where this process knows none")
                .tags("account", account, "kind", kind)
                .register(registry);
        Gauge.builder("poller.retractions.withheld", lane.health(), LaneHealth::withheld)
                .description("Devices whose retraction waits for more evidence")
                .tags("account", account, "kind", kind)
                .register(registry);
        Gauge.builder("poller.devices.unpublished", lane.health(), LaneHealth::unpublished)
                .description("Devices whose record must be published again and has not been yet")
                .tags("account", account, "kind", kind)
                .register(registry);
        Gauge.builder("poller.fields.quarantined", lane.health(), LaneHealth::quarantinedFields)
                .description(
                        "Fields that the latest sweep found lost on so many rows that what depends on them is withheld")
                .tags("account", account, "kind", kind)
                .register(registry);
        Gauge.builder("poller.unread.devices", lane.health(), LaneHealth::unread)
                .description("Devices of which the latest sweep could read nothing but the id")
                .tags("account", account, "kind", kind)
                .register(registry);
        Gauge.builder("poller.connected", lane.health(), h -> h.connection() == Connection.CONNECTED ? 1 : 0)
                .description("1 where the latest sweep found the API connected, else 0")
                .tags("account", account, "kind", kind)
                .register(registry);
    }

    /** Takes an account's gauges away: nobody polls it, or others are to take their place. What was counted stays. */
    void unwatch(String account) {
        registry.getMeters().stream()
                .filter(meter -> meter instanceof Gauge
                        && meter.getId().getName().startsWith("poller.")
                        && account.equals(meter.getId().getTag("account")))
                .forEach(registry::remove);
    }

    void watch(String account, QuotaGovernor governor) {
        Gauge.builder("poller.quota.limit.requests", governor, g -> g.quota().limit())
                .description("Requests an hour that this pipeline allows itself")
                .tags("account", account)
                .register(registry);
        Gauge.builder("poller.quota.spent.requests", governor, g -> g.quota().spent())
                .description("Requests in the last hour")
                .tags("account", account)
                .register(registry);
        for (Urgency urgency : Urgency.values()) {
            Gauge.builder("poller.lane.requests", governor, g -> g.spent(urgency))
                    .description("Requests in the last hour, by what they were for")
                    .tags("account", account, "lane", urgency.word())
                    .register(registry);
        }
        Gauge.builder("poller.quota.remaining.requests", governor, PollerMetrics::remaining)
                .description("What the API said is left of the tenant's hour; NaN where it does not say")
                .tags("account", account)
                .register(registry);
    }

    private static double remaining(QuotaGovernor governor) {
        var remaining = governor.quota().remaining();
        return remaining.isPresent() ? remaining.getAsLong() : Double.NaN;
    }
}
