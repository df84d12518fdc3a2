package dev.kandjistream.poller.kafka;

import dev.kandjistream.poller.domain.AppsMemory;
import dev.kandjistream.poller.domain.LedgerEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Splits a bucket of the ledger into parts that fit into a record each. Usually there is one part. An entry that is too large for
 * a record lies in several parts, with some of its rows in each.
 */
final class LedgerParts {
    private LedgerParts() {}

    /**
     * @param limit bytes of a part; must be enough for an entry without rows
     * @return at least one part; one empty part for an empty bucket
     */
    static List<Map<String, LedgerEntry>> split(Map<String, LedgerEntry> entries, int limit) {
        if (entries.isEmpty() || LedgerCodec.bucket(entries).length <= limit) {
            return List.of(entries);
        }
        var parts = new ArrayList<Map<String, LedgerEntry>>();
        var part = new HashMap<String, LedgerEntry>();
        int bytes = 0;
        for (var entry : new TreeMap<>(entries).entrySet()) {
            for (LedgerEntry piece : pieces(entry.getKey(), entry.getValue(), limit)) {
                int more = bytes(entry.getKey(), piece);
                if (!part.isEmpty() && bytes + more > limit) {
                    parts.add(part);
                    part = new HashMap<>();
                    bytes = 0;
                }
                part.put(entry.getKey(), piece);
                bytes += more;
            }
        }
        parts.add(part);
        return parts;
    }

    /** The entry itself where it fits; else pieces of which no two fit into one part. */
    private static List<LedgerEntry> pieces(String deviceId, LedgerEntry entry, int limit) {
        int excess = bytes(deviceId, entry) - limit;
        if (excess <= 0 || entry.apps() == null) {
            return List.of(entry);
        }
        long[] rows = entry.apps().rows();
        int without = bytes(deviceId, with(entry, new long[0]));
        int most = Math.max(1, (limit - without) / Long.BYTES);
        var pieces = new ArrayList<LedgerEntry>();
        for (int from = 0; from < rows.length; from += most) {
            pieces.add(with(entry, Arrays.copyOfRange(rows, from, Math.min(rows.length, from + most))));
        }
        return pieces;
    }

    /** Of a bucket with this entry alone. */
    private static int bytes(String deviceId, LedgerEntry entry) {
        return LedgerCodec.bucket(Map.of(deviceId, entry)).length;
    }

    private static LedgerEntry with(LedgerEntry entry, long[] rows) {
        AppsMemory apps = entry.apps();
        return new LedgerEntry(
                entry.device(),
                new AppsMemory(apps.fingerprint(), rows, apps.collectedAt(), apps.former(), apps.absence()),
                entry.owed());
    }

    /** The bucket again. */
    static Map<String, LedgerEntry> join(Collection<Map<String, LedgerEntry>> parts) {
        if (parts.size() == 1) {
            return parts.iterator().next();
        }
        var entries = new HashMap<String, LedgerEntry>();
        parts.forEach(
                part -> part.forEach((deviceId, piece) -> entries.merge(deviceId, piece, LedgerParts::withRowsOfBoth)));
        return entries;
    }

    private static LedgerEntry withRowsOfBoth(LedgerEntry one, LedgerEntry other) {
        long[] rows = Arrays.copyOf(
                one.apps().rows(), one.apps().rows().length + other.apps().rows().length);
        System.arraycopy(
                other.apps().rows(),
                0,
                rows,
                one.apps().rows().length,
                other.apps().rows().length);
        Arrays.sort(rows);
        return with(one, rows);
    }
}
