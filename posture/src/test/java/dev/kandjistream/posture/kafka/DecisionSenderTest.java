package dev.kandjistream.posture.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.decisions.Decision;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;

class DecisionSenderTest {
    private static final Topic<Decision> TOPIC = new Topics("kandji").decisions();

    private final List<Refusing> producers = new ArrayList<>();
    private final List<Throwable> outcomes = new ArrayList<>();
    private Supplier<RuntimeException> encoding = () -> null;
    private Supplier<RuntimeException> topics = () -> null;
    private final DecisionSender sender =
            new DecisionSender(TOPIC, serializer(), () -> throwIfAny(topics.get()), () -> {
                producers.add(new Refusing());
                return producers.get(producers.size() - 1);
            });

    @Test
    void recordCarriesTheCloudEventsHeadersAndTheSerialNumberAsItsKey() {
        send("id-1");

        ProducerRecord<byte[], byte[]> record = producers.get(0).history().get(0);
        assertThat(record.topic()).isEqualTo("kandji.decisions");
        assertThat(text(record.key())).isEqualTo("C02%2FXK1");
        Map<String, String> headers = new TreeMap<>();
        record.headers().forEach(header -> headers.put(header.key(), text(header.value())));
        assertThat(headers)
                .isEqualTo(Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "id-1",
                        "ce_source", "/kandji/posture",
                        "ce_type", "dev.kandjistream.decision.made",
                        "ce_subject", "C02%2FXK1",
                        "ce_time", "2026-01-05T09:00:00.123Z"));
    }

    @Test
    void outcomeIsToldWhenTheBrokerHasAnswered() {
        send("id-1");
        send("id-2");
        assertThat(outcomes).isEmpty();

        producers.get(0).completeNext();
        var expired = new TimeoutException("expired");
        onAnotherThread(() -> producers.get(0).errorNext(expired));

        assertThat(outcomes).containsExactly(null, expired);
    }

    @Test
    void whatStandsInTheWayIsLookedForBeforeTheFirstDecisionAndOnceOnly() {
        topics = () -> new TimeoutException("no broker");
        assertThatThrownBy(() -> send("id-1")).isInstanceOf(TimeoutException.class);
        assertThat(producers).isEmpty();

        topics = () -> null;
        send("id-1");
        topics = () -> new TimeoutException("not asked again");
        send("id-2");

        assertThat(producers.get(0).history()).hasSize(2);
    }

    @Test
    void brokerThatIsNotThereIsThrownAndTheDecisionMayBeSentAgain() {
        send("id-1");
        producers.get(0).refusal = new TimeoutException("no metadata");
        assertThatThrownBy(() -> send("id-2")).isInstanceOf(TimeoutException.class);

        producers.get(0).refusal = null;
        send("id-2");

        assertThat(outcomes).isEmpty();
        assertThat(producers).hasSize(1);
        assertThat(producers.get(0).history()).hasSize(2);
    }

    @Test
    void producerThatMayNeverWorkAgainIsReplaced() {
        send("id-1");
        producers.get(0).refusal = new ClusterAuthorizationException("may not");
        assertThatThrownBy(() -> send("id-2"))
                .isInstanceOf(NotRecordedException.class)
                .hasMessage("this user may not write to topic kandji.decisions");

        send("id-2");
        producers.get(1).sendException = new KafkaException("in an error state");
        assertThatThrownBy(() -> send("id-3")).isInstanceOf(KafkaException.class);
        send("id-3");

        assertThat(producers).hasSize(3);
        assertThat(producers.get(0).closed()).isTrue();
        assertThat(producers.get(1).closed()).isTrue();
        assertThat(producers.get(2).history()).hasSize(1);
    }

    @Test
    void aRightThatIsTakenAwayHoldsUpWhatComesNext() {
        send("id-1");
        onAnotherThread(() -> producers.get(0).errorNext(new TopicAuthorizationException("may not")));
        assertThat(outcomes).singleElement().isInstanceOfSatisfying(NotRecordedException.class, refusal -> assertThat(
                        refusal.advice())
                .isEqualTo("grant WRITE on kandji.decisions"));

        topics = () -> new NotRecordedException("may not", "grant", null);
        assertThatThrownBy(() -> send("id-2")).isInstanceOf(NotRecordedException.class);
        topics = () -> null;
        send("id-2");
        assertThat(outcomes).hasSize(1);
    }

    @Test
    void decisionThatIsTooLargeOrCannotBeEncodedIsLostAndNotTriedAgain() {
        send("id-1");
        producers.get(0).refusal = new RecordTooLargeException("17 MB");
        send("id-2");
        producers.get(0).refusal = null;
        encoding = () -> new SerializationException("does not fit");
        send("id-3");
        encoding = () -> new NullPointerException("value");
        send("id-4");

        assertThat(outcomes)
                .hasExactlyElementsOfTypes(
                        RecordTooLargeException.class, SerializationException.class, NullPointerException.class);
        assertThat(producers).hasSize(1);
    }

    @Test
    void registryThatIsAwayOrRefusesUsIsThrown() {
        for (RuntimeException fault : List.of(
                new TimeoutException("nobody answers"),
                new ConfigException("schema.registry.url", "x"),
                new SerializationException("no schema", new ConnectException("refused")))) {
            encoding = () -> fault;
            assertThatThrownBy(() -> send("id-1")).isSameAs(fault);
        }
        assertThat(outcomes).isEmpty();
    }

    private void send(String id) {
        sender.send(Made.denied(id), outcomes::add);
    }

    private Serializer<Decision> serializer() {
        return (topic, decision) -> {
            throwIfAny(encoding.get());
            return decision.getDecisionId().getBytes(StandardCharsets.UTF_8);
        };
    }

    private static void throwIfAny(RuntimeException fault) {
        if (fault != null) {
            throw fault;
        }
    }

    private static void onAnotherThread(Runnable action) {
        var thread = new Thread(action);
        thread.start();
        try {
            thread.join(Duration.ofSeconds(10).toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** Refuses as the real one does: by the callback, before sending returns. */
    private static final class Refusing extends MockProducer<byte[], byte[]> {
        RuntimeException refusal;

        Refusing() {
            super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            if (refusal != null) {
                callback.onCompletion(null, refusal);
                return null;
            }
            return super.send(record, callback);
        }
    }
}
