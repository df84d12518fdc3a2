package dev.kandjistream.schemas;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How large a record may be, for each topic that a service writes to.
 *
 * <p>Two limits apply. Before compression, no record is larger than the configured limit, which bounds memory. Compressed
 * with zstd, it must fit into the topic's {@code max.message.bytes}. The topics are asked at the start and now and then; a
 * topic that refuses a record that should fit is taken to allow less than that.
 *
 * <p>Safe for many threads.
 */
public final class RecordLimits {
    /** Unless configured otherwise. */
    public static final int DEFAULT = 16 << 20;

    /** The smallest limit to work with: what is written about an account as a whole must fit. */
    public static final int SMALLEST = 64 << 10;

    /** The largest: a broker takes requests of up to 100 MB by default. */
    public static final int LARGEST = 64 << 20;

    /** What surrounds a record in a request. */
    private static final int REQUEST_ROOM = 1 << 20;

    /** What surrounds key and value of a record that is alone in its batch. */
    private static final int BATCH_ROOM = 512;

    /** What was read this lately is not asked again for each record that does not fit. */
    private static final Duration FRESH = Duration.ofMillis(500);

    private static final Duration READ_EVERY = Duration.ofSeconds(30);
    private static final Duration REFUSALS_STAND = Duration.ofHours(1);
    private static final int LIMIT_MILLIS = 10_000;
    private static final Set<String> AS_SENT = Set.of("zstd", "producer");
    private static final Logger LOG = LoggerFactory.getLogger(RecordLimits.class);

    /**
     * What a topic allows.
     *
     * @param compressedAsSent whether the brokers store what was sent, and measure that
     */
    private record Allowed(int bytes, boolean compressedAsSent) {}

    /**
     * A topic refused a record that should have fitted.
     *
     * @param bytes the largest that may be allowed after that
     * @param allowed what it said at that time; null where it did not
     */
    private record Refusal(int bytes, Allowed allowed, long at) {}

    /**
     * A record that does not fit.
     *
     * @param bytes its size: compressed if it is the topic that does not allow it
     * @param ofTopic whether the limit is the topic's, not the configured one
     */
    public record Excess(String topic, int bytes, int limit, boolean ofTopic) {
        @Override
        public String toString() {
            return "record of " + bytes + " bytes for topic " + topic + ", "
                    + (ofTopic ? "which allows " : "kafka.max_record_bytes is ") + limit;
        }
    }

    private final int wanted;
    private final Supplier<Admin> admins;
    private final LongSupplier nanos;
    private final Set<String> topics = new TreeSet<>();
    private final Map<String, Allowed> allowed = new ConcurrentHashMap<>();
    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();
    private final AtomicReference<RecordTooLargeException> latest = new AtomicReference<>();
    private long readAt;
    private boolean wasRead;
    private volatile boolean isDue;

    /**
     * Asks nothing yet; until then the topics count as allowing the limit that is wanted.
     *
     * @param wanted the configured limit, see {@link Topics#maxRecordBytes}
     * @param topics those that are written to
     * @param kafka client properties
     */
    public RecordLimits(int wanted, Collection<String> topics, Map<String, Object> kafka) {
        this(wanted, topics, () -> admin(kafka), System::nanoTime);
    }

    RecordLimits(int wanted, Collection<String> topics, Supplier<Admin> admins, LongSupplier nanos) {
        this.wanted = wanted;
        this.topics.addAll(topics);
        this.admins = admins;
        this.nanos = nanos;
    }

    private static Admin admin(Map<String, Object> kafka) {
        var properties = new HashMap<>(kafka);
        properties.putIfAbsent("request.timeout.ms", LIMIT_MILLIS);
        properties.putIfAbsent("default.api.timeout.ms", LIMIT_MILLIS);
        return Admin.create(properties);
    }

    /** {@code max.request.size} and {@code fetch.max.bytes} that let a record of the limit pass. */
    public static int requestBytes(int maxRecordBytes) {
        return maxRecordBytes + REQUEST_ROOM;
    }

    /** Bytes of key and headers. */
    public static int besides(byte[] key, Iterable<Header> headers) {
        int bytes = key == null ? 0 : key.length;
        for (Header header : headers) {
            bytes += 2 + header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return bytes;
    }

    /** The largest record that the topic takes, compressed. */
    public int of(String topic) {
        int limit = wanted;
        Allowed told = allowed.get(topic);
        if (told != null) {
            limit = Math.min(limit, told.bytes());
        }
        Refusal refusal = refusals.get(topic);
        return refusal == null ? limit : Math.min(limit, refusal.bytes());
    }

    /**
     * Whether a record fits.
     *
     * @param besides bytes of key and headers
     * @param value null for a tombstone
     * @return empty where it fits
     */
    public Optional<Excess> excess(String topic, int besides, byte[] value) {
        int plain = besides + (value == null ? 0 : value.length);
        if (plain > wanted) {
            return Optional.of(new Excess(topic, plain, wanted, false));
        }
        Optional<Excess> excess = excessOfTopic(topic, besides, value);
        if (excess.isPresent() && isOlderThan(FRESH)) {
            // The topic may allow more by now.
            tryToRead();
            excess = excessOfTopic(topic, besides, value);
        }
        return excess;
    }

    private Optional<Excess> excessOfTopic(String topic, int besides, byte[] value) {
        int limit = of(topic);
        int bytes = bytes(topic, limit, besides, value);
        return bytes <= limit ? Optional.empty() : Optional.of(new Excess(topic, bytes, limit, true));
    }

    /** Of a batch with this record alone. */
    private int bytes(String topic, int limit, int besides, byte[] value) {
        int plain = besides + (value == null ? 0 : value.length);
        // What cannot be compressed becomes a little larger.
        int most = plain + plain / 128 + BATCH_ROOM;
        Allowed told = allowed.get(topic);
        boolean asSent = told == null || told.compressedAsSent();
        return most <= limit || value == null || !asSent ? most : compressed(value) + besides + BATCH_ROOM;
    }

    /** By the quickest level, which no producer falls below. */
    private static int compressed(byte[] value) {
        var buffer = new ByteBufferOutputStream(Math.max(512, value.length / 4));
        try (var out = Compression.zstd().level(1).build().wrapForOutput(buffer, RecordBatch.MAGIC_VALUE_V2)) {
            out.write(value);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return buffer.position();
    }

    /**
     * A broker refused a record as too large. The topics are asked again before long.
     *
     * @param failure the record's own. A producer that fails a transaction gives its failure to the records that it has not
     *     sent yet, too: of those with one and the same, only the first was refused
     */
    public void refused(String topic, int besides, byte[] value, RecordTooLargeException failure) {
        if (latest.getAndSet(failure) == failure) {
            return;
        }
        Allowed told = allowed.get(topic);
        int bytes = bytes(topic, 0, besides, value);
        refusals.merge(
                topic,
                new Refusal(bytes - 1, told, nanos.getAsLong()),
                (before, now) -> before.bytes() < now.bytes() ? before : now);
        isDue = true;
    }

    /** Asks the topics, unless that was done lately and none has refused a record since. Where they do not answer, nothing changes. */
    public void follow() {
        if (isDue || isOlderThan(READ_EVERY) || tooSmall().isPresent()) {
            tryToRead();
        }
    }

    private void tryToRead() {
        try {
            read();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.atDebug().addKeyValue("cause", e.getMessage()).log("Record limits of topics cannot be read");
        }
    }

    private synchronized boolean isOlderThan(Duration age) {
        return !topics.isEmpty() && (!wasRead || nanos.getAsLong() - readAt > age.toNanos());
    }

    /**
     * Asks the topics, and logs where one allows less than is wanted. A topic that is missing, or whose settings this user may
     * not read, counts as allowing what is wanted.
     *
     * @throws KafkaException where the brokers do not answer
     */
    public synchronized void read() {
        try (Admin admin = admins.get()) {
            read(admin);
        }
    }

    /** As {@link #read()}. */
    public synchronized void read(Admin admin) {
        isDue = false;
        var resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .collect(Collectors.toSet());
        admin.describeConfigs(resources).values().forEach((resource, answer) -> {
            try {
                learn(resource.name(), Optional.of(answer.get()));
            } catch (ExecutionException e) {
                if (!isNoAnswer(e.getCause())) {
                    throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
                }
                learn(resource.name(), Optional.empty());
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        });
        readAt = nanos.getAsLong();
        wasRead = true;
    }

    private static boolean isNoAnswer(Throwable refusal) {
        return refusal instanceof AuthorizationException || refusal instanceof UnknownTopicOrPartitionException;
    }

    private void learn(String topic, Optional<Config> settings) {
        int before = of(topic);
        Allowed now = settings.map(RecordLimits::allowed).orElse(null);
        if (now == null) {
            allowed.remove(topic);
        } else {
            allowed.put(topic, now);
        }
        Refusal refusal = refusals.get(topic);
        if (refusal != null && isOver(refusal, now)) {
            refusals.remove(topic);
        }
        int after = of(topic);
        if (after != before) {
            tell(topic, after);
        }
    }

    private boolean isOver(Refusal refusal, Allowed now) {
        boolean altered = now != null && !now.equals(refusal.allowed());
        return altered || nanos.getAsLong() - refusal.at() > REFUSALS_STAND.toNanos();
    }

    private static Allowed allowed(Config settings) {
        ConfigEntry bytes = settings.get(TopicSettings.MAX_MESSAGE_BYTES);
        ConfigEntry compression = settings.get("compression.type");
        return bytes == null || bytes.value() == null
                ? null
                : new Allowed(
                        Integer.parseInt(bytes.value()), compression == null || AS_SENT.contains(compression.value()));
    }

    private void tell(String topic, int allows) {
        if (allows == wanted) {
            LOG.atInfo()
                    .addKeyValue("topic", topic)
                    .addKeyValue("allowed", allows)
                    .log("Topic allows records of the configured size again");
        } else {
            LOG.atWarn()
                    .addKeyValue("topic", topic)
                    .addKeyValue("allowed", allows)
                    .addKeyValue("wanted", wanted)
                    .log(
                            "Topic allows smaller records than kafka.max_record_bytes; what does not fit is skipped by name."
                                    + " To raise it: " + command(topic));
        }
    }

    private String command(String topic) {
        return "kafka-configs.sh --bootstrap-server HOST --alter --entity-type topics --entity-name " + topic
                + " --add-config max.message.bytes=" + wanted;
    }

    /** Why nothing can be written, and how to fix it; empty where every topic allows enough. */
    public synchronized Optional<String> tooSmall() {
        return topics.stream()
                .filter(topic -> of(topic) < SMALLEST)
                .map(topic -> "Topic " + topic + " allows records of " + of(topic) + " bytes only (max.message.bytes);"
                        + " at least " + SMALLEST + " are needed, and kafka.max_record_bytes wants " + wanted
                        + ". Run " + command(topic))
                .findFirst();
    }

    /** @throws TopicLimitException where a topic allows too little */
    public void requireEnough() {
        tooSmall().ifPresent(reason -> {
            throw new TopicLimitException(reason);
        });
    }
}
