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
 * @param former whether the identities are those of 0.1.0, see {@link App#formerIdentity}. The next list that lacks none of
 *     them is published
 * @param absence of all or some of the rows; null where the last complete sweep showed them all
 */
public record AppsMemory(long fingerprint, long[] rows, long collectedAt, boolean former, Absence absence) {
    /** In place of the print. No list has it, so every list differs. */
    private static final long UNPUBLISHED = 0x756e_7075_626c_6973L;

    /** The same, of a ledger that was made anew: when the rows were last seen is not known. */
    private static final long RECOVERED = 0x7265_636f_7665_7265L;

    public AppsMemory(long fingerprint, long[] rows, long collectedAt, Absence absence) {
        this(fingerprint, rows, collectedAt, false, absence);
    }

    static AppsMemory of(DeviceApps apps) {
        return new AppsMemory(apps.fingerprint(), apps.rowIds(), apps.collectedAt(), null);
    }

    /**
     * Of a record that stands, where the rest of what was known is lost: it counts as unpublished.
     *
     * @param keepsRows whether rows stand that are in no record; they count as one row that no list has
     * @param collectedAt the latest report with which the rows may have been seen
     */
    static AppsMemory recovered(long[] rows, boolean keepsRows, String deviceId, long collectedAt, Absence absence) {
        long[] all = !keepsRows
                ? rows
                : LongStream.concat(LongStream.of(rows), LongStream.of(RowIdentity.unknown(deviceId)))
                        .sorted()
                        .distinct()
                        .toArray();
        return new AppsMemory(RECOVERED, all, collectedAt, absence);
    }

    /** The rows of the ledger that the list lacks, told by the sum of their identities. */
    record Missing(int rows, long picture) {}

    Missing missingFrom(DeviceApps apps) {
        long[] present = former ? apps.formerRowIds() : apps.rowIds();
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
        return isUnpublished() ? this : new AppsMemory(UNPUBLISHED, rows, collectedAt, former, absence);
    }

    /** These with the identities of their rows, sorted. */
    public AppsMemory with(long[] otherRows) {
        return new AppsMemory(fingerprint, otherRows, collectedAt, former, absence);
    }

    /** Whether the record must be published again. */
    boolean isUnpublished() {
        return fingerprint == UNPUBLISHED || fingerprint == RECOVERED;
    }

    /** Whether {@link #collectedAt} is not when the rows were seen, but the latest possible. */
    boolean isRecovered() {
        return fingerprint == RECOVERED;
    }

    /**
     * The list, where rows count as unreadable that lack a field and may be rows of these which the list lacks. A row that was
     * known without the field is itself, unless only its bundle id tells it from a row that is missing.
     */
    DeviceApps readable(DeviceApps list) {
        if (former) {
            boolean paths = list.anyRow(app -> !app.lacksPath());
            return list.unreading(
                    app -> (app.lacksBundleId() || paths && app.lacksPath()) && !contains(rows, app.formerIdentity()));
        }
        long[] missing =
                LongStream.of(rows).filter(row -> !contains(list.rowIds(), row)).toArray();
        return list.unreading(app -> mayBeOneOf(missing, app.identity()));
    }

    private boolean mayBeOneOf(long[] missing, long row) {
        if (!RowIdentity.isPartial(row)) {
            return false;
        }
        boolean known = contains(rows, row);
        for (long one : missing) {
            if (known ? RowIdentity.lostItsBundleId(row, one) : RowIdentity.mayBe(row, one)) {
                return true;
            }
        }
        return false;
    }

    private static boolean contains(long[] sorted, long id) {
        return Arrays.binarySearch(sorted, id) >= 0;
    }

    boolean tells(DeviceApps apps) {
        return !former && fingerprint == apps.fingerprint();
    }

    AppsMemory with(Absence newAbsence) {
        return new AppsMemory(fingerprint, rows, collectedAt, former, newAbsence);
    }

    /** These rows, unchanged, as confirmed by a device that reported at {@code time}. */
    AppsMemory confirmed(long time) {
        return new AppsMemory(fingerprint, rows, Math.max(collectedAt, time), former, null);
    }

    /** These rows and those of a list that lacks some of them. They were not all confirmed: the time stays. */
    AppsMemory and(DeviceApps apps, Absence newAbsence) {
        long[] all = LongStream.concat(LongStream.of(rows), LongStream.of(apps.rowIds()))
                .sorted()
                .distinct()
                .toArray();
        return new AppsMemory(apps.fingerprint(), all, collectedAt, former, newAbsence);
    }

    /** As {@link #equals}, whatever rows they are, if they are as many. */
    boolean isSameButRows(AppsMemory that) {
        return fingerprint == that.fingerprint
                && rows.length == that.rows.length
                && collectedAt == that.collectedAt
                && former == that.former
                && Objects.equals(absence, that.absence);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AppsMemory that && isSameButRows(that) && Arrays.equals(rows, that.rows);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(fingerprint);
    }
}
