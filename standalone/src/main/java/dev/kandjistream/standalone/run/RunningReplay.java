package dev.kandjistream.standalone.run;

import dev.kandjistream.schemas.Replays;
import dev.kandjistream.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A replay that this process asks the enrichers for, and how far they are with it. */
public final class RunningReplay implements AutoCloseable {
    private static final int LIMIT_MILLIS = 20_000;

    private final Topics topics;
    private final Map<String, Object> clientProperties;
    private final CommittedLog log;
    private final Map<String, Replays.Answer> answers = new HashMap<>();
    private Replays.Request request;
    private int partitions;

    /** Connects at the first question. */
    public RunningReplay(Topics topics, Map<String, Object> clientProperties) {
        this.topics = topics;
        this.clientProperties = clientProperties;
        log = new CommittedLog(topics.replays().name(), clientProperties);
    }

    /**
     * Asks for it; returns when all replicas have the request.
     *
     * @throws IllegalStateException where no enricher can answer
     */
    public void ask(Replays.Request wanted) {
        partitions = size(topics.rawDevices().name()) + size(topics.userContributions());
        if (size(topics.userContributions()) == 0 || log.size() == 0) {
            throw new IllegalStateException("Expected topics " + topics.userContributions() + " and "
                    + topics.replays().name() + ", which an enricher creates at its start. Start the enricher, then run"
                    + " this again.");
        }
        log.goTo(log.end());
        request = wanted;
        write();
    }

    private int size(String topic) {
        try (var other = new CommittedLog(topic, clientProperties)) {
            return other.size();
        }
    }

    private void write() {
        var properties = new HashMap<>(clientProperties);
        properties.put("enable.idempotence", "true");
        properties.put("acks", "all");
        properties.put("max.block.ms", LIMIT_MILLIS);
        properties.put("delivery.timeout.ms", LIMIT_MILLIS);
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topics.replays().name(), 0, request.key(), request.value()))
                    .get();
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof KafkaException known ? known : new KafkaException(failure.getCause());
        } catch (InterruptedException interrupted) {
            throw new InterruptException(interrupted);
        }
    }

    /** Takes in answers that have come; waits at most so long where there are none. */
    public void look(Duration wait) {
        log.next(wait, (key, value) -> Replays.answer(key, value)
                .filter(answer -> answer.id().equals(request.id()))
                .ifPresent(answer -> answers.put(answer.key(), answer)));
    }

    /** Partitions that have an answer to give. */
    public int partitions() {
        return partitions;
    }

    /** Partitions that are done. */
    public int done() {
        return (int) answers.values().stream().filter(Replays.Answer::done).count();
    }

    /** Records so far, by entity. */
    public Map<String, Long> records() {
        var all = new TreeMap<String, Long>();
        request.entities().forEach(entity -> all.put(entity, 0L));
        answers.values()
                .forEach(answer -> answer.records().forEach((entity, count) -> all.merge(entity, count, Long::sum)));
        return all;
    }

    @Override
    public void close() {
        log.close();
    }
}
