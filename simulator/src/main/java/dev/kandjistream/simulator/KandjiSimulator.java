package dev.kandjistream.simulator;

import dev.kandjistream.simulator.fleet.Fleet;
import dev.kandjistream.simulator.fleet.FleetSeeder;
import dev.kandjistream.simulator.http.Access;
import dev.kandjistream.simulator.http.ApiServer;
import dev.kandjistream.simulator.http.Budget;
import dev.kandjistream.simulator.http.ExportPace;
import dev.kandjistream.simulator.http.Faults;
import dev.kandjistream.simulator.http.RequestLog;
import dev.kandjistream.simulator.script.Script;
import dev.kandjistream.simulator.truth.Truth;
import dev.kandjistream.simulator.truth.TruthRules;
import dev.kandjistream.simulator.truth.TruthTeller;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A Kandji API over HTTP for one tenant: a seeded fleet, changed by code or script, faults switched on and off, and the
 * truth that the fleet implies.
 *
 * <pre>fleet -> JSON as the API writes it -> budget, token, permissions, faults -> HTTP</pre>
 */
public final class KandjiSimulator implements AutoCloseable {
    private static final Duration BETWEEN_STEPS = Duration.ofMinutes(7);

    private final Tenant tenant;
    private final Fleet fleet;
    private final ApiServer server;

    private KandjiSimulator(Tenant tenant, InetSocketAddress address) {
        this.tenant = tenant;
        this.fleet = new Fleet(tenant.seed(), tenant.clock(), !tenant.form().newer());
        if (tenant.devices() > 0) {
            FleetSeeder.fill(fleet, tenant.plan(), tenant.base());
        }
        this.server = new ApiServer(fleet, tenant.form(), tenant.token(), tenant.limits(), address);
        server.mount("/simulator", new AdminHandler(this));
    }

    /** On a free port of the loopback address. */
    public static KandjiSimulator start(Tenant tenant) {
        return start(tenant, 0);
    }

    /**
     * On a port of the loopback address; 0 for a free one.
     *
     * @throws java.io.UncheckedIOException where the port cannot be had
     */
    public static KandjiSimulator start(Tenant tenant, int port) {
        return start(tenant, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** On any address: in a container, beyond the loopback one. Whoever reaches it can also change faults and fleet. */
    public static KandjiSimulator start(Tenant tenant, InetSocketAddress address) {
        return new KandjiSimulator(tenant, address);
    }

    public Tenant tenant() {
        return tenant;
    }

    /** What to configure as {@code api_url}: scheme, host, port. */
    public String url() {
        InetSocketAddress address = server.address();
        String host = address.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : address.getAddress().getHostAddress();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    public int port() {
        return server.address().getPort();
    }

    /** The token that is accepted now; null while revoked. */
    public String token() {
        return server.access().token();
    }

    public Fleet fleet() {
        return fleet;
    }

    /** Token and permissions. */
    public Access access() {
        return server.access();
    }

    /** Rate limits and what of them is spent. */
    public Budget budget() {
        return server.budget();
    }

    public Faults faults() {
        return server.faults();
    }

    /** How long exports take. */
    public ExportPace exports() {
        return server.exports();
    }

    /** What was asked of the API, and of its exports' files, so far. */
    public RequestLog requests() {
        return server.requests();
    }

    /** What tables should hold for the fleet as it is now. */
    public Truth truth(TruthRules rules) {
        return new TruthTeller(fleet, rules, tenant.form().newer()).tell();
    }

    /** The tenant's scripted day: bounded, every kind of change, the same each time it is played on the seeded fleet. */
    public Script day() {
        return Script.day(fleet, tenant.seed(), this::moveOn);
    }

    /** Ordinary changes without end. Played anew on the seeded fleet, as many steps lead to the same fleet. */
    public Script endless() {
        return Script.endless(fleet, tenant.seed() + 1, this::moveOn);
    }

    /** In a story, time passes between the steps; a real clock goes by itself. */
    private void moveOn() {
        if (tenant.clock() instanceof StoryClock story) {
            story.advance(BETWEEN_STEPS);
        }
    }

    /** Stops serving at once; open connections are cut. */
    @Override
    public void close() {
        server.close();
    }
}
