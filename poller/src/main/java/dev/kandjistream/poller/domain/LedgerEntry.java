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

    boolean isEmpty() {
        return device == null && apps == null;
    }
}
