package dev.kandjistream.poller.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What sweeps of one kind retracted by themselves of late: neither approved by an operator nor after standing. It counts
 * together with what the next sweep would retract, so that a fleet cannot go in slices that are each below the share.
 *
 * @param taken in the order in which it was retracted
 */
public record Retractions(List<Taken> taken) {
    public static final Retractions NONE = new Retractions(List.of());

    private static final long HOUR = 3_600_000;

    /**
     * By one sweep.
     *
     * @param at by {@link Ledger#watched}
     * @param devices that were absent; of a sweep of the apps, those that lost rows
     * @param items seats that ended or changed hands, those of absent devices included; of a sweep of the apps, rows
     * @param users who have no device any more; 0 of a sweep of the apps
     * @param emails of devices whose user has another email; 0 of a sweep of the apps
     * @param seatsOf those seats by the published platform of their device, where it is known; empty of a sweep of the apps
     */
    public record Taken(long at, long devices, long items, long users, long emails, Map<String, Long> seatsOf) {
        public Taken {
            seatsOf = Map.copyOf(seatsOf);
        }

        /** Of a sweep of the apps. */
        public Taken(long at, long devices, long items) {
            this(at, devices, items, 0, 0, Map.of());
        }

        private Taken and(Taken other) {
            var platforms = new HashMap<>(seatsOf);
            other.seatsOf.forEach((platform, seats) -> platforms.merge(platform, seats, Long::sum));
            return new Taken(
                    Math.max(at, other.at),
                    devices + other.devices,
                    items + other.items,
                    users + other.users,
                    emails + other.emails,
                    platforms);
        }
    }

    public Retractions {
        taken = List.copyOf(taken);
    }

    /** Those of this time before now. @param now by {@link Ledger#watched} */
    Retractions within(Duration time, long now) {
        return new Retractions(
                taken.stream().filter(one -> one.at() > now - time.toMillis()).toList());
    }

    /** Those of one hour are one, so that a day of delta polls is a handful. */
    Retractions and(Taken one) {
        var all = new ArrayList<>(taken);
        int last = all.size() - 1;
        if (last >= 0 && Math.floorDiv(all.get(last).at(), HOUR) == Math.floorDiv(one.at(), HOUR)) {
            all.add(all.remove(last).and(one));
        } else {
            all.add(one);
        }
        return new Retractions(all);
    }

    long devices() {
        return taken.stream().mapToLong(Taken::devices).sum();
    }

    long items() {
        return taken.stream().mapToLong(Taken::items).sum();
    }

    long users() {
        return taken.stream().mapToLong(Taken::users).sum();
    }

    long emails() {
        return taken.stream().mapToLong(Taken::emails).sum();
    }

    long seatsOf(String platform) {
        return taken.stream()
                .mapToLong(one -> one.seatsOf().getOrDefault(platform, 0L))
                .sum();
    }
}
