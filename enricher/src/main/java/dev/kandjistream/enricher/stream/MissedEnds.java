package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.store.DeviceStore;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what ended while no enricher read the raw topics, for so long that the tombstones are gone: devices and apps of this
 * partition that the raw topics no longer hold. Done before the first record that this task reads. Doing it again, after the
 * partition has moved, ends nothing that was read since: {@link RawKeys.Span}.
 */
final class MissedEnds {
    private static final Logger LOG = LoggerFactory.getLogger(MissedEnds.class);

    private final RawKeys raw;
    private final DeviceStore store;
    private final Predicate<byte[]> endDevice;
    private final Predicate<byte[]> endApps;
    private boolean done;

    /**
     * @param raw what stands; null where nothing was missed
     * @param endDevice ends a device that stands under that key, if one does, and says whether
     * @param endApps the same of its apps
     */
    MissedEnds(RawKeys raw, DeviceStore store, Predicate<byte[]> endDevice, Predicate<byte[]> endApps) {
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
        int devices = 0;
        int apps = 0;
        try (var keys = store.keysAfter(null)) {
            for (byte[] key = keys.next(); key != null; key = keys.next()) {
                devices += !raw.hasDevice(key) && endDevice.test(key) ? 1 : 0;
                apps += !raw.hasApps(key) && endApps.test(key) ? 1 : 0;
            }
        }
        LOG.atInfo()
                .addKeyValue("devicesEnded", devices)
                .addKeyValue("appListsEnded", apps)
                .log("A partition was compared with the raw topics after a long absence");
    }
}
