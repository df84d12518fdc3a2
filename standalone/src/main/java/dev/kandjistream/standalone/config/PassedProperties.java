package dev.kandjistream.standalone.config;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Decides which of Kafka's own client properties a configuration may pass through. Connection, security and tuning may be
 * set. A property that would break what this program promises, or that it sets itself, is refused with the reason.
 *
 * <p>Names that Kafka does not know pass, because plug-ins such as login modules read their own. Kafka Streams hands prefixed names
 * ({@code producer.acks}) to single clients; they are judged without the prefix.
 */
final class PassedProperties {
    private static final List<String> STREAMS_PREFIXES =
            List.of("main.consumer.", "restore.consumer.", "global.consumer.", "consumer.", "producer.", "admin.");

    private static final List<String> FREE_PREFIXES = List.of(
            "security.",
            "ssl.",
            "sasl.",
            "reconnect.backoff.",
            "retry.backoff.",
            "socket.connection.setup.",
            "metadata.",
            "metrics.",
            "rack.aware.assignment.");

    private static final Set<String> FREE = Set.of(
            "acceptable.recovery.lag",
            "client.dns.lookup",
            "client.id",
            "client.rack",
            "config.providers",
            "connections.max.idle.ms",
            "default.api.timeout.ms",
            "enable.metrics.push",
            "fetch.max.wait.ms",
            "fetch.min.bytes",
            "heartbeat.interval.ms",
            "log.summary.interval.ms",
            "max.warmup.replicas",
            "metric.reporters",
            "poll.ms",
            "probing.rebalance.interval.ms",
            "receive.buffer.bytes",
            "repartition.purge.interval.ms",
            "request.timeout.ms",
            "send.buffer.bytes",
            "session.timeout.ms",
            "task.timeout.ms",
            "upgrade.from");

    /** Values that say what holds anyway, so that files of other tools can be used as they are. */
    private static final Map<String, Set<String>> HARMLESS = Map.of(
            "acks", Set.of("all", "-1"),
            "allow.auto.create.topics", Set.of("false"),
            "check.crcs", Set.of("true"),
            "enable.auto.commit", Set.of("false"),
            "enable.idempotence", Set.of("true"),
            "exclude.internal.topics", Set.of("true"),
            "isolation.level", Set.of("read_committed"),
            "partitioner.ignore.keys", Set.of("false"));

    private static final String EXACTLY_ONCE =
            "every record must be written exactly once and survive the loss of a broker";
    private static final String ALL_OR_NOTHING = "readers must see whole sweeps, and never what was not committed";
    private static final String SAME_PARTITION =
            "the records of one device must be in the same partition of every topic";
    private static final String POSITIONS = "this program decides itself what is read again";
    private static final String FORMAT = "the topics have keys of text and values of Avro";
    private static final String TOPICS = "the topics of Kafka Streams hold state that must not be lost";
    private static final String RECORDS = "another class must not change or drop records";
    private static final String ITSELF = "kandji-stream sets it itself";

    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("acks", EXACTLY_ONCE),
            Map.entry("enable.idempotence", EXACTLY_ONCE),
            Map.entry("max.in.flight.requests.per.connection", EXACTLY_ONCE),
            Map.entry("processing.guarantee", EXACTLY_ONCE),
            Map.entry("retries", EXACTLY_ONCE),
            Map.entry("transaction.timeout.ms", EXACTLY_ONCE),
            Map.entry("transaction.two.phase.commit.enable", EXACTLY_ONCE),
            Map.entry("transactional.id", EXACTLY_ONCE),
            Map.entry("isolation.level", ALL_OR_NOTHING),
            Map.entry("check.crcs", ALL_OR_NOTHING),
            Map.entry("partitioner.class", SAME_PARTITION),
            Map.entry("partitioner.ignore.keys", SAME_PARTITION),
            Map.entry("application.id", POSITIONS),
            Map.entry("auto.commit.interval.ms", POSITIONS),
            Map.entry("auto.offset.reset", POSITIONS),
            Map.entry("enable.auto.commit", POSITIONS),
            Map.entry("group.id", POSITIONS),
            Map.entry("group.instance.id", POSITIONS),
            Map.entry("group.protocol", POSITIONS),
            Map.entry("partition.assignment.strategy", POSITIONS),
            Map.entry("key.deserializer", FORMAT),
            Map.entry("key.serializer", FORMAT),
            Map.entry("value.deserializer", FORMAT + ". Another library's classes go under schema_registry.properties"),
            Map.entry("value.serializer", FORMAT + ". Another library's classes go under schema_registry.properties"),
            Map.entry("allow.auto.create.topics", "topics are created with the settings that they need"),
            Map.entry("replication.factor", "it has a key of its own, kafka.replication_factor"),
            Map.entry("max.request.size", ITSELF + ", by kafka.max_record_bytes"),
            Map.entry("fetch.max.bytes", ITSELF + ", by kafka.max_record_bytes"),
            Map.entry("bootstrap.servers", "it has a key of its own, kafka.bootstrap_servers"),
            Map.entry("interceptor.classes", RECORDS),
            Map.entry("deserialization.exception.handler", RECORDS),
            Map.entry("processing.exception.handler", RECORDS),
            Map.entry("production.exception.handler", RECORDS));

    /** Of Confluent's serializers and ours, by the same rule: the records' form is fixed. */
    private static final Map<String, Set<String>> SERDE_HARMLESS = Map.of(
            "specific.avro.reader", Set.of("true"),
            "schema.reflection", Set.of("false"),
            "avro.reflection.allow.null", Set.of("false"),
            "avro.use.logical.type.converters", Set.of("false"),
            "value.schema.id.serializer", Set.of(),
            "value.schema.id.deserializer", Set.of(),
            "use.schema.id", Set.of());

    private static final Set<String> KNOWN = known();

    private PassedProperties() {}

    private static Set<String> known() {
        var names = new HashSet<String>();
        names.addAll(ProducerConfig.configNames());
        names.addAll(ConsumerConfig.configNames());
        names.addAll(AdminClientConfig.configNames());
        names.addAll(StreamsConfig.configDef().names());
        return names;
    }

    /** Why a property under {@code schema_registry} may not be passed through; empty if it may. */
    static Optional<String> registryRefusal(String name, String value) {
        if (name.equals("value.serializer") || name.equals("value.deserializer")) {
            return Optional.empty();
        }
        if (name.equals("schema.registry.url")) {
            return Optional.of("it has a key of its own, schema_registry.url");
        }
        Set<String> harmless = SERDE_HARMLESS.get(name);
        return harmless == null || harmless.contains(value.strip()) ? kafkaRefusal(name, value) : Optional.of(FORMAT);
    }

    /** Why a property under {@code kafka} may not be passed through; empty if it may. */
    static Optional<String> kafkaRefusal(String name, String value) {
        if (name.startsWith("topic.")) {
            return Optional.of(TOPICS);
        }
        String bare = STREAMS_PREFIXES.stream()
                .filter(name::startsWith)
                .findFirst()
                .map(prefix -> name.substring(prefix.length()))
                .orElse(name);
        boolean free = FREE.contains(bare)
                || FREE_PREFIXES.stream().anyMatch(bare::startsWith)
                || HARMLESS.getOrDefault(bare, Set.of()).contains(value.strip())
                || !KNOWN.contains(bare);
        return free ? Optional.empty() : Optional.of(REASONS.getOrDefault(bare, ITSELF));
    }
}
