package dev.kandjistream.enricher.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A few devices, side by side.
 *
 * @param contributions in the order of device ids, at most {@link #LIMIT}
 */
public record FewDevices<F>(List<Contribution<F>> contributions) implements Holding<F> {
    /** From here on an index is cheaper than writing all of them again. */
    static final int LIMIT = 32;

    public FewDevices {
        contributions = List.copyOf(contributions);
    }

    public static <F> FewDevices<F> none() {
        return new FewDevices<>(List.of());
    }

    @Override
    public Holding<F> put(Contribution<F> contribution, HoldingIndex<F> index) {
        if (contributions.isEmpty()) {
            return new FewDevices<>(List.of(contribution));
        }
        int at = position(contribution.deviceId());
        var next = new ArrayList<>(contributions);
        if (at < next.size() && next.get(at).deviceId().equals(contribution.deviceId())) {
            next.set(at, contribution);
        } else if (next.size() == LIMIT) {
            return ManyDevices.of(next, index).put(contribution, index);
        } else {
            next.add(at, contribution);
        }
        return new FewDevices<>(next);
    }

    /** The same devices, spread out: where together they would make too large a record. */
    public Holding<F> spread(HoldingIndex<F> index) {
        return ManyDevices.of(contributions, index);
    }

    @Override
    public Holding<F> remove(String deviceId) {
        return new FewDevices<>(contributions.stream()
                .filter(contribution -> !contribution.deviceId().equals(deviceId))
                .toList());
    }

    @Override
    public Summary<F> summary() {
        if (contributions.isEmpty()) {
            return Summary.nothing();
        }
        if (contributions.size() == 1) {
            return alone(contributions.get(0));
        }
        int seats = 0;
        Instant firstSeenAt = null;
        Contribution<F> speaker = null;
        var deviceIds = new ArrayList<String>();
        var versions = new TreeSet<>(TextOrder.ASCENDING);
        for (Contribution<F> contribution : contributions) {
            seats += contribution.seats();
            firstSeenAt = Merge.earlier(firstSeenAt, contribution.firstSeenAt());
            if (speaker == null || contribution.speaksBefore(speaker.observedAt(), speaker.deviceId())) {
                speaker = contribution;
            }
            if (deviceIds.size() < SHOWN) {
                deviceIds.add(contribution.deviceId());
            }
            versions.addAll(contribution.versions());
        }
        return new Summary<>(
                contributions.size(),
                seats,
                deviceIds,
                versions.stream().limit(SHOWN).toList(),
                firstSeenAt,
                Summary.Speaker.of(speaker));
    }

    private static <F> Summary<F> alone(Contribution<F> only) {
        List<String> versions = only.versions();
        return new Summary<>(
                1,
                only.seats(),
                List.of(only.deviceId()),
                versions.size() > SHOWN ? versions.subList(0, SHOWN) : versions,
                only.firstSeenAt(),
                Summary.Speaker.of(only));
    }

    private int position(String deviceId) {
        int at = 0;
        while (at < contributions.size()
                && TextOrder.compare(contributions.get(at).deviceId(), deviceId) < 0) {
            at++;
        }
        return at;
    }
}
