package dev.kandjistream.standalone.demo;

import dev.kandjistream.kandji.ApiUrl;
import dev.kandjistream.poller.AccountConfig;
import dev.kandjistream.poller.PollSettings;
import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.http.RateLimits;
import dev.kandjistream.simulator.script.Played;
import dev.kandjistream.simulator.script.Script;
import dev.kandjistream.simulator.truth.Truth;
import dev.kandjistream.simulator.truth.TruthRules;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.config.types.Password;

/**
 * One of the demo's accounts: a simulated tenant and its story. First the day on which everything happens once, then
 * ordinary changes without end; so many steps of it always lead to the same fleet.
 */
final class DemoAccount implements AutoCloseable {
    /** Nobody should watch a demo wait for its quota. */
    private static final RateLimits GENEROUS = new RateLimits(1_000_000, 1_000, false);

    /** As fast as the settings allow, for the same reason. */
    private static final PollSettings SETTINGS = PollSettings.defaults().withQuota(1, 50, 1_000_000);

    private final KandjiSimulator simulator;
    private final Script day;
    private final Script endless;

    private DemoAccount(KandjiSimulator simulator) {
        this.simulator = simulator;
        this.day = simulator.day();
        this.endless = simulator.endless();
    }

    /** @param played steps to go through at once, as they were played before */
    static DemoAccount start(Tenant tenant, int played) {
        var account = new DemoAccount(KandjiSimulator.start(tenant.withLimits(GENEROUS)));
        for (int step = 0; step < played; step++) {
            account.next();
        }
        return account;
    }

    /** Plays the next step; empty where the fleet is too small for any. */
    Optional<Played> next() {
        return day.next().or(endless::next);
    }

    String id() {
        return simulator.tenant().id();
    }

    String url() {
        return simulator.url();
    }

    String token() {
        return simulator.token();
    }

    AccountConfig config() {
        var token = new Password(simulator.token());
        return new AccountConfig(id(), ApiUrl.parse(url(), true), () -> token, SETTINGS);
    }

    /** What tables should hold of this account's fleet. */
    Truth truth(TruthRules rules) {
        return simulator.truth(rules);
    }

    /** Serial number of a device like that, of the fleet as it is now; empty where there is none. */
    Optional<String> serialNumberOf(Predicate<Device> like) {
        return simulator.fleet().reading(() -> simulator.fleet().devices().stream()
                .filter(device ->
                        !device.removed() && !device.hardware().serial().isBlank())
                .filter(like)
                .map(device -> device.hardware().serial())
                .findFirst());
    }

    @Override
    public void close() {
        simulator.close();
    }
}
