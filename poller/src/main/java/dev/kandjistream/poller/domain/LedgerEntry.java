package dev.kandjistream.poller.domain;

/**
 * What the ledger knows of one device.
 *
 * @param device null where no device record stands
 * @param apps null where no apps record stands
 * @param owed what the baseline could not read of it
 */
public record LedgerEntry(DeviceMemory device, AppsMemory apps, Owed owed) {
    public static final LedgerEntry EMPTY = new LedgerEntry(null, null, Owed.NOTHING);

    /**
     * What was there up to the account's first complete sweep and could not be read then: when it can be, it is state, not
     * news.
     *
     * @param user whether that is the device's user
     * @param platform whether that is its platform
     * @param serial whether that is its serial number
     * @param appRows how many of its app rows; where no list of it is published, any number other than 0 stands for all
     */
    public record Owed(boolean user, boolean platform, boolean serial, int appRows) {
        public static final Owed NOTHING = new Owed(false, false, false, 0);

        /** Whether it is something on which the device's seat depends. */
        boolean seat() {
            return user || platform;
        }

        Owed withDevice(boolean newUser, boolean newPlatform, boolean newSerial) {
            return new Owed(newUser, newPlatform, newSerial, appRows);
        }

        /** All of the device but its apps, or nothing of it. */
        Owed withDevice(boolean is) {
            return withDevice(is, is, is);
        }

        Owed withApps(int rows) {
            return new Owed(user, platform, serial, rows);
        }
    }

    /** Where the baseline owes nothing. */
    public LedgerEntry(DeviceMemory device, AppsMemory apps) {
        this(device, apps, Owed.NOTHING);
    }

    LedgerEntry with(DeviceMemory newDevice) {
        return new LedgerEntry(newDevice, apps, owed);
    }

    LedgerEntry with(AppsMemory newApps) {
        return new LedgerEntry(device, newApps, owed);
    }

    LedgerEntry with(Owed newOwed) {
        return new LedgerEntry(device, apps, newOwed);
    }

    /** With the identities of its app rows, of which there must be a list. */
    public LedgerEntry with(long[] rows) {
        return new LedgerEntry(device, apps.with(rows), owed);
    }

    /** Without what is known of its apps. */
    public LedgerEntry withoutApps() {
        return new LedgerEntry(device, null, owed);
    }

    /** With the order on every absence there is; this very entry where there is none. */
    LedgerEntry with(Order order) {
        boolean ofDevice = device != null && !device.absences().isEmpty();
        boolean ofApps = apps != null && apps.absence() != null;
        return !ofDevice && !ofApps
                ? this
                : new LedgerEntry(
                        ofDevice ? device.with(order) : device,
                        ofApps ? apps.with(apps.absence().with(order)) : apps,
                        owed);
    }

    /** The same, where topics lost their records of it; this very entry where they had none. */
    LedgerEntry unpublished(Destination.Lost lost) {
        DeviceMemory newDevice = device == null ? null : device.unpublished(lost);
        AppsMemory newApps = apps == null || !lost.apps() ? apps : apps.unpublished();
        var entry = new LedgerEntry(newDevice, newApps, owed);
        return entry.equals(this) ? this : entry;
    }

    /** Whether the record that full sweeps of this kind publish must be published again. */
    public boolean isUnpublished(String fullKind) {
        return fullKind.equals(Ledger.DEVICES)
                ? device != null && device.isUnpublished()
                : apps != null && apps.isUnpublished();
    }

    /** Whether the ledger must store this in place of that, apart from the identities of app rows. */
    public boolean differsLastinglyFrom(LedgerEntry before) {
        boolean otherDevice = device == null || before.device == null
                ? device != before.device
                : device.differsLastinglyFrom(before.device);
        boolean otherApps =
                apps == null || before.apps == null ? apps != before.apps : !apps.isSameButRows(before.apps);
        return otherDevice || otherApps || !owed.equals(before.owed);
    }

    /** Whether nothing is known of the device. */
    public boolean isEmpty() {
        return device == null && apps == null && owed.equals(Owed.NOTHING);
    }
}
