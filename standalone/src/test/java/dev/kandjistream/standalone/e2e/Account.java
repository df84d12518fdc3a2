package dev.kandjistream.standalone.e2e;

import dev.kandjistream.kandji.ApiUrl;
import dev.kandjistream.poller.AccountConfig;
import dev.kandjistream.poller.PollSettings;
import dev.kandjistream.poller.domain.EvidenceRules;
import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.StoryClock;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.fleet.Fleet;
import dev.kandjistream.simulator.http.RateLimits;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.config.types.Password;

/** One account: a simulated tenant with a clock of its own, and how the poller is told of it. */
final class Account implements AutoCloseable {
    private final KandjiSimulator simulator;
    private final PollSettings settings;
    private final AtomicReference<String> tokenFile;

    private Account(Tenant tenant, PollSettings settings) {
        simulator = KandjiSimulator.start(tenant);
        this.settings = settings;
        tokenFile = new AtomicReference<>(tenant.token());
    }

    /** Limits are told but refuse nobody: tests ask faster than a tenant may. */
    static Account start(Tenant tenant, PollSettings settings) {
        return new Account(tenant.withLimits(RateLimits.told()), settings);
    }

    /** Nothing is swept by the clock, and as fast as may be. */
    static PollSettings onDemand() {
        return PollSettings.defaults()
                .withIntervals(Duration.ofDays(300), Duration.ofDays(300))
                .withQuota(1.0, 50, 10_000);
    }

    /** These settings, with another time for which a withheld retraction must stand. */
    static PollSettings believingAfter(Duration standing, PollSettings settings) {
        EvidenceRules rules = settings.evidence();
        return settings.withEvidence(new EvidenceRules(
                rules.misses(),
                rules.share(),
                rules.minimum(),
                standing,
                rules.appsStanding(),
                rules.rereads(),
                rules.confirmations()));
    }

    AccountConfig config() {
        return new AccountConfig(
                id(), ApiUrl.parse(simulator.url(), false), () -> new Password(tokenFile.get()), settings);
    }

    String id() {
        return simulator.tenant().id();
    }

    KandjiSimulator simulator() {
        return simulator;
    }

    Fleet fleet() {
        return simulator.fleet();
    }

    /** What the poller presents from now on. */
    void useToken(String token) {
        tokenFile.set(token);
    }

    void timePasses(Duration time) {
        ((StoryClock) simulator.tenant().clock()).advance(time);
    }

    @Override
    public void close() {
        simulator.close();
    }
}
