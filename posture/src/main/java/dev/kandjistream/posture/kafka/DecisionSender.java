package dev.kandjistream.posture.kafka;

import dev.kandjistream.posture.domain.Decision;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.schemas.serde.RegistryException;
import dev.kandjistream.schemas.serde.RegistrySubjects;
import dev.kandjistream.schemas.serde.SerdeFault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Decisions as Avro with CloudEvents headers, to the broker. It checks for obstacles before the first one. A decision that
 * no later try makes fit is reported as lost; everything else that goes wrong is thrown, for the same decision to be sent again.
 */
final class DecisionSender implements DecisionOutlet {
    private static final byte[] SPEC_VERSION = utf8("1.0");
    private static final byte[] SOURCE = utf8("/kandji/posture");
    private static final byte[] TYPE = utf8("dev.kandjistream.decision.made");

    private static final Set<Integer> REFUSED = Set.of(401, 403);

    /** How long the caller, which is the log's own thread, is kept by a broker that is not there. */
    private static final int MAX_BLOCK_MS = 1_000;

    private static final int REQUEST_TIMEOUT_MS = 10_000;
    private static final int API_TIMEOUT_MS = 20_000;
    private static final Duration DELIVERY_TIMEOUT = Duration.ofHours(1);

    private final Topic<dev.kandjistream.decisions.Decision> topic;
    private final Serializer<dev.kandjistream.decisions.Decision> values;
    private final Runnable requireAccess;
    private final Supplier<Producer<byte[], byte[]>> makeProducer;
    private final RecordLimits limits;
    private volatile boolean isAccessKnown;
    private volatile Optional<String> shortcoming = Optional.empty();
    private Producer<byte[], byte[]> producer;

    DecisionSender(Topics topics, Map<String, Object> kafka, short replicationFactor) {
        this(
                topics.decisions(),
                AvroSerdes.serializer(topics.decisions(), kafka),
                () -> requireAccess(topics, kafka, replicationFactor),
                producers(topics, kafka),
                new RecordLimits(
                        topics.maxRecordBytes(), List.of(topics.decisions().name()), kafka));
    }

    /** @param requireAccess throws while decisions cannot be written */
    DecisionSender(
            Topic<dev.kandjistream.decisions.Decision> topic,
            Serializer<dev.kandjistream.decisions.Decision> values,
            Runnable requireAccess,
            Supplier<Producer<byte[], byte[]>> makeProducer) {
        this(topic, values, requireAccess, makeProducer, new RecordLimits(topic.maxRecordBytes(), List.of(), Map.of()));
    }

    private DecisionSender(
            Topic<dev.kandjistream.decisions.Decision> topic,
            Serializer<dev.kandjistream.decisions.Decision> values,
            Runnable requireAccess,
            Supplier<Producer<byte[], byte[]>> makeProducer,
            RecordLimits limits) {
        this.limits = limits;
        this.topic = topic;
        this.values = values;
        this.requireAccess = requireAccess;
        this.makeProducer = makeProducer;
    }

    @Override
    public void prepare() {
        if (!isAccessKnown) {
            requireAccess.run();
            isAccessKnown = true;
        }
        limits.follow();
        shortcoming = limits.tooSmall();
        if (producer == null) {
            producer = makeProducer.get();
        }
    }

    /** A topic that allows less than other services need still takes most decisions. */
    @Override
    public Optional<String> shortcoming() {
        return shortcoming.map(reason -> "larger decisions are not recorded: " + reason);
    }

    @Override
    public void send(Decision decision, Consumer<Throwable> outcome) {
        prepare();
        ProducerRecord<byte[], byte[]> record;
        try {
            record = record(decision);
        } catch (RuntimeException e) {
            if (e instanceof RegistryException refusal && REFUSED.contains(refusal.status())) {
                throw new NotRecordedException(
                        refusal.getMessage(),
                        "let this user register " + topic.name()
                                + "-value, or register it by hand and set auto.register.schemas to false",
                        refusal);
            }
            if (e instanceof InterruptException || SerdeFault.isOfRegistry(e)) {
                throw e;
            }
            outcome.accept(e);
            return;
        }
        Optional<RecordLimits.Excess> excess =
                limits.excess(topic.name(), RecordLimits.besides(record.key(), record.headers()), record.value());
        if (excess.isPresent()) {
            outcome.accept(tooLarge(decision, excess.get().toString()));
            return;
        }
        var delivery = new Delivery(failure -> outcome.accept(answered(failure, decision, record)));
        try {
            producer.send(record, delivery);
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            renewProducer();
            throw e;
        }
        if (delivery.refusal != null) {
            refused(delivery.refusal, decision, outcome);
        }
    }

    @Override
    public void close(Duration limit) {
        if (producer != null) {
            producer.close(limit);
        }
    }

    /** @return the same failure, or one that says what to do, if that is known */
    private Throwable answered(Throwable failure, Decision decision, ProducerRecord<byte[], byte[]> record) {
        if (failure instanceof RecordTooLargeException tooLarge) {
            limits.refused(
                    topic.name(), RecordLimits.besides(record.key(), record.headers()), record.value(), tooLarge);
            return tooLarge(decision, String.valueOf(tooLarge.getMessage()));
        }
        if (failure instanceof AuthorizationException) {
            isAccessKnown = false; // What comes next waits until the right is there again.
            return DecisionAccess.notPermitted(topic.name(), failure);
        }
        return failure;
    }

    /** Names the decision by its id, which says nothing about whom it is of. */
    private static RecordTooLargeException tooLarge(Decision decision, String why) {
        return new RecordTooLargeException("Decision " + decision.id() + " is too large to be recorded: " + why);
    }

    /** The producer did not take the record. */
    private void refused(RuntimeException refusal, Decision decision, Consumer<Throwable> outcome) {
        if (refusal instanceof RecordTooLargeException) {
            outcome.accept(tooLarge(decision, String.valueOf(refusal.getMessage())));
            return;
        }
        if (!(refusal instanceof RetriableException)) {
            renewProducer();
        }
        if (refusal instanceof AuthorizationException) {
            isAccessKnown = false;
            throw DecisionAccess.notPermitted(topic.name(), refusal);
        }
        throw refusal;
    }

    /** After some errors, such as a right that was missing, a producer never works again. */
    private void renewProducer() {
        producer.close(Duration.ZERO);
        producer = null;
    }

    private ProducerRecord<byte[], byte[]> record(Decision decision) {
        byte[] key = utf8(Keys.of(decision.question().serialNumber().text()));
        byte[] value = values.serialize(topic.name(), DecisionRecords.of(decision));
        var record = new ProducerRecord<>(topic.name(), key, value);
        record.headers()
                .add("ce_specversion", SPEC_VERSION)
                .add("ce_id", utf8(decision.id()))
                .add("ce_source", SOURCE)
                .add("ce_type", TYPE)
                .add("ce_subject", key)
                .add(
                        "ce_time",
                        utf8(decision.decidedAt().truncatedTo(ChronoUnit.MILLIS).toString()));
        return record;
    }

    /** What the producer says of one record. A refusal comes on the thread that sends, before sending returns. */
    private static final class Delivery implements Callback {
        private final Consumer<Throwable> outcome;
        private final Thread sending = Thread.currentThread();
        private RuntimeException refusal;

        Delivery(Consumer<Throwable> outcome) {
            this.outcome = outcome;
        }

        @Override
        public void onCompletion(RecordMetadata metadata, Exception failure) {
            if (failure instanceof RuntimeException refused && Thread.currentThread() == sending) {
                refusal = refused;
            } else {
                outcome.accept(failure);
            }
        }
    }

    private static void requireAccess(Topics topics, Map<String, Object> kafka, short replicationFactor) {
        var properties = new HashMap<>(kafka);
        properties.putIfAbsent("request.timeout.ms", REQUEST_TIMEOUT_MS);
        properties.putIfAbsent("default.api.timeout.ms", API_TIMEOUT_MS);
        try (var admin = Admin.create(properties)) {
            DecisionAccess.require(admin, topics.decisions(), replicationFactor);
        }
        RegistrySubjects.ensure(topics.decisions(), kafka);
    }

    private static Supplier<Producer<byte[], byte[]>> producers(Topics topics, Map<String, Object> kafka) {
        var properties = new HashMap<>(kafka);
        properties.remove(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, topics.prefix() + "-posture-decisions");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 50);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 64 << 10);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RecordLimits.requestBytes(topics.maxRecordBytes()));
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS);
        properties.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        // A broker that is gone is waited for; the queue bounds how much waits.
        properties.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) DELIVERY_TIMEOUT.toMillis());
        var checked = new HashMap<>(properties);
        checked.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        checked.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        new ProducerConfig(checked);
        return () -> new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
