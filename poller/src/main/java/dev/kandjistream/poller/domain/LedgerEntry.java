package dev.kandjistream.poller.domain;

/**
 * What the ledger knows of one device.
 *
 * @param device null where no device record stands
 * @param apps null where no apps record stands
 */
public record LedgerEntry(DeviceMemory device, AppsMemory apps) {
    static final LedgerEntry EMPTY = new LedgerEntry(null, null);

    LedgerEntry with(DeviceMemory newDevice) {
        return new LedgerEntry(newDevice, apps);
    }

    LedgerEntry with(AppsMemory newApps) {
        return new LedgerEntry(device, newApps);
    }

    /** With the order on every absence there is; this very entry where there is none. */
    LedgerEntry with(Order order) {
        boolean ofDevice = device != null && device.absence() != null;
        boolean ofApps = apps != null && apps.absence() != null;
        return !ofDevice && !ofApps
                ? this
                : new LedgerEntry(
                        ofDevice ? device.with(device.absence().with(order)) : device,
                        ofApps ? apps.with(apps.absence().with(order)) : apps);
    }

    boolean isEmpty() {
        return device == null && apps == null;
    }
}
