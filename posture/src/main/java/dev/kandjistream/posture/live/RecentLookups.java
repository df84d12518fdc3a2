package dev.kandjistream.posture.live;

import dev.kandjistream.posture.domain.SerialNumber;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lookups under way, and those just over; a bounded number, the oldest out first. Safe for several threads. */
final class RecentLookups {
    private final int most;
    private final Map<Wanted, Lookup> lookups = new LinkedHashMap<>();

    /** @param most lookups to be kept; those under way are far fewer */
    RecentLookups(int most) {
        this.most = most;
    }

    /**
     * What is looked up.
     *
     * @param accountId empty for all accounts
     */
    record Wanted(SerialNumber serial, Optional<String> accountId) {}

    /** How an asker stands to a lookup. */
    enum Part {
        /** Nobody asked before: it is the caller's to begin. */
        BEGINS,
        SHARES,
        REMEMBERS
    }

    record Joined(Lookup lookup, Part part) {}

    /** @param accounts how many will be asked, where it begins */
    synchronized Joined join(Wanted wanted, int accounts, Instant now, Instant deadline) {
        Lookup known = lookups.get(wanted);
        if (known != null && !known.isPast(now)) {
            known.join(deadline);
            return new Joined(known, known.isUnderWay() ? Part.SHARES : Part.REMEMBERS);
        }
        lookups.remove(wanted);
        makeRoom(now);
        var begun = new Lookup(accounts, deadline);
        lookups.put(wanted, begun);
        return new Joined(begun, Part.BEGINS);
    }

    /** What is past goes as soon as it is the oldest: who has which device is not kept longer than needed. */
    private void makeRoom(Instant now) {
        Iterator<Lookup> oldestFirst = lookups.values().iterator();
        while (oldestFirst.hasNext()) {
            if (!oldestFirst.next().isPast(now) && lookups.size() < most) {
                return;
            }
            oldestFirst.remove();
        }
    }

    /** Drops a lookup that came to nothing worth remembering, lest it push out those that did. */
    synchronized void settle(Wanted wanted, Lookup lookup, Instant now) {
        if (lookup.isPast(now)) {
            lookups.remove(wanted, lookup);
        }
    }

    /** Nobody waits any longer. */
    void endAll() {
        all().forEach(Lookup::end);
    }

    private synchronized List<Lookup> all() {
        return List.copyOf(lookups.values());
    }

    synchronized int size() {
        return lookups.size();
    }
}
