package dev.kandjistream.sink;

import static dev.kandjistream.sink.Records.usage;
import static dev.kandjistream.sink.Records.usageEvent;
import static dev.kandjistream.sink.SinkServiceIT.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A topic of dead letters that allows smaller records than the topics they come from. */
@Tag("recovery")
class RecordLimitIT {
    private final Pipe pipe = new Pipe();

    @AfterEach
    void close() {
        pipe.close();
    }

    private void allow(int bytes) throws Exception {
        var resource = new ConfigResource(
                ConfigResource.Type.TOPIC, pipe.topics.deadLetters().name());
        var entry = new ConfigEntry("max.message.bytes", String.valueOf(bytes));
        pipe.admin
                .incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                .all()
                .get();
        // The broker hears of it a moment after the controller.
        while (!pipe.admin
                .describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .get("max.message.bytes")
                .value()
                .equals(entry.value())) {
            Thread.onSpinWait();
        }
    }

    /** Nothing that can be read, and that hardly compresses. */
    private static byte[] rubbish(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        Arrays.fill(bytes, 0, 4, (byte) 0);
        return bytes;
    }

    private void commit(byte[] rubbish, int number) {
        pipe.commit(List.of(
                new ProducerRecord<>(
                        pipe.topics.usage().name(), "acme/u0/com.bad".getBytes(StandardCharsets.UTF_8), rubbish),
                Pipe.record(
                        pipe.topics.usage(),
                        "acme/u" + number + "/com.app",
                        usageEvent("e" + number, "started", "c", null, usage("u" + number, "com.app", "1")))));
    }

    @Test
    void aLetterThatDoesNotFitIsCutAlsoWhereTheTopicIsCappedMeanwhile() throws Exception {
        pipe.startSink();
        commit(rubbish(300_000), 1);
        assertThat(pipe.deadLetters(1).get(0).value()).hasSize(300_000);

        allow(100_000);
        commit(rubbish(300_000), 2);
        pipe.judge.await("SELECT count(*) FROM kandji.usage", "2");
        var letters = pipe.deadLetters(2);
        assertThat(letters).hasSize(2);
        assertThat(letters.get(1).value()).isEqualTo(Arrays.copyOf(rubbish(300_000), 1024));
        assertThat(Pipe.header(letters.get(1), "deadletter.cut")).isEqualTo("300000");
        assertThat(Pipe.header(letters.get(1), "deadletter.offset")).isNotBlank();
    }

    @Test
    void aTopicThatAllowsTooLittleHoldsUpTheSinkWithTheReasonUntilItIsRaised() throws Exception {
        allow(10_000);
        var sink = pipe.startSink();
        commit(rubbish(300), 1);
        awaitTrue(() -> sink.notReady().orElse("").contains("allows records of 10000 bytes only"));
        assertThat(sink.notReady().orElseThrow()).contains("kafka.max_record_bytes");
        allow(100_000);
        pipe.judge.await("SELECT count(*) FROM kandji.usage", "1");
        assertThat(pipe.deadLetters(1)).hasSize(1);
    }
}
