package dev.kandjistream.standalone.chaos;

import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.http.RateLimits;
import dev.kandjistream.simulator.script.Script;
import dev.kandjistream.simulator.truth.Truth;
import dev.kandjistream.simulator.truth.TruthRules;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The simulated accounts of a seed, and every truth they ever had. */
final class Tenants implements AutoCloseable {
    /** The newer form of the API claims no total of devices, the older one does. */
    static final List<String> ACCOUNTS = List.of("acme", "globex", "initech");

    private static final TruthRules RULES = TruthRules.standard();

    static final Set<String> LICENSE_TYPES = RULES.licenseTypes();

    private record One(KandjiSimulator simulator, Script script, TruthHistory history) {}

    private final Map<String, One> tenants = new LinkedHashMap<>();

    Tenants(long seed) {
        add(Tenant.us("acme", seed).withDevices(40).withAppsPerMac(12));
        add(Tenant.eu("globex", seed + 1).withDevices(25).withAppsPerMac(12));
        add(Tenant.us("initech", seed + 2).withDevices(30).withAppsPerMac(6));
    }

    private void add(Tenant tenant) {
        Instant now = Instant.now();
        KandjiSimulator simulator = KandjiSimulator.start(
                tenant.withBase(now).withClock(InstantSource.system()).withLimits(RateLimits.told()));
        var history = new TruthHistory();
        history.changed(now, now, simulator.truth(RULES));
        tenants.put(tenant.id(), new One(simulator, simulator.endless(), history));
    }

    KandjiSimulator simulator(String account) {
        return tenants.get(account).simulator;
    }

    Truth truth(String account) {
        return simulator(account).truth(RULES);
    }

    Map<String, TruthHistory> histories() {
        var histories = new LinkedHashMap<String, TruthHistory>();
        tenants.forEach((account, one) -> histories.put(account, one.history));
        return histories;
    }

    /** The next change of the account's fleet; told in words. */
    String change(String account) {
        One one = tenants.get(account);
        Instant begun = Instant.now();
        String told = one.script.next().map(played -> played.description()).orElse("nothing");
        one.history.changed(begun, Instant.now(), truth(account));
        return told;
    }

    @Override
    public void close() {
        tenants.values().forEach(one -> one.simulator.close());
    }
}
