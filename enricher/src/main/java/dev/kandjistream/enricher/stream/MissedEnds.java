package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.store.DeviceStore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what ended while no enricher read the raw topics, for so long that the tombstones are gone: devices and apps of this
 * partition that the raw topics no longer hold. Once for each absence, which the store remembers in the transaction that
 * publishes the ends. Done before the first record: a device that is enrolled again later is brought back by its record.
 */
final class MissedEnds {
    private static final Logger LOG = LoggerFactory.getLogger(MissedEnds.class);

    private final RawKeys raw;
    private final DeviceStore store;
    private final Consumer<byte[]> endDevice;
    private final Consumer<byte[]> endApps;
    private boolean done;

    /**
     * @param raw what stands; null where nothing was missed
     * @param endDevice ends a device that stands under that key, if one does
     * @param endApps the same of its apps
     */
    MissedEnds(RawKeys raw, DeviceStore store, Consumer<byte[]> endDevice, Consumer<byte[]> endApps) {
        this.raw = raw;
        this.store = store;
        this.endDevice = endDevice;
        this.endApps = endApps;
        done = raw == null;
    }

    void apply() {
        if (done) {
            return;
        }
        done = true;
        if (raw.absence().equals(store.lastAbsence())) {
            return;
        }
        int missing = 0;
        try (var keys = store.keysAfter(null)) {
            for (byte[] key = keys.next(); key != null; key = keys.next()) {
                boolean device = raw.hasDevice(key);
                boolean apps = raw.hasApps(key);
                if (!device) {
                    endDevice.accept(key);
                    missing++;
                }
                if (!apps) {
                    endApps.accept(key);
                }
            }
        }
        store.putLastAbsence(raw.absence());
        LOG.atInfo()
                .addKeyValue("readUntil", raw.absence())
                .addKeyValue("devicesWithoutRecord", missing)
                .log("A partition was compared with the raw topics after a long absence");
    }
}
