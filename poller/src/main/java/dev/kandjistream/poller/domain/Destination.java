package dev.kandjistream.poller.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The topics that an account's records are published to. A topic that was deleted and created again has another id, so it
 * holds nothing of what was published before.
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
     */
    public record Log(String name, String id, int partitions) {
        /** Whether both are the same topic, with all that was ever written to it. */
        boolean is(Log other) {
            return id.equals(other.id);
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
        return new Lost(!devices.is(before.devices), !apps.is(before.apps), !unconfirmed.is(before.unconfirmed));
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
            if (!now.get(i).is(before.logs().get(i))) {
                lost.add(now.get(i).name());
            }
        }
        return Optional.of("topic " + String.join(" and topic ", lost)
                + " was deleted and created again: its records are published again");
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
