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
 * What stands against single devices, by record key: what their latest unconfirmed record says, and whether their latest raw
 * record cannot be decoded. Devices need not be known.
 *
 * <p>A doubt counts as soon as it is read. What is milder than the doubt before counts only once everything that was published
 * until then has been read: the raw record of the same transaction, which says what the device is now, crosses another
 * partition and may come later. Written by one thread.
 */
final class Doubts {
    private static final Doubt UNDECODABLE = Doubt.because(Connection.RECORD_UNDECODABLE);

    /** What counts; keys without a doubt are not in it. */
    private final Map<DeviceKey, Doubt> unconfirmed = new HashMap<>();
    /** Keys whose latest word does not count alone yet. */
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
     * The latest word of the unconfirmed topic.
     *
     * @param settled whether everything published until then is known to have been read, or will be before anybody looks
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
     * @return keys of which less is in doubt now
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

    /** The device's latest raw record can be decoded, or says that the device is gone. */
    void decoded(DeviceKey key) {
        if (undecodable.remove(key)) {
            undecodableDevices.set(undecodable.size());
        }
    }

    /** How many devices have a latest raw record that cannot be decoded, those never known otherwise among them. For any thread. */
    int undecodableDevices() {
        return undecodableDevices.get();
    }
}
