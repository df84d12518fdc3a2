package dev.kandjistream.simulator;

import dev.kandjistream.simulator.fleet.FleetPlan;
import dev.kandjistream.simulator.fleet.FleetSeeder;
import dev.kandjistream.simulator.http.RateLimits;
import dev.kandjistream.simulator.http.TenantForm;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;

/**
 * One simulated tenant. Start from {@link #us} or {@link #eu} and change what matters.
 *
 * @param id what the account will be called; also the first part of its email domain
 * @param seed of fleet, token and scripts: same tenant, same fleet, same day
 * @param devices size of the seeded fleet; 0 for an empty one that code fills
 * @param appsPerMac about how many app rows a Mac has
 * @param macPercent share of Macs, 0 to 100
 * @param form which age of the API it shows
 * @param base the moment the fleet is seeded for: its history lies before
 * @param clock the fleet's present, for what changes; {@link StoryClock} makes that independent of the wall clock
 * @param token bearer token it accepts
 * @param limits requests it allows
 */
public record Tenant(
        String id,
        long seed,
        int devices,
        int appsPerMac,
        int macPercent,
        TenantForm form,
        Instant base,
        InstantSource clock,
        String token,
        RateLimits limits) {
    /** The base unless another is given. */
    public static final Instant STANDARD_BASE = Instant.parse("2026-01-05T08:00:00Z");

    public Tenant {
        Objects.requireNonNull(form, "form");
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(limits, "limits");
        if (id == null || !id.matches("[a-z0-9-]+")) {
            throw new IllegalArgumentException("Tenant id must be of [a-z0-9-]+, was " + id);
        }
        if (token == null || token.isBlank()) {
            throw new IllegalArgumentException("Token of tenant " + id + " must not be blank");
        }
    }

    /** 100 devices, some 150 apps a Mac, newer form, documented limits, a clock that starts at the base. */
    public static Tenant us(String id, long seed) {
        return of(id, seed, TenantForm.US);
    }

    /** As {@link #us}, in the older form. */
    public static Tenant eu(String id, long seed) {
        return of(id, seed, TenantForm.EU);
    }

    private static Tenant of(String id, long seed, TenantForm form) {
        var random = new Random(seed ^ id.hashCode());
        String token = new UUID(random.nextLong(), random.nextLong()).toString();
        var clock = new StoryClock(STANDARD_BASE);
        return new Tenant(id, seed, 100, 150, 72, form, STANDARD_BASE, clock, token, RateLimits.documented());
    }

    public Tenant withDevices(int count) {
        return new Tenant(id, seed, count, appsPerMac, macPercent, form, base, clock, token, limits);
    }

    public Tenant withAppsPerMac(int count) {
        return new Tenant(id, seed, devices, count, macPercent, form, base, clock, token, limits);
    }

    public Tenant withMacPercent(int percent) {
        return new Tenant(id, seed, devices, appsPerMac, percent, form, base, clock, token, limits);
    }

    /** Seeded for that moment, with a clock of its own that starts there. */
    public Tenant withBase(Instant instant) {
        return new Tenant(
                id, seed, devices, appsPerMac, macPercent, form, instant, new StoryClock(instant), token, limits);
    }

    public Tenant withClock(InstantSource source) {
        return new Tenant(id, seed, devices, appsPerMac, macPercent, form, base, source, token, limits);
    }

    public Tenant withToken(String bearer) {
        return new Tenant(id, seed, devices, appsPerMac, macPercent, form, base, clock, bearer, limits);
    }

    public Tenant withLimits(RateLimits rateLimits) {
        return new Tenant(id, seed, devices, appsPerMac, macPercent, form, base, clock, token, rateLimits);
    }

    FleetPlan plan() {
        return new FleetPlan(seed, devices, appsPerMac, macPercent, FleetSeeder.domainOf(id));
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Tenant[id=" + id + ", seed=" + seed + ", devices=" + devices + ", appsPerMac=" + appsPerMac
                + ", macPercent=" + macPercent + ", form=" + form + ", base=" + base + ", limits=" + limits + "]";
    }
}
