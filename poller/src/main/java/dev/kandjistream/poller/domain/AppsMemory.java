package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Fingerprint;
import dev.kandjistream.kandji.domain.Moment;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.LongStream;

/**
 * What was last published of a device's app rows.
 *
 * @param fingerprint print of the rows in any order, see {@link DeviceApps}
 * @param rows identities of the rows, sorted, each once; not to be changed
 * @param collectedAt greatest {@code last_collected_at} that these very rows were seen with; {@link Moment#UNKNOWN}
 *     where they never had one
 * @param withoutBundleId rows without a bundle id
 * @param absence of all or some of the rows; null where the last complete sweep showed them all
 */
public record AppsMemory(long fingerprint, long[] rows, long collectedAt, int withoutBundleId, Absence absence) {
    /** In place of the print. No list has it, so every list differs. */
    private static final long UNPUBLISHED = 0x756e_7075_626c_6973L;

    /** Where every row has a bundle id. */
    public AppsMemory(long fingerprint, long[] rows, long collectedAt, Absence absence) {
        this(fingerprint, rows, collectedAt, 0, absence);
    }

    static AppsMemory of(DeviceApps apps) {
        return new AppsMemory(apps.fingerprint(), apps.rowIds(), apps.collectedAt(), apps.rowsWithoutBundleId(), null);
    }

    /** The rows of the ledger that the list lacks, told by the sum of their identities. */
    record Missing(int rows, long picture) {}

    Missing missingFrom(DeviceApps apps) {
        long[] present = apps.rowIds();
        int missing = 0;
        long picture = 0;
        int at = 0;
        for (long row : rows) {
            while (at < present.length && present[at] < row) {
                at++;
            }
            if (at == present.length || present[at] != row) {
                missing++;
                picture += Fingerprint.mix(row);
            }
        }
        return new Missing(missing, picture);
    }

    /** The same, where no record stands any more: the next list that lacks no row is published. */
    AppsMemory unpublished() {
        return new AppsMemory(UNPUBLISHED, rows, collectedAt, withoutBundleId, absence);
    }

    /** Whether the record must be published again. */
    boolean isUnpublished() {
        return fingerprint == UNPUBLISHED;
    }

    boolean tells(DeviceApps apps) {
        return fingerprint == apps.fingerprint();
    }

    AppsMemory with(Absence newAbsence) {
        return new AppsMemory(fingerprint, rows, collectedAt, withoutBundleId, newAbsence);
    }

    /** These rows, unchanged, as confirmed by a device that reported at {@code time}. */
    AppsMemory confirmed(long time) {
        return new AppsMemory(fingerprint, rows, Math.max(collectedAt, time), withoutBundleId, null);
    }

    /** These rows and those of a list that lacks some of them. They were not all confirmed: the time stays. */
    AppsMemory and(DeviceApps apps, Absence newAbsence) {
        long[] all = LongStream.concat(LongStream.of(rows), LongStream.of(apps.rowIds()))
                .sorted()
                .distinct()
                .toArray();
        return new AppsMemory(apps.fingerprint(), all, collectedAt, withoutBundleId, newAbsence);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AppsMemory that
                && fingerprint == that.fingerprint
                && Arrays.equals(rows, that.rows)
                && collectedAt == that.collectedAt
                && withoutBundleId == that.withoutBundleId
                && Objects.equals(absence, that.absence);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(fingerprint);
    }
}
