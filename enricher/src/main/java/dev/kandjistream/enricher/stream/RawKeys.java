package dev.kandjistream.enricher.stream;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.Set;

/**
 * Which devices have a record in the raw topics, and which have one of their apps. The topics are compacted, so what they hold
 * stands, and what they lack has ended, whether its tombstone is still there or not. Filled by one thread, then read by many.
 *
 * <p>Holds a number of 64 bits for each key: a million devices take some 100 MB.
 */
public final class RawKeys {
    private final String absence;
    private final Set<Long> devices = new HashSet<>();
    private final Set<Long> apps = new HashSet<>();
    private final MessageDigest digest;

    /** @param absence names the absence after which this is needed; each partition is compared once for each absence */
    public RawKeys(String absence) {
        this.absence = absence;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /**
     * The next record of a topic.
     *
     * @param ofApps whether it is one of {@code raw.apps}
     * @param stands whether it has a value
     */
    public void add(boolean ofApps, byte[] key, boolean stands) {
        Set<Long> keys = ofApps ? apps : devices;
        if (stands) {
            keys.add(number(key));
        } else {
            keys.remove(number(key));
        }
    }

    String absence() {
        return absence;
    }

    /** How many devices have a record. */
    public int devices() {
        return devices.size();
    }

    boolean hasDevice(byte[] key) {
        return devices.contains(number(key));
    }

    boolean hasApps(byte[] key) {
        return apps.contains(number(key));
    }

    private long number(byte[] key) {
        synchronized (digest) {
            return ByteBuffer.wrap(digest.digest(key)).getLong();
        }
    }
}
