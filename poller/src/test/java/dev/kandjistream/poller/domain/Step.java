package dev.kandjistream.poller.domain;

import dev.kandjistream.poller.domain.Fleet.Fault;
import dev.kandjistream.poller.domain.Fleet.Truth;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** One thing that happens to a fleet. */
record Step(Act act, int device, int thing, Fault fault) {
    enum Act {
        ENROL,
        REMOVE,
        MARK_REMOVED,
        ASSIGN,
        UNASSIGN,
        CHANGE,
        INSTALL,
        UNINSTALL,
        SWEEP_DEVICES,
        SWEEP_APPS,
        WAIT
    }

    static Arbitrary<Step> any(Fault... faults) {
        return Combinators.combine(
                        Arbitraries.of(Act.values()),
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of(faults))
                .as(Step::new);
    }

    /** Changes the truth, or lets time pass; sweeps are the caller's. */
    void happenTo(Fleet fleet) {
        fleet.now += 60_000;
        String id = "device-" + device;
        Truth before = fleet.truth.get(id);
        if (act == Act.WAIT) {
            fleet.now += thing * Fleet.HOUR;
        } else if (act == Act.ENROL) {
            fleet.truth.putIfAbsent(id, new Truth("new", thing == 0 ? null : "user-" + thing, false, Map.of(), 0));
        } else if (act == Act.REMOVE) {
            fleet.truth.remove(id);
        } else if (before != null) {
            fleet.truth.put(id, changed(before, fleet.now));
        }
    }

    private Truth changed(Truth was, long now) {
        var apps = new HashMap<>(was.apps());
        switch (act) {
            case ASSIGN -> {
                return was.withUser("user-" + thing);
            }
            case UNASSIGN -> {
                return was.withUser(null);
            }
            case MARK_REMOVED -> {
                return new Truth(was.details(), was.user(), thing > 0, was.apps(), was.collectedAt());
            }
            case CHANGE -> {
                return new Truth("changed at " + now, was.user(), was.removed(), was.apps(), was.collectedAt());
            }
            case INSTALL -> apps.put("app-" + thing, "version of " + now);
            case UNINSTALL -> apps.remove("app-" + thing);
            default -> {
                return was;
            }
        }
        // The device reports its apps whenever they change.
        return new Truth(was.details(), was.user(), was.removed(), apps, now);
    }
}
