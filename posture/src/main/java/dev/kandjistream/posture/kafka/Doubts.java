package dev.kandjistream.posture.kafka;

import dev.kandjistream.posture.domain.Connection;
import dev.kandjistream.posture.domain.Doubt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Doubts about single devices, by record key: from their latest unconfirmed record, and from a latest raw record that cannot be
 * decoded. Devices need not be known.
 *
 * <p>A doubt counts as soon as it is read. A milder doubt replaces it only once everything published until then has been read:
 * the raw record of the same transaction has the device's current state, but is in another partition and may come
 * later. Written by one thread.
 */
final class Doubts {
    private static final Doubt UNDECODABLE = Doubt.because(Connection.RECORD_UNDECODABLE);

    /** Doubts that count; keys without a doubt are not in it. */
    private final Map<DeviceKey, Doubt> unconfirmed = new HashMap<>();
    /** Keys whose latest record does not count alone yet. */
    private final Map<DeviceKey, Latest> unsettled = new LinkedHashMap<>();

    private final Set<DeviceKey> undecodable = new HashSet<>();
    private final AtomicInteger undecodableDevices = new AtomicInteger();

    /** @param readAt {@link System#nanoTime} when it had been read */
    private record Latest(Doubt doubt, long readAt) {}

    Doubt of(DeviceKey key) {
        Doubt said = unconfirmed.getOrDefault(key, Doubt.NONE);
        return undecodable.contains(key) ? said.and(UNDECODABLE) : said;
    }

    /**
     * Takes the latest record of the unconfirmed topic.
     *
     * @param settled whether everything published until then is known to have been read, or will be before the view is used
     * @param readAt {@link System#nanoTime}
     */
    void say(DeviceKey key, Doubt latest, boolean settled, long readAt) {
        unsettled.remove(key);
        Doubt both = unconfirmed.getOrDefault(key, Doubt.NONE).and(latest);
        if (settled || both.equals(latest)) {
            count(key, latest);
        } else {
            count(key, both);
            unsettled.put(key, new Latest(latest, readAt));
        }
    }

    private void count(DeviceKey key, Doubt doubt) {
        if (doubt.isNone()) {
            unconfirmed.remove(key);
        } else {
            unconfirmed.put(key, doubt);
        }
    }

    /**
     * @param readUntil {@link System#nanoTime}; everything published until then has been read
     * @return keys whose doubt is milder now
     */
    List<DeviceKey> settle(long readUntil) {
        if (unsettled.isEmpty()) {
            return List.of();
        }
        var settled = new ArrayList<DeviceKey>();
        unsettled.entrySet().removeIf(entry -> {
            boolean isSettled = readUntil - entry.getValue().readAt >= 0;
            if (isSettled) {
                count(entry.getKey(), entry.getValue().doubt);
                settled.add(entry.getKey());
            }
            return isSettled;
        });
        return settled;
    }

    /** The device's latest raw record cannot be decoded. */
    void undecodable(DeviceKey key) {
        undecodable.add(key);
        undecodableDevices.set(undecodable.size());
    }

    /** The device's latest raw record can be decoded, or is a tombstone. */
    void decoded(DeviceKey key) {
        if (undecodable.remove(key)) {
            undecodableDevices.set(undecodable.size());
        }
    }

    /** How many devices have a latest raw record that cannot be decoded, devices never known included. For any thread. */
    int undecodableDevices() {
        return undecodableDevices.get();
    }
}
