package dev.kandjistream.schemas;

import static dev.kandjistream.schemas.Topic.Retention.COMPACTED;
import static dev.kandjistream.schemas.Topic.Retention.COMPACTED_AFTER_30_DAYS;
import static dev.kandjistream.schemas.Topic.Retention.DELETED_AFTER_30_DAYS;
import static dev.kandjistream.schemas.Topic.Retention.FORGOTTEN_AFTER_AN_HOUR;

import dev.kandjistream.commands.Command;
import dev.kandjistream.decisions.Decision;
import dev.kandjistream.devices.Device;
import dev.kandjistream.progress.SweepProgress;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.raw.RawDeviceApps;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.unconfirmed.Unconfirmed;
import java.time.Duration;
import java.util.List;

/**
 * The topic catalogue: the one place that knows every topic, group and application id. All of them begin with the
 * prefix, so that prefixed ACLs suffice.
 *
 * @param prefix first part of every name, such as {@code kandji}
 * @param maxRecordBytes the largest record that is written, from {@link RecordLimits#SMALLEST} to {@link RecordLimits#LARGEST};
 *     see {@link RecordLimits}
 */
public record Topics(String prefix, int maxRecordBytes) {
    /** How long compacted topics keep tombstones: a reader that was away for less learns of everything that is gone. */
    public static final Duration TOMBSTONES_STAY = Duration.ofDays(30);

    /** Replicas from which on a write must have reached {@link #IN_SYNC} of them. */
    public static final int REPLICAS_FOR_IN_SYNC = 3;

    /** {@code min.insync.replicas} where there are enough replicas: the loss of one broker loses no record and stops nothing. */
    public static final int IN_SYNC = 2;

    /** Partitions of the raw topics, of what derives from them, and of decisions. */
    static final int PARTITIONS = 12;

    /** Partitions of the ledger: accounts are spread over them, and the number never changes. */
    public static final int LEDGER_PARTITIONS = 64;

    public Topics {
        if (maxRecordBytes < RecordLimits.SMALLEST || maxRecordBytes > RecordLimits.LARGEST) {
            throw new IllegalArgumentException("maxRecordBytes must be from " + RecordLimits.SMALLEST + " to "
                    + RecordLimits.LARGEST + ", was " + maxRecordBytes);
        }
    }

    /** With the default limit of a record. */
    public Topics(String prefix) {
        this(prefix, RecordLimits.DEFAULT);
    }

    private <V> Topic<V> topic(String name, Class<V> valueType, Topic.Retention retention, int partitions) {
        return new Topic<>(prefix + name, valueType, retention, partitions, maxRecordBytes);
    }

    /** Key {@code account/device_id}. */
    public Topic<RawDevice> rawDevices() {
        return topic(".raw.devices", RawDevice.class, COMPACTED, PARTITIONS);
    }

    /** Key {@code account/device_id}. */
    public Topic<RawDeviceApps> rawApps() {
        return topic(".raw.apps", RawDeviceApps.class, COMPACTED, PARTITIONS);
    }

    /** What the latest sweep did not confirm about published devices. Key {@code account/device_id}. */
    public Topic<Unconfirmed> unconfirmed() {
        return topic(".unconfirmed", Unconfirmed.class, COMPACTED, PARTITIONS);
    }

    /** Key {@code account/kind}. */
    public Topic<SweepReceipt> sweeps() {
        return topic(".sweeps", SweepReceipt.class, COMPACTED_AFTER_30_DAYS, 1);
    }

    /** How far sweeps under way have come; best effort. Key {@code account/kind}. */
    public Topic<SweepProgress> progress() {
        return topic(".progress", SweepProgress.class, FORGOTTEN_AFTER_AN_HOUR, 1);
    }

    /** What operators decide. Key {@code account/command_id}; one partition, so that an offset tells what was read. */
    public Topic<Command> commands() {
        return topic(".commands", Command.class, COMPACTED, 1);
    }

    /** Key {@code account/device_id}. */
    public Topic<dev.kandjistream.devices.Envelope> devices() {
        return topic(".devices", dev.kandjistream.devices.Envelope.class, COMPACTED_AFTER_30_DAYS, PARTITIONS);
    }

    /** Key {@code account/device_id}. */
    public Topic<dev.kandjistream.licenses.Envelope> licenses() {
        return topic(".licenses", dev.kandjistream.licenses.Envelope.class, COMPACTED_AFTER_30_DAYS, PARTITIONS);
    }

    /** Key {@code account/user_id}. */
    public Topic<dev.kandjistream.users.Envelope> users() {
        return topic(".users", dev.kandjistream.users.Envelope.class, COMPACTED_AFTER_30_DAYS, PARTITIONS);
    }

    /** Key {@code account/user_id/app_id}. */
    public Topic<dev.kandjistream.usage.Envelope> usage() {
        return topic(".usage", dev.kandjistream.usage.Envelope.class, COMPACTED_AFTER_30_DAYS, PARTITIONS);
    }

    /** Key {@code account/device_id}; null = attributed or gone. */
    public Topic<Device> unattributed() {
        return topic(".unattributed", Device.class, COMPACTED, PARTITIONS);
    }

    /** What posture answered. Key: the serial number in its normal form, one segment. */
    public Topic<Decision> decisions() {
        return topic(".decisions", Decision.class, DELETED_AFTER_30_DAYS, PARTITIONS);
    }

    /** Key and value as received, context in headers. */
    public Topic<byte[]> deadLetters() {
        return topic(".deadletters", byte[].class, DELETED_AFTER_30_DAYS, 1);
    }

    /** Schema ids that records were read with, and their schemas. Key {@code topic/id}, value: the schema as JSON. */
    public Topic<byte[]> schemaIds() {
        return topic(".schema-ids", byte[].class, COMPACTED, 1);
    }

    /** Ids of the raw topics that the enricher's offsets belong to. Key: name of the topic. */
    public Topic<byte[]> enricherSources() {
        return topic(".enricher-sources", byte[].class, COMPACTED, 1);
    }

    /** What operators ask the enricher to publish again, and its answers, see {@link Replays}; one partition. */
    public Topic<byte[]> replays() {
        return topic(".replays", byte[].class, DELETED_AFTER_30_DAYS, 1);
    }

    /** The poller's memory of what it published last. Key {@code account/bucket}, partitioned by account alone. */
    public Topic<byte[]> ledger() {
        return topic(".poller-ledger", byte[].class, COMPACTED, LEDGER_PARTITIONS);
    }

    /**
     * The name of an empty topic is the record of how many partitions the raw topics were first seen with: this and the
     * number. See {@link TopicAdmin}.
     */
    String recordOfRawPartitions() {
        return prefix + ".raw.partitions-";
    }

    /** Every topic the services create; what Kafka Streams makes for itself is not here. */
    public List<Topic<?>> all() {
        return List.of(
                rawDevices(),
                rawApps(),
                unconfirmed(),
                sweeps(),
                commands(),
                progress(),
                devices(),
                licenses(),
                users(),
                usage(),
                unattributed(),
                decisions(),
                deadLetters(),
                schemaIds(),
                enricherSources(),
                replays(),
                ledger());
    }

    /** What the sink reads: change events, the unattributed, receipts, decisions. */
    public List<Topic<?>> sunk() {
        return List.of(devices(), licenses(), users(), usage(), unattributed(), sweeps(), decisions());
    }

    /** Application id and consumer group of the enricher. */
    public String enricherApplicationId() {
        return prefix + "-enricher";
    }

    /** Name of the enricher's repartition node: differences of devices on their way to their users. */
    public static final String USER_CONTRIBUTIONS = "user-contributions";

    /** The topic that Kafka Streams makes of {@link #USER_CONTRIBUTIONS}. */
    public String userContributions() {
        return enricherApplicationId() + "-" + USER_CONTRIBUTIONS + "-repartition";
    }

    /** Consumer group of the sink. */
    public String sinkGroup() {
        return prefix + "-sink";
    }

    /** Consumer group of the pollers. */
    public String pollerGroup() {
        return prefix + "-poller";
    }
}
