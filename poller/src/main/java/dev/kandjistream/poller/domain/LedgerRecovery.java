package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.poller.domain.LedgerEntry.Owed;
import dev.kandjistream.poller.domain.Withheld.What;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the raw topics and the receipts hold of one account whose ledger lost records, and the ledger that is made of it. What
 * neither holds is replaced by what ends nothing sooner:
 *
 * <ul>
 *   <li>every record counts as unpublished, so the next row or list is published, whatever it says;
 *   <li>absences begin anew. Those that an operator rejected are still rejected, and those that were part of losing everything
 *       still are, as far as the latest receipts list them. Approvals are lost;
 *   <li>an app list counts as seen with the latest report possible, so rows that are missing need a later one, or must stand;
 *   <li>what was retracted or added of late is not known. For {@link EvidenceRules#standing} of sweeps every loss must stand,
 *       and for twice that time too many at once count as everything ({@link Ledger#recovering});
 *   <li>rows that stand in no record (see {@link Decision.Apps#keepsRows}) count as one row that no list has.
 * </ul>
 */
public final class LedgerRecovery {
    private final Map<String, Published> devices = new HashMap<>();
    private final Map<String, PublishedApps> apps = new HashMap<>();
    private final Map<String, List<Waiting>> waiting = new HashMap<>();
    /** Kinds of full sweeps that had brought news, or had been complete. */
    private final Set<String> kinds = new HashSet<>();

    /**
     * A device as its record says.
     *
     * @param baseline whether the record says that it is state, not news
     * @param unread fields of the row that could not be read, named as in the API
     * @param kept whether the record names fields that its row did not confirm
     */
    public record Published(
            AssignedUser user,
            String platform,
            String serial,
            Boolean removed,
            boolean baseline,
            Set<String> unread,
            boolean kept) {
        private DeviceMemory memory(List<Absence> absences) {
            boolean attributed = user != null && user.identified() && !Boolean.TRUE.equals(removed);
            return DeviceMemory.recovered(
                    attributed ? user : null,
                    platform,
                    serial,
                    removed,
                    absences,
                    kept || !unread.isEmpty() || platform == null);
        }

        private Owed owed() {
            boolean unreadUser = unread.stream().anyMatch(field -> field.equals("user") || field.startsWith("user."));
            boolean noPlatform = platform == null || !DeviceRow.PLATFORMS.contains(platform);
            return Owed.NOTHING.withDevice(baseline && unreadUser, baseline && noPlatform, baseline && serial == null);
        }
    }

    /**
     * A list of apps as its record says.
     *
     * @param rows identities of the rows, sorted, each once
     * @param keepsRows whether rows of earlier records still stand
     * @param collectedAt {@link Moment#UNKNOWN} where the record does not say
     * @param unreadRows rows that could not be read
     */
    public record PublishedApps(long[] rows, long collectedAt, boolean baseline, int unreadRows, boolean keepsRows) {
        /** Of rows in any order. */
        public static PublishedApps of(
                List<App> rows, long collectedAt, boolean baseline, int unreadRows, boolean keepsRows) {
            long[] identities =
                    rows.stream().mapToLong(App::identity).sorted().distinct().toArray();
            return new PublishedApps(identities, collectedAt, baseline, unreadRows, keepsRows);
        }
    }

    private record Waiting(What what, Order order, boolean ofEverything) {}

    /**
     * A ledger that is whole again.
     *
     * @param ledger to go on with
     * @param changed entries that differ from what was left, by device
     * @param any whether anything was lost
     */
    public record Repaired(Ledger ledger, Map<String, LedgerEntry> changed, boolean any) {}

    /** The latest record of a device. @param published null for a tombstone */
    public void device(String deviceId, Published published) {
        if (published == null) {
            devices.remove(deviceId);
        } else {
            devices.put(deviceId, published);
        }
    }

    /** The latest record of a device's apps. @param published null for a tombstone */
    public void apps(String deviceId, PublishedApps published) {
        if (published == null) {
            apps.remove(deviceId);
        } else {
            apps.put(deviceId, published);
        }
    }

    /** A receipt says that a sweep of this kind was complete. */
    public void wasComplete(String kind) {
        kinds.add(kind);
    }

    /**
     * The latest receipt of a kind lists this as withheld.
     *
     * @param order what an operator decided; null where there is no decision
     * @param reason which evidence was missing
     */
    public void waits(String deviceId, What what, Order order, String reason) {
        boolean ofEverything = reason.contains(WithheldList.OF_EVERYTHING);
        if (order == Order.REJECTED || ofEverything) {
            waiting.computeIfAbsent(deviceId, id -> new ArrayList<>()).add(new Waiting(what, order, ofEverything));
        }
    }

    private boolean isEmpty() {
        return devices.isEmpty() && apps.isEmpty() && kinds.isEmpty();
    }

    /** Devices with a record. */
    public int devices() {
        var all = new HashSet<>(devices.keySet());
        all.addAll(apps.keySet());
        return all.size();
    }

    /**
     * Puts together what is left of the ledger and what the topics hold.
     *
     * @param left what was read of the ledger; stays as it is
     * @param hasState whether the record of the account's state is part of it
     * @param outdated whether it is older than the topics, so that only what they do not know of counts
     * @param commandsUpTo end of the commands topic, asked for if it is not known what was carried out: earlier commands are not
     *     carried out any more
     * @param now milliseconds since 1970
     */
    public Repaired repair(
            Ledger left, boolean hasState, boolean outdated, Supplier<CommandsRead> commandsUpTo, long now) {
        boolean stateLost = !hasState || outdated;
        if (stateLost && isEmpty() && left.isBlank()) {
            return new Repaired(left, Map.of(), false);
        }
        var changed = new HashMap<String, LedgerEntry>();
        var ids = new HashSet<>(devices.keySet());
        ids.addAll(apps.keySet());
        for (String id : ids) {
            LedgerEntry known = outdated ? LedgerEntry.EMPTY : left.entry(id);
            LedgerEntry after = filled(id, known, now);
            if (!after.equals(left.entry(id))) {
                changed.put(id, after);
            }
        }
        if (!stateLost && changed.isEmpty()) {
            return new Repaired(left, Map.of(), false);
        }
        Ledger ledger = left.with(changed);
        if (stateLost) {
            ledger.replaceComplete(complete(left));
            ledger.replaceFilled(Map.of());
            ledger.replaceRetractions(Map.of());
            ledger.replaceRecentlyAdded(Map.of());
            ledger.commands(commandsUpTo.get());
        }
        ledger.recovered();
        return new Repaired(ledger, changed, true);
    }

    private Map<String, CompleteSweeps> complete(Ledger left) {
        var over = new HashSet<>(kinds);
        left.complete().entrySet().stream()
                .filter(kind -> kind.getValue().baseline() && kind.getKey().equals(Ledger.fullKind(kind.getKey())))
                .forEach(kind -> over.add(kind.getKey()));
        devices.values().stream().filter(one -> !one.baseline()).findAny().ifPresent(news -> over.add(Ledger.DEVICES));
        apps.values().stream().filter(one -> !one.baseline()).findAny().ifPresent(news -> over.add(Ledger.APPS));
        var complete = new HashMap<String, CompleteSweeps>();
        over.forEach(kind -> complete.put(kind, new CompleteSweeps(true, Moment.UNKNOWN, null)));
        return complete;
    }

    /** The entry with what it lacks. */
    private LedgerEntry filled(String id, LedgerEntry known, long now) {
        LedgerEntry entry = known;
        Published device = devices.get(id);
        if (entry.device() == null && device != null) {
            Owed owed = device.owed();
            entry = entry.with(device.memory(absences(id, now)))
                    .with(entry.owed().withDevice(owed.user(), owed.platform(), owed.serial()));
        }
        PublishedApps list = apps.get(id);
        if (entry.apps() == null && list != null) {
            int owed = list.baseline() ? list.unreadRows() : 0;
            entry = entry.with(AppsMemory.recovered(
                            list.rows(),
                            list.keepsRows(),
                            id,
                            Math.max(now, list.collectedAt()),
                            absenceOfApps(id, now)))
                    .with(entry.owed().withApps(owed));
        }
        return entry;
    }

    /** At most one of each kind: rejected ones first. */
    private List<Absence> absences(String id, long now) {
        var absences = new ArrayList<Absence>();
        var all = new ArrayList<>(waiting.getOrDefault(id, List.of()));
        all.sort((one, other) -> Boolean.compare(other.order() == Order.REJECTED, one.order() == Order.REJECTED));
        for (Waiting one : all) {
            if (one.what() != What.APPS
                    && (one.order() == Order.REJECTED || one.what() == What.DEVICE)
                    && absences.stream().noneMatch(taken -> taken.what().excludes(one.what()))) {
                absences.add(absence(one, one.what().number(), now));
            }
        }
        return absences;
    }

    private Absence absenceOfApps(String id, long now) {
        return waiting.getOrDefault(id, List.of()).stream()
                .filter(one -> one.what() == What.APPS)
                .findFirst()
                .map(one -> absence(one, AppsJudge.ALL_ROWS, now))
                .orElse(null);
    }

    private Absence absence(Waiting waiting, long picture, long now) {
        var absence = new Absence(waiting.what(), picture, now, 0, 0, now, 0, waiting.order());
        return waiting.ofEverything() ? absence.partOf(outOfEverything(waiting.what())) : absence;
    }

    /** As many as the receipts list: of app rows, of which these count, and of devices. */
    private long outOfEverything(What what) {
        long total = 0;
        for (var one : waiting.entrySet()) {
            boolean counts = one.getValue().stream()
                    .anyMatch(item -> item.ofEverything() && (item.what() == What.APPS) == (what == What.APPS));
            PublishedApps list = apps.get(one.getKey());
            total += !counts ? 0 : what != What.APPS ? 1 : list == null ? 0 : list.rows().length;
        }
        return Math.max(1, total);
    }
}
