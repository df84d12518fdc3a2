package dev.kandjistream.enricher.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Many devices, in an index; what they say together is carried along and mended with each change.
 *
 * <p>Adding never searches: the new device or version either belongs among the smallest or it does not. Taking away
 * searches only where it takes one that is shown, and then starts right behind the last one shown, so it does not walk
 * over what was deleted before it. A holding that has spread out stays so until it is empty: folding it back would read
 * it whole.
 */
public final class ManyDevices<F> implements Holding<F> {
    private final HoldingIndex<F> index;
    private final List<String> deviceIds;
    private final List<String> versions;
    private int devices;
    private int seats;
    private int distinctVersions;
    private Instant firstSeenAt;
    private Summary.Speaker<F> speaker;

    /** As it was stored: what {@link #summary} and {@link #distinctVersions} told. */
    public ManyDevices(Summary<F> summary, int distinctVersions, HoldingIndex<F> index) {
        this.index = index;
        this.deviceIds = new ArrayList<>(summary.deviceIds());
        this.versions = new ArrayList<>(summary.versions());
        this.devices = summary.devices();
        this.seats = summary.seats();
        this.distinctVersions = distinctVersions;
        this.firstSeenAt = summary.firstSeenAt();
        this.speaker = summary.speaker();
    }

    static <F> ManyDevices<F> of(List<Contribution<F>> contributions, HoldingIndex<F> index) {
        var many = new ManyDevices<>(Summary.<F>nothing(), 0, index);
        contributions.forEach(many::add);
        return many;
    }

    /** How many different versions there are, shown or not. */
    public int distinctVersions() {
        return distinctVersions;
    }

    @Override
    public Summary<F> summary() {
        return new Summary<>(devices, seats, deviceIds, versions, firstSeenAt, speaker);
    }

    @Override
    public Holding<F> put(Contribution<F> contribution, HoldingIndex<F> ignored) {
        remove(contribution.deviceId());
        add(contribution);
        return this;
    }

    @Override
    public Holding<F> remove(String deviceId) {
        Contribution<F> old = index.device(deviceId);
        if (old == null) {
            return this;
        }
        devices--;
        seats -= old.seats();
        index.removeDevice(deviceId);
        if (deviceIds.remove(deviceId) && deviceIds.size() < Math.min(SHOWN, devices)) {
            deviceIds.add(index.deviceAfter(lastOr(deviceIds, deviceId)));
        }
        old.versions().forEach(this::removeVersion);
        removeFirstSeen(old);
        removeSpeaker(old);
        return this;
    }

    private void add(Contribution<F> contribution) {
        devices++;
        seats += contribution.seats();
        index.putDevice(contribution);
        show(contribution.deviceId(), deviceIds);
        contribution.versions().forEach(this::addVersion);
        if (contribution.firstSeenAt() != null) {
            index.addFirstSeen(contribution.firstSeenAt(), contribution.deviceId());
            firstSeenAt = Merge.earlier(firstSeenAt, contribution.firstSeenAt());
        }
        index.addObserved(contribution.observedAt(), contribution.deviceId());
        if (speaker == null || contribution.speaksBefore(speaker.observedAt(), speaker.deviceId())) {
            speaker = Summary.Speaker.of(contribution);
        }
    }

    private void addVersion(String version) {
        int with = index.devicesWith(version);
        index.setDevicesWith(version, with + 1);
        if (with == 0) {
            distinctVersions++;
            show(version, versions);
        }
    }

    private void removeVersion(String version) {
        int with = index.devicesWith(version) - 1;
        index.setDevicesWith(version, with);
        if (with == 0) {
            distinctVersions--;
            if (versions.remove(version) && versions.size() < Math.min(SHOWN, distinctVersions)) {
                versions.add(index.versionAfter(lastOr(versions, version)));
            }
        }
    }

    private void removeFirstSeen(Contribution<F> old) {
        if (old.firstSeenAt() != null) {
            index.removeFirstSeen(old.firstSeenAt(), old.deviceId());
            if (old.firstSeenAt().equals(firstSeenAt)) {
                firstSeenAt = index.firstSeenFrom(firstSeenAt);
            }
        }
    }

    private void removeSpeaker(Contribution<F> old) {
        index.removeObserved(old.observedAt(), old.deviceId());
        if (speaker.deviceId().equals(old.deviceId())) {
            String next = index.observedBefore(old.observedAt(), old.deviceId());
            speaker = next == null ? null : Summary.Speaker.of(index.device(next));
        }
    }

    /** Keeps the smallest, which they were before. */
    private static void show(String text, List<String> shown) {
        int at = shown.size();
        while (at > 0 && TextOrder.compare(shown.get(at - 1), text) > 0) {
            at--;
        }
        if (at < SHOWN) {
            shown.add(at, text);
            if (shown.size() > SHOWN) {
                shown.remove(SHOWN);
            }
        }
    }

    private static String lastOr(List<String> shown, String otherwise) {
        return shown.isEmpty() ? otherwise : shown.get(shown.size() - 1);
    }
}
