package dev.kandjistream.poller.domain;

/**
 * A device that a sweep would take app rows from.
 *
 * @param apps null where all rows are gone
 * @param readable the same without rows that lack a field and may be known ones; null where all rows are gone
 * @param rows how many rows are lost
 * @param weighty whether the list is whole, so that the loss counts towards the share
 */
record AppsLoss(
        String deviceId,
        LedgerEntry known,
        DeviceApps apps,
        DeviceApps readable,
        int rows,
        boolean weighty,
        Absence absence) {
    Order order() {
        return Absence.orderOf(absence);
    }

    boolean stood(EvidenceRules rules) {
        return absence != null && absence.stoodFor(rules.standing());
    }

    /** Whether nothing is left of the device's rows. */
    boolean isOfAll() {
        return apps == null && rows > 0;
    }

    /** Whether rows of the list may be known ones that lost a field. */
    boolean isOfField() {
        return apps != null && readable.unreadRows() > apps.unreadRows();
    }

    /** How many rows there were of what was all lost when it was first lost; 0 where it was not all. */
    long outOf() {
        return absence == null ? 0 : absence.outOf();
    }
}
