package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.ReadingOrder;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * Which devices have a record in the raw topics, and which have one of their apps. The topics are compacted, so what they hold
 * stands, and what they lack has ended, whether its tombstone is still there or not. Filled by one thread, then read by many.
 *
 * <p>Holds a number of 64 bits for each key: a million devices take some 100 MB.
 */
public final class RawKeys {
    private final Span devicesSpan;
    private final Span appsSpan;
    private final Set<Long> devices = new HashSet<>();
    private final Set<Long> apps = new HashSet<>();
    private final MessageDigest digest;

    /**
     * Readings of which a topic proves that they have ended, if it does not hold them: those that were published in between, by
     * the pollers' clocks.
     *
     * @param from earlier ones may have been read from a former topic of the same name; null where there was none
     * @param until later ones may have been read after the topic was looked through
     */
    public record Span(Instant from, Instant until) {
        boolean has(ReadingOrder reading) {
            return reading.isBetween(from, until);
        }
    }

    public RawKeys(Span devicesSpan, Span appsSpan) {
        this.devicesSpan = devicesSpan;
        this.appsSpan = appsSpan;
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

    boolean hasDevice(byte[] key) {
        return devices.contains(number(key));
    }

    boolean hasApps(byte[] key) {
        return apps.contains(number(key));
    }

    /** Whether a device that has no record has ended, if this was read of it last. */
    boolean isEndOfDevice(ReadingOrder last) {
        return devicesSpan.has(last);
    }

    /** The same of its apps. */
    boolean isEndOfApps(ReadingOrder last) {
        return appsSpan.has(last);
    }

    private long number(byte[] key) {
        synchronized (digest) {
            return ByteBuffer.wrap(digest.digest(key)).getLong();
        }
    }
}
