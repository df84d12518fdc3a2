package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * <pre>
 * raw.devices, raw.apps -> device [devices] -> devices, licenses, unattributed, deadletters
 *                                           -> user-contributions -> user [users] -> users, usage
 * </pre>
 *
 * Both steps also publish again what {@link ReplayRequests} ask for, and answer in replays.
 *
 * The raw topics are keyed account/device_id and equally partitioned, user-contributions is keyed account/user_id. All
 * that flows is bytes: a record that cannot be read must reach the dead letters as it came, and only the processors
 * know what a value is.
 */
public final class EnricherTopology {
    public static final String DEVICE_STORE = "devices";
    public static final String USER_STORE = "users";

    static final String RAW = "raw";
    static final String DEVICE = "device";
    static final String USER = "user";
    static final String DEVICES = "to-devices";
    static final String LICENSES = "to-licenses";
    static final String UNATTRIBUTED = "to-unattributed";
    static final String USERS = "to-users";
    static final String USAGE = "to-usage";
    static final String DEAD_LETTERS = "to-deadletters";
    static final String REPLAYS_OF_DEVICES = "to-replays-of-devices";
    static final String REPLAYS_OF_USERS = "to-replays-of-users";

    /** Where the way to the users begins; Kafka Streams makes the name of ours. */
    static final String TO_USERS = Topics.USER_CONTRIBUTIONS + "-repartition-filter";

    private EnricherTopology() {}

    /**
     * @param configured rules for whatever partition knows none of a higher version
     * @param breaker stops the stream where too many records cannot be read
     * @param replays what operators ask to be published again
     * @param limits of the topics that are written to
     * @param missed what the raw topics held at the start after a long absence; null after none
     * @param stores what a store of a name is kept in
     */
    public static Topology build(
            Topics topics,
            Rules configured,
            ValueFormat format,
            EnricherMetrics metrics,
            Breaker breaker,
            ReplayRequests replays,
            RecordLimits limits,
            RawKeys missed,
            Function<String, KeyValueBytesStoreSupplier> stores) {
        Serde<byte[]> bytes = Serdes.ByteArray();
        var builder = new StreamsBuilder();
        builder.addStateStore(store(DEVICE_STORE, stores));
        builder.addStateStore(store(USER_STORE, stores));
        builder.stream(
                        List.of(topics.rawDevices().name(), topics.rawApps().name()),
                        Consumed.with(bytes, bytes).withName(RAW))
                .process(
                        () -> new DeviceProcessor(
                                topics, configured, format, metrics, breaker, replays, limits, missed),
                        Named.as(DEVICE),
                        DEVICE_STORE)
                .repartition(Repartitioned.with(bytes, bytes)
                        .withName(Topics.USER_CONTRIBUTIONS)
                        .withNumberOfPartitions(topics.users().partitions()))
                .process(() -> new UserProcessor(topics, format, metrics, replays, limits), Named.as(USER), USER_STORE);
        Topology topology = builder.build();
        sink(topology, DEVICES, topics.devices(), DEVICE);
        sink(topology, LICENSES, topics.licenses(), DEVICE);
        sink(topology, UNATTRIBUTED, topics.unattributed(), DEVICE);
        sink(topology, DEAD_LETTERS, topics.deadLetters(), DEVICE);
        sink(topology, USERS, topics.users(), USER);
        sink(topology, USAGE, topics.usage(), USER);
        sink(topology, REPLAYS_OF_DEVICES, topics.replays(), DEVICE);
        sink(topology, REPLAYS_OF_USERS, topics.replays(), USER);
        return topology;
    }

    /** Names of all topics that the topology writes to, those of Kafka Streams included. */
    public static List<String> written(Topics topics) {
        return List.of(
                topics.devices().name(),
                topics.licenses().name(),
                topics.unattributed().name(),
                topics.deadLetters().name(),
                topics.users().name(),
                topics.usage().name(),
                topics.userContributions(),
                changelog(topics, DEVICE_STORE),
                changelog(topics, USER_STORE));
    }

    /** The topic that Kafka Streams makes of a store. */
    public static String changelog(Topics topics, String store) {
        return topics.enricherApplicationId() + "-" + store + "-changelog";
    }

    private static void sink(Topology topology, String name, Topic<?> topic, String processor) {
        topology.addSink(name, topic.name(), new ByteArraySerializer(), new ByteArraySerializer(), processor);
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(
            String name, Function<String, KeyValueBytesStoreSupplier> stores) {
        return Stores.keyValueStoreBuilder(stores.apply(name), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(Map.of())
                .withCachingDisabled();
    }
}
