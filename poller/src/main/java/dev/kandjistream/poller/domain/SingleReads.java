package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Moment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Which devices of a sweep of the apps are worth a request of their own before {@link AppsJudge} judges it. */
public final class SingleReads {
    private SingleReads() {}

    /**
     * Devices whose list lacks rows though they reported again, in a sweep that does not prove lists whole, or in which other
     * rows may {@linkplain HiddenRows stand in their place}: read again by themselves they can be published. Of a partial sweep also devices that the ledger does not know, for their rows in
     * it need not be all of them. The longest silent first; at most {@link EvidenceRules#rereads}.
     */
    public static List<String> worthRereading(Ledger ledger, AppsSweep sweep, EvidenceRules rules) {
        boolean whole = !sweep.isPartial()
                && sweep.doubts().isEmpty()
                && !sweep.walk().totalMoved()
                && !HiddenRows.mayBe(ledger, sweep);
        if (whole || !ledger.knowsApps()) {
            return List.of();
        }
        var shownOnce = sweep.isPartial() ? shownOnce(ledger, rules) : Stream.<String>empty();
        return Stream.concat(
                        shownOnce,
                        sweep.devices().stream()
                                .filter(apps -> isWorthRereading(
                                        ledger.entry(apps.deviceId()).apps(), apps, sweep))
                                .map(DeviceApps::deviceId))
                .distinct()
                .sorted(Comparator.comparingLong((String id) -> lastCollected(ledger.entry(id)))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(rules.rereads())
                .toList();
    }

    /** Devices whose list was shorter when it was last read, and which a second reading would decide. */
    private static Stream<String> shownOnce(Ledger ledger, EvidenceRules rules) {
        return ledger.buckets().stream()
                .flatMap(bucket -> bucket.entrySet().stream())
                .filter(entry -> isShownOnce(entry.getValue().apps()))
                .map(Map.Entry::getKey)
                .sorted()
                .limit(rules.confirmations());
    }

    private static boolean isShownOnce(AppsMemory memory) {
        Absence absence = memory == null ? null : memory.absence();
        return absence != null
                && absence.order() == null
                && absence.sweeps() == 1
                && absence.picture() != AppsJudge.ALL_ROWS
                && absence.picture() != AppsJudge.OTHER_FIELDS;
    }

    /**
     * Devices of the device list that a complete sweep shows without any row, to be asked by themselves whether that is
     * so; none where so many are hit that the answer itself is in doubt.
     */
    public static List<String> worthConfirming(Ledger ledger, AppsSweep sweep, EvidenceRules rules) {
        if (sweep.isPartial() || !sweep.doubts().isEmpty() || !ledger.knowsApps()) {
            return List.of();
        }
        var emptied = new ArrayList<String>();
        for (var bucket : ledger.buckets()) {
            bucket.forEach((deviceId, known) -> {
                if (hasRows(known) && known.device() != null && !sweep.has(deviceId)) {
                    emptied.add(deviceId);
                }
            });
        }
        emptied.sort(Comparator.naturalOrder());
        return emptied.size() <= rules.confirmations() ? emptied : List.of();
    }

    private static boolean isWorthRereading(AppsMemory memory, DeviceApps apps, AppsSweep sweep) {
        if (memory == null) {
            return sweep.isPartial();
        }
        return !apps.overflowed()
                && apps.collectedAt() > memory.collectedAt()
                && memory.missingFrom(apps).rows() > 0;
    }

    private static long lastCollected(LedgerEntry known) {
        return known.apps() == null ? Moment.UNKNOWN : known.apps().collectedAt();
    }

    static boolean hasRows(LedgerEntry known) {
        return known.apps() != null && known.apps().rows().length > 0;
    }
}
