package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.DeviceRow;
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
     * @param before of that, what was there {@linkplain Stock two standing times before}; nothing of a sweep of the apps
     */
    public record Taken(long at, Counts all, Counts before) {
        /** Of a sweep of the apps. */
        public Taken(long at, long devices, long items) {
            this(at, new Counts(devices, items, 0, 0, Map.of()), Counts.NONE);
        }

        private Taken and(Taken other) {
            return new Taken(Math.max(at, other.at), all.and(other.all), before.and(other.before));
        }
    }

    /**
     * What was taken.
     *
     * @param devices that were absent; of a sweep of the apps, those that lost rows
     * @param items seats that ended or changed hands, those of absent devices included; of a sweep of the apps, rows
     * @param users who have no device any more; 0 of a sweep of the apps
     * @param emails of devices whose user has another email; 0 of a sweep of the apps
     * @param seatsOf those seats by the published platform of their device, where it is known; empty of a sweep of the apps
     */
    public record Counts(long devices, long items, long users, long emails, Map<String, Long> seatsOf) {
        public static final Counts NONE = new Counts(0, 0, 0, 0, Map.of());

        public Counts {
            seatsOf = Map.copyOf(seatsOf);
        }

        private Counts and(Counts other) {
            var platforms = new HashMap<>(seatsOf);
            other.seatsOf.forEach((platform, seats) -> platforms.merge(platform, seats, Long::sum));
            return new Counts(
                    devices + other.devices,
                    items + other.items,
                    users + other.users,
                    emails + other.emails,
                    platforms);
        }

        long seatsOf(String platform) {
            return seatsOf.getOrDefault(platform, 0L);
        }

        /** Seats with a license. */
        long licenses() {
            return DeviceRow.LICENSED.stream().mapToLong(this::seatsOf).sum();
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

    /** All of it. */
    Counts all() {
        return taken.stream().map(Taken::all).reduce(Counts.NONE, Counts::and);
    }

    /** What of it was there before. */
    Counts before() {
        return taken.stream().map(Taken::before).reduce(Counts.NONE, Counts::and);
    }
}
