package dev.kandjistream.enricher.store;

import dev.kandjistream.enricher.domain.Contribution;
import dev.kandjistream.enricher.domain.HoldingIndex;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * {@link HoldingIndex} in the store's own order of keys. Every entry begins with {@code i}, the letter and key of the
 * holding, and a zero byte, which no key contains (control characters are encoded there). Then:
 *
 * <pre>
 * d device_id                  what the device says
 * f first_seen_at device_id    nothing
 * o observed_at device_id      nothing
 * v version                    how many devices have it
 * </pre>
 *
 * Times are 8 bytes that sort as the times do. Text sorts by its UTF-8 bytes, which is the order of code points.
 */
final class StoredIndex<F> implements HoldingIndex<F> {
    private static final int FORM = 1;
    private static final byte[] NOTHING = {FORM};
    private static final char DEVICES = 'd';
    private static final char FIRST_SEEN = 'f';
    private static final char OBSERVED = 'o';
    private static final char VERSIONS = 'v';

    private final KeyValueStore<Bytes, byte[]> store;
    private final byte[] prefix;
    private final ContributionCodec<F> contributions;
    private final BytesWriter out = new BytesWriter();

    StoredIndex(KeyValueStore<Bytes, byte[]> store, byte letter, byte[] key, FactsCodec<F> facts) {
        this.store = store;
        this.contributions = new ContributionCodec<>(facts);
        this.prefix = new byte[key.length + 3];
        prefix[0] = 'i';
        prefix[1] = letter;
        System.arraycopy(key, 0, prefix, 2, key.length);
    }

    @Override
    public Contribution<F> device(String deviceId) {
        byte[] value = store.get(entry(DEVICES, deviceId));
        return value == null ? null : contributions.read(deviceId, BytesReader.of(value, FORM));
    }

    @Override
    public void putDevice(Contribution<F> contribution) {
        out.octet(FORM);
        contributions.write(contribution, out);
        store.put(entry(DEVICES, contribution.deviceId()), out.take());
    }

    @Override
    public void removeDevice(String deviceId) {
        store.delete(entry(DEVICES, deviceId));
    }

    @Override
    public String deviceAfter(String deviceId) {
        return textAfter(DEVICES, deviceId);
    }

    @Override
    public int devicesWith(String version) {
        byte[] value = store.get(entry(VERSIONS, version));
        return value == null ? 0 : BytesReader.of(value, FORM).count();
    }

    @Override
    public void setDevicesWith(String version, int devices) {
        byte[] value = devices == 0 ? null : out.octet(FORM).number(devices).take();
        store.put(entry(VERSIONS, version), value);
    }

    @Override
    public String versionAfter(String version) {
        return textAfter(VERSIONS, version);
    }

    @Override
    public void addFirstSeen(Instant firstSeenAt, String deviceId) {
        store.put(entry(FIRST_SEEN, firstSeenAt, deviceId), NOTHING);
    }

    @Override
    public void removeFirstSeen(Instant firstSeenAt, String deviceId) {
        store.delete(entry(FIRST_SEEN, firstSeenAt, deviceId));
    }

    @Override
    public Instant firstSeenFrom(Instant time) {
        try (var entries = store.range(entry(FIRST_SEEN, time, ""), endOf(FIRST_SEEN))) {
            return entries.hasNext() ? timeOf(suffix(entries)) : null;
        }
    }

    @Override
    public void addObserved(Instant observedAt, String deviceId) {
        store.put(entry(OBSERVED, observedAt, deviceId), NOTHING);
    }

    @Override
    public void removeObserved(Instant observedAt, String deviceId) {
        store.delete(entry(OBSERVED, observedAt, deviceId));
    }

    @Override
    public String observedBefore(Instant observedAt, String deviceId) {
        // Both ends count, but the pair itself has just been taken away or is skipped.
        Bytes end = entry(OBSERVED, observedAt, deviceId);
        try (var entries = store.reverseRange(entry(OBSERVED, ""), end)) {
            while (entries.hasNext()) {
                byte[] suffix = suffix(entries);
                String found = new String(suffix, Long.BYTES, suffix.length - Long.BYTES, StandardCharsets.UTF_8);
                if (!found.equals(deviceId) || !timeOf(suffix).equals(observedAt)) {
                    return found;
                }
            }
            return null;
        }
    }

    private String textAfter(char section, String text) {
        // A zero byte behind a text makes the smallest text greater than it.
        try (var entries = store.range(entry(section, text + '\0'), endOf(section))) {
            return entries.hasNext() ? new String(suffix(entries), StandardCharsets.UTF_8) : null;
        }
    }

    private byte[] suffix(KeyValueIterator<Bytes, byte[]> entries) {
        byte[] key = entries.next().key.get();
        return Arrays.copyOfRange(key, prefix.length + 1, key.length);
    }

    private static Instant timeOf(byte[] suffix) {
        return Instant.ofEpochMilli(ByteBuffer.wrap(suffix).getLong() ^ Long.MIN_VALUE);
    }

    private Bytes entry(char section, String text) {
        return entry(section, text.getBytes(StandardCharsets.UTF_8));
    }

    private Bytes entry(char section, Instant time, String deviceId) {
        byte[] id = deviceId.getBytes(StandardCharsets.UTF_8);
        var suffix = ByteBuffer.allocate(Long.BYTES + id.length);
        // With the sign bit turned, negative numbers sort before positive ones.
        suffix.putLong(time.toEpochMilli() ^ Long.MIN_VALUE).put(id);
        return entry(section, suffix.array());
    }

    private Bytes entry(char section, byte[] suffix) {
        byte[] key = Arrays.copyOf(prefix, prefix.length + 1 + suffix.length);
        key[prefix.length] = (byte) section;
        System.arraycopy(suffix, 0, key, prefix.length + 1, suffix.length);
        return Bytes.wrap(key);
    }

    /** No entry has the letter after a section's. */
    private Bytes endOf(char section) {
        return entry((char) (section + 1), "");
    }
}
