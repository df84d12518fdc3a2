package dev.kandjistream.enricher.store;

import dev.kandjistream.enricher.domain.DeviceState;
import dev.kandjistream.enricher.domain.Inventory;
import dev.kandjistream.enricher.domain.Rules;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What is remembered of each device of a partition. A letter and the device's key make the store's key:
 *
 * <pre>
 * d account/device_id   the device, without its apps: a check-in touches nothing else
 * a account/device_id   its apps
 * r                     the rules, and how far they were applied
 * n                     number of the last difference sent to users
 * p replay              how far a replay is, see {@link ReplayStore}
 * </pre>
 */
public final class DeviceStore {
    private static final byte DEVICE = 'd';
    private static final byte APPS = 'a';
    private static final Bytes RULES = Bytes.wrap(new byte[] {'r'});
    private static final Bytes LAST_DIFFERENCE = Bytes.wrap(new byte[] {'n'});
    private static final Bytes DEVICES_BEGIN = Bytes.wrap(new byte[] {DEVICE});
    private static final Bytes DEVICES_END = Bytes.wrap(new byte[] {DEVICE + 1});

    private final KeyValueStore<Bytes, byte[]> store;
    private final DeviceCodec devices = new DeviceCodec();
    private final InventoryCodec inventories = new InventoryCodec();
    private final RulesCodec rules = new RulesCodec();

    public DeviceStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    /** @return what is known of the device; {@link DeviceState#unknown} where that is nothing */
    public DeviceState device(byte[] key, Rules currentRules) {
        byte[] value = store.get(prefixed(DEVICE, key));
        return value == null ? DeviceState.unknown(currentRules) : devices.read(value);
    }

    public Inventory inventory(byte[] key) {
        byte[] value = store.get(prefixed(APPS, key));
        return value == null ? Inventory.EMPTY : inventories.read(value);
    }

    /**
     * What is to be remembered of a device, as the changelog will have it.
     *
     * @param apps null where there are none to be remembered
     * @param keepsApps whether apps stay as they are
     */
    public record Entry(byte[] key, byte[] device, byte[] apps, boolean keepsApps) {}

    /** @param inventory null where it stays as it is */
    public Entry entry(byte[] key, DeviceState state, Inventory inventory) {
        return new Entry(
                key,
                state.isBlank() ? null : devices.write(state),
                inventory == null || state.apps() == null ? null : inventories.write(inventory),
                inventory == null);
    }

    public void put(Entry entry) {
        store.put(prefixed(DEVICE, entry.key()), entry.device());
        if (!entry.keepsApps()) {
            store.put(prefixed(APPS, entry.key()), entry.apps());
        }
    }

    /** @param inventory null where it stays as it is */
    public void put(byte[] key, DeviceState state, Inventory inventory) {
        put(entry(key, state, inventory));
    }

    /** Null where no rules were ever applied. */
    public StoredRules rules() {
        byte[] value = store.get(RULES);
        return value == null ? null : rules.read(value);
    }

    public void putRules(StoredRules stored) {
        store.put(RULES, rules.write(stored));
    }

    /** Number of the last difference that went to users. */
    public DifferenceNumber lastDifference() {
        byte[] value = store.get(LAST_DIFFERENCE);
        return value == null ? DifferenceNumber.beforeFirst() : DifferenceNumber.of(value);
    }

    public void putLastDifference(DifferenceNumber number) {
        store.put(LAST_DIFFERENCE, number.bytes());
    }

    /**
     * Keys of devices in their order, read as they are asked for. To be closed.
     *
     * @param afterKey where to begin, itself left out; null for the first
     */
    public DeviceKeys keysAfter(String afterKey) {
        // A zero byte behind a key makes the smallest key greater than it.
        Bytes from =
                afterKey == null ? DEVICES_BEGIN : prefixed(DEVICE, (afterKey + '\0').getBytes(StandardCharsets.UTF_8));
        return new DeviceKeys(store.range(from, DEVICES_END));
    }

    /**
     * Keys of devices, each behind the letter d.
     *
     * @param beginning of the keys; empty for all
     * @param after where to begin, itself left out; null for the first
     */
    public StoredKeys devices(String beginning, String after) {
        return new StoredKeys(store, "d", beginning, after);
    }

    /** Keys of devices in their order. */
    public static final class DeviceKeys implements AutoCloseable {
        private final KeyValueIterator<Bytes, byte[]> entries;

        private DeviceKeys(KeyValueIterator<Bytes, byte[]> entries) {
            this.entries = entries;
        }

        /** Null at the end. */
        public byte[] next() {
            if (!entries.hasNext()) {
                return null;
            }
            KeyValue<Bytes, byte[]> entry = entries.next();
            byte[] key = entry.key.get();
            return Arrays.copyOfRange(key, 1, key.length);
        }

        @Override
        public void close() {
            entries.close();
        }
    }

    private static Bytes prefixed(byte letter, byte[] key) {
        byte[] prefixed = new byte[key.length + 1];
        prefixed[0] = letter;
        System.arraycopy(key, 0, prefixed, 1, key.length);
        return Bytes.wrap(prefixed);
    }
}
