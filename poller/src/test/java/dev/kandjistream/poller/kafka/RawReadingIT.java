package dev.kandjistream.poller.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.poller.domain.App;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.CommandsRead;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.SharedApps;
import dev.kandjistream.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a lost ledger is made of where topics hold records that nobody can read. */
class RawReadingIT extends PublishingStage {
    private static final byte[] GARBAGE = "garbage".getBytes(StandardCharsets.UTF_8);

    /** Framed as ours are, with a schema id that no registry gave. */
    private static final byte[] UNKNOWN_ID = {0, 0, 1, (byte) 0x86, (byte) 0xa0, 1, 2};

    @BeforeEach
    void threeLists() throws Exception {
        var sweep = new AppsSweep();
        for (int device = 0; device < 3; device++) {
            var app = new App("Slack", "com.slack", "1", null, null, null, null, null, null, null, null);
            sweep.add("device-" + device, new SharedApps().app(app), 1, 2, 3, 4);
        }
        sweep.walk().page(3, OptionalLong.empty());
        publisher(1 << 20).publish(facts(), judge(sweep.seal()));
    }

    private RawReading.Account read() {
        int partition = LedgerStore.partitionOf(account);
        return new RawReading(TOPICS, kafka, Set.of(partition))
                .read()
                .of(partition)
                .get(account);
    }

    private static void put(Topic<?> topic, String key, byte[] value) throws Exception {
        try (var producer = new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic.name(), 0, key, value)).get();
        }
    }

    private byte[] published(Topic<?> topic, String second) {
        return committed(topic.name()).stream()
                .filter(record -> record.key().equals(account + "/" + second))
                .findFirst()
                .orElseThrow()
                .value();
    }

    @Test
    void whatCannotBeReadIsPassedOverAndAnOlderRecordOfItsKeyStands() throws Exception {
        byte[] list = published(TOPICS.rawApps(), "device-1");
        byte[] cut = Arrays.copyOf(list, list.length - 4);
        byte[] otherSchema = published(TOPICS.sweeps(), "apps");
        for (byte[] bad : new byte[][] {GARBAGE, {}, UNKNOWN_ID, cut, otherSchema}) {
            put(TOPICS.rawApps(), account + "/device-1", bad);
            put(TOPICS.rawApps(), account + "/garbage", bad);
        }
        for (byte[] bad : new byte[][] {GARBAGE, {}, {0, 0}}) {
            put(TOPICS.rawDevices(), account + "/garbage", bad);
        }
        assertThat(read().recovery.devices()).isEqualTo(3);
    }

    @Test
    void aKeyThatIsNotTheValuesIsPassedOver() throws Exception {
        byte[] list = published(TOPICS.rawApps(), "device-1");
        put(TOPICS.rawApps(), account + "/another-device", list);
        put(TOPICS.rawApps(), account, list);
        put(TOPICS.rawApps(), account + "/%zz", list);
        put(TOPICS.rawApps(), account + "/device-1/more", list);
        assertThat(read().recovery.devices()).isEqualTo(3);
    }

    @Test
    void aReceiptThatCannotBeReadLeavesTheOneBefore() throws Exception {
        for (byte[] bad : new byte[][] {GARBAGE, UNKNOWN_ID}) {
            put(TOPICS.sweeps(), account + "/apps", bad);
            put(TOPICS.sweeps(), account + "/devices", bad);
        }
        RawReading.Account found = read();
        assertThat(found.recovery.devices()).isEqualTo(3);
        assertThat(found.recovery
                        .repair(new Ledger(), false, false, () -> CommandsRead.NONE, 0)
                        .ledger()
                        .complete("apps")
                        .baseline())
                .isTrue();
    }

    @Test
    void aRegistryThatDoesNotAnswerSaysNothingAboutRecords() {
        var elsewhere = new HashMap<>(kafka);
        elsewhere.put("schema.registry.url", "http://127.0.0.1:1");
        assertThatThrownBy(() -> new RawReading(TOPICS, elsewhere, Set.of(LedgerStore.partitionOf(account))).read())
                .isInstanceOf(RetriableException.class);
    }
}
