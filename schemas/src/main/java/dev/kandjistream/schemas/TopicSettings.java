package dev.kandjistream.schemas;

import dev.kandjistream.schemas.Topic.Retention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The settings that a topic is created with, and what differs on one that exists. Pure. */
final class TopicSettings {
    static final String MAX_MESSAGE_BYTES = "max.message.bytes";

    private static final String POLICY = "cleanup.policy";
    private static final String AN_HOUR = String.valueOf(Duration.ofHours(1).toMillis());
    private static final String THIRTY_DAYS = String.valueOf(Duration.ofDays(30).toMillis());

    static final String IN_SYNC = "min.insync.replicas";

    /** More than wanted of these loses nothing. */
    private static final Set<String> MORE_IS_FINE =
            Set.of("min.compaction.lag.ms", "delete.retention.ms", "retention.ms", IN_SYNC);

    private TopicSettings() {}

    static Map<String, String> of(Topic<?> topic) {
        var settings = new TreeMap<String, String>();
        settings.put("compression.type", "zstd");
        settings.put(MAX_MESSAGE_BYTES, String.valueOf(topic.maxRecordBytes()));
        if (topic.retention() == Retention.DELETED_AFTER_30_DAYS) {
            settings.put(POLICY, "delete");
            settings.put("retention.ms", THIRTY_DAYS);
            return settings;
        }
        if (topic.retention() == Retention.FORGOTTEN_AFTER_AN_HOUR) {
            settings.put(POLICY, "compact,delete");
            settings.put("retention.ms", AN_HOUR);
            settings.put("delete.retention.ms", AN_HOUR);
            // Nothing is compacted or deleted of the segment that is written to.
            settings.put("segment.ms", AN_HOUR);
            return settings;
        }
        settings.put(POLICY, "compact");
        settings.put("delete.retention.ms", String.valueOf(Topics.TOMBSTONES_STAY.toMillis()));
        if (topic.retention() == Retention.COMPACTED_AFTER_30_DAYS) {
            settings.put("min.compaction.lag.ms", THIRTY_DAYS);
        }
        return settings;
    }

    /** The same with what depends on the number of replicas; -1 where the brokers decide it. */
    static Map<String, String> of(Topic<?> topic, int replicas) {
        Map<String, String> settings = of(topic);
        if (replicas >= Topics.REPLICAS_FOR_IN_SYNC) {
            settings.put(IN_SYNC, String.valueOf(Topics.IN_SYNC));
        }
        return settings;
    }

    /**
     * The same settings with a smaller and smaller record limit, and in the end without one: then the brokers' default holds.
     * Empty where they set no limit.
     */
    static List<Map<String, String>> withSmallerRecords(Map<String, String> settings) {
        var smaller = new ArrayList<Map<String, String>>();
        if (!settings.containsKey(MAX_MESSAGE_BYTES)) {
            return smaller;
        }
        int bytes = Integer.parseInt(settings.get(MAX_MESSAGE_BYTES)) / 2;
        for (; bytes >= RecordLimits.SMALLEST; bytes /= 2) {
            var less = new TreeMap<>(settings);
            less.put(MAX_MESSAGE_BYTES, String.valueOf(bytes));
            smaller.add(less);
        }
        var without = new TreeMap<>(settings);
        without.remove(MAX_MESSAGE_BYTES);
        smaller.add(without);
        return smaller;
    }

    /**
     * Why the topic must not be used; empty when it may.
     *
     * @param found the topic's settings; a setting that cannot be read is missing
     */
    static List<String> faults(Topic<?> topic, Map<String, String> found) {
        String policy = found.getOrDefault(POLICY, of(topic).get(POLICY));
        if (holdsState(topic) && policy.contains("delete")) {
            return List.of("Topic " + topic.name() + " would forget current state: expected cleanup.policy=compact,"
                    + " found " + policy + ". Set it, before records reach their retention time:"
                    + " kafka-configs.sh --bootstrap-server HOST --alter --entity-type topics --entity-name "
                    + topic.name() + " --add-config cleanup.policy=compact");
        }
        return List.of();
    }

    private static boolean holdsState(Topic<?> topic) {
        return topic.retention() != Retention.DELETED_AFTER_30_DAYS
                && topic.retention() != Retention.FORGOTTEN_AFTER_AN_HOUR;
    }

    /**
     * What differs and loses nothing that must stay, one sentence each. The record limit is not among it: whoever writes to
     * the topic follows it, see {@link RecordLimits}.
     */
    static List<String> differences(Topic<?> topic, Map<String, String> found, int replicas) {
        if (!faults(topic, found).isEmpty()) {
            return List.of();
        }
        var differences = new ArrayList<String>();
        Map<String, String> chosen = of(topic, replicas);
        chosen.remove(MAX_MESSAGE_BYTES);
        chosen.forEach((name, wanted) -> {
            String value = found.get(name);
            if (value == null) {
                differences.add(name + " cannot be read, expected " + wanted);
            } else if (!value.equals(wanted) && !(MORE_IS_FINE.contains(name) && isMore(value, wanted))) {
                differences.add(name + " is " + value + ", expected " + wanted);
            }
        });
        return differences;
    }

    private static boolean isMore(String value, String wanted) {
        // -1 is without limit.
        return value.equals("-1") || Long.parseLong(value) >= Long.parseLong(wanted);
    }
}
