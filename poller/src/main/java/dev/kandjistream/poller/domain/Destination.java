package dev.kandjistream.poller.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The topics that an account's records are published to. A topic that was deleted and created again has another id, so it
 * holds nothing of what was published before. One of which records were deleted begins later than before, because compaction
 * never moves the beginning. One that ends earlier than before lost its latest records.
 *
 * @param cluster id of the Kafka cluster
 * @param devices topic of the device records
 * @param apps topic of the apps records
 * @param unconfirmed topic of what sweeps did not confirm
 */
public record Destination(String cluster, Log devices, Log apps, Log unconfirmed) {

    /**
     * One topic.
     *
     * @param id as the cluster gave it; another one after the topic was created again
     * @param starts first offset of each partition; empty where that is not known
     * @param ends offset after the last record of each partition; empty where that is not known
     */
    public record Log(String name, String id, int partitions, List<Long> starts, List<Long> ends) {
        public Log {
            starts = List.copyOf(starts);
            ends = List.copyOf(ends);
        }

        /** Where nothing is known of its offsets. */
        public Log(String name, String id, int partitions) {
            this(name, id, partitions, List.of(), List.of());
        }

        private boolean is(Log other) {
            return id.equals(other.id);
        }

        /** Whether both are the same topic, and this one has all that the former had. */
        private boolean hasAllOf(Log before) {
            return is(before) && cut(before).isEmpty() && shortened(before).isEmpty();
        }

        /** The partition that begins later than before; empty where none does. */
        private OptionalInt cut(Log before) {
            return first(partition -> starts.get(partition) > before.starts.get(partition), starts, before.starts);
        }

        /** The partition that ends earlier than before; empty where none does. */
        private OptionalInt shortened(Log before) {
            return first(partition -> ends.get(partition) < before.ends.get(partition), ends, before.ends);
        }

        private static OptionalInt first(IntPredicate which, List<Long> now, List<Long> then) {
            return IntStream.range(0, Math.min(now.size(), then.size()))
                    .filter(which)
                    .findFirst();
        }

        /** What happened to it since then; only where it has not all that it had. */
        private String lossSince(Log before) {
            if (!is(before)) {
                return "topic " + name + " was deleted and created again";
            }
            OptionalInt cut = cut(before);
            if (cut.isPresent()) {
                return "topic " + name + " lost records at its beginning (partition " + cut.getAsInt()
                        + " begins at offset "
                        + starts.get(cut.getAsInt()) + ", but began at " + before.starts.get(cut.getAsInt())
                        + "); check its cleanup.policy";
            }
            int partition = shortened(before).orElseThrow();
            return "topic " + name + " lost records at its end (partition " + partition + " ends at offset "
                    + ends.get(partition) + ", but ended at " + before.ends.get(partition) + ")";
        }

        private boolean isWhere(Log other) {
            return is(other) && partitions == other.partitions && starts.equals(other.starts);
        }
    }

    /** Which topics hold nothing of what was published. */
    public record Lost(boolean devices, boolean apps, boolean unconfirmed) {
        public static final Lost NOTHING = new Lost(false, false, false);
        static final Lost EVERYTHING = new Lost(true, true, true);
    }

    /** @param before what records were published to; null where that is not known, and nothing counts as lost */
    public Lost lostSince(Destination before) {
        if (before == null) {
            return Lost.NOTHING;
        }
        if (!cluster.equals(before.cluster)) {
            return Lost.EVERYTHING;
        }
        return new Lost(
                !devices.hasAllOf(before.devices),
                !apps.hasAllOf(before.apps),
                !unconfirmed.hasAllOf(before.unconfirmed));
    }

    /** Whether all but the ends is the same: ends move with every record, which alone is not worth a record of its own. */
    public boolean isWhere(Destination other) {
        return other != null
                && cluster.equals(other.cluster)
                && devices.isWhere(other.devices)
                && apps.isWhere(other.apps)
                && unconfirmed.isWhere(other.unconfirmed);
    }

    /** What happened, in words; empty where nothing was lost. */
    public Optional<String> lossInWords(Destination before) {
        if (before == null || lostSince(before).equals(Lost.NOTHING)) {
            return Optional.empty();
        }
        if (!cluster.equals(before.cluster)) {
            return Optional.of("the Kafka cluster is another one, " + cluster + " instead of " + before.cluster
                    + ": everything is published again");
        }
        var lost = new ArrayList<String>();
        List<Log> now = logs();
        for (int i = 0; i < now.size(); i++) {
            if (!now.get(i).hasAllOf(before.logs().get(i))) {
                lost.add(now.get(i).lossSince(before.logs().get(i)));
            }
        }
        return Optional.of(String.join(", ", lost) + ": its records are published again");
    }

    /** What is wrong with topics whose number of partitions changed; empty where all is well. */
    public Optional<String> altered(Destination before) {
        List<Log> now = logs();
        for (int i = 0; before != null && i < now.size(); i++) {
            Log was = before.logs().get(i);
            if (now.get(i).is(was) && now.get(i).partitions() != was.partitions()) {
                return Optional.of(
                        "Topic " + was.name() + " has " + now.get(i).partitions() + " partitions now, but had "
                                + was.partitions()
                                + " when records were published to it: keys lie in other partitions than before."
                                + " Delete topic " + was.name() + ": a poller creates it and publishes everything again"
                                + " (docs/runbook.md).");
            }
        }
        return Optional.empty();
    }

    private List<Log> logs() {
        return List.of(devices, apps, unconfirmed);
    }
}
