package dev.kandjistream.enricher.domain;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * The id of an event: equal whenever the same evidence makes the same event again, after any crash.
 *
 * <p>SHA-256 over seven parts in this order: topic, key, event type, device id, the device's device sweep id, the
 * device's app sweep id, rules version in decimal. Each part is its length in bytes as a 4-byte big-endian number, then
 * its UTF-8 bytes; a sweep that has not been is a part of length 0. The first 16 bytes of the digest become a UUID of
 * version 8, "custom" (RFC 9562): the version and variant bits are set over them.
 */
public final class EventId {
    private final MessageDigest digest;
    private final byte[] length = new byte[4];

    /** Not for use by two threads at once. */
    public EventId() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /**
     * @param topic full name
     * @param key the record's key as bytes
     */
    public String of(String topic, byte[] key, EventType type, Evidence evidence) {
        part(topic);
        part(key);
        part(type.word());
        part(evidence.deviceId());
        part(evidence.deviceSweepId());
        part(evidence.appSweepId());
        part(Integer.toString(evidence.rulesVersion()));
        return uuid();
    }

    /**
     * The id of a state that is told again: the same parts up to the event type, the cause {@code REPLAY}, and the state. Equal
     * whenever the state is.
     */
    public String ofReplay(String topic, byte[] key, EventType type, String state) {
        part(topic);
        part(key);
        part(type.word());
        part(Cause.REPLAY.name());
        part(state);
        return uuid();
    }

    private String uuid() {
        ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
        long high = bytes.getLong() & 0xFFFF_FFFF_FFFF_0FFFL | 0x8000L;
        long low = bytes.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    private void part(String text) {
        part(text.getBytes(StandardCharsets.UTF_8));
    }

    private void part(byte[] bytes) {
        length[0] = (byte) (bytes.length >>> 24);
        length[1] = (byte) (bytes.length >>> 16);
        length[2] = (byte) (bytes.length >>> 8);
        length[3] = (byte) bytes.length;
        digest.update(length);
        digest.update(bytes);
    }
}
