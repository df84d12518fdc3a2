package dev.kandjistream.sink.kafka;

import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.SerdeFault;
import dev.kandjistream.sink.domain.BadRecord;
import dev.kandjistream.sink.domain.ChangeRow;
import dev.kandjistream.sink.domain.CurrentTable;
import dev.kandjistream.sink.jdbc.StagedRows;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Records in, rows out: decodes a record, and stages what it does to the tables. One for each thread: deserialisers keep
 * buffers.
 */
public final class RecordReader implements AutoCloseable {

    /** Makes the deserialiser of a topic's values. */
    public interface Deserializers {
        <V> Deserializer<V> of(Topic<V> topic);
    }

    private interface Staging {
        void stage(String key, byte[] value, boolean last, int partition, int generation, StagedRows rows);
    }

    private final Map<String, Staging> byTopic = new HashMap<>();
    private final Map<String, Deserializer<?>> deserializers = new HashMap<>();

    RecordReader(Topics topics, Deserializers make) {
        events(topics.devices(), CurrentTable.DEVICES, dev.kandjistream.devices.Envelope.SCHEMA$, make);
        events(topics.licenses(), CurrentTable.LICENSES, dev.kandjistream.licenses.Envelope.SCHEMA$, make);
        events(topics.users(), CurrentTable.USERS, dev.kandjistream.users.Envelope.SCHEMA$, make);
        events(topics.usage(), CurrentTable.USAGE, dev.kandjistream.usage.Envelope.SCHEMA$, make);
        state(topics, make);
        receipts(topics, make);
        decisions(topics, make);
    }

    /** Which table of current state follows which topic; the topics of receipts and decisions are not among them. */
    public static Map<String, CurrentTable> tables(Topics topics) {
        return Map.of(
                topics.devices().name(), CurrentTable.DEVICES,
                topics.licenses().name(), CurrentTable.LICENSES,
                topics.users().name(), CurrentTable.USERS,
                topics.usage().name(), CurrentTable.USAGE,
                topics.unattributed().name(), CurrentTable.UNATTRIBUTED_DEVICES);
    }

    /**
     * @param last whether no later record of the batch has the same key
     * @throws BadRecord where no retry helps; {@code rows} may then hold a part of the record and must be cleared
     * @throws RuntimeException as the deserialiser throws where it could not ask the registry, see {@link SerdeFault}
     */
    void stage(ConsumerRecord<byte[], byte[]> record, boolean last, int generation, StagedRows rows) {
        if (record.key() == null) {
            throw new BadRecord("key must be UTF-8 text, is null");
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        byTopic.get(record.topic()).stage(key, record.value(), last, record.partition(), generation, rows);
    }

    private void events(
            Topic<? extends SpecificRecord> topic,
            CurrentTable table,
            org.apache.avro.Schema schema,
            Deserializers make) {
        Deserializer<? extends SpecificRecord> values = deserializer(topic, make);
        var reader = new EnvelopeReader(table, schema);
        byTopic.put(
                topic.name(),
                (key, value, last, partition, generation, rows) -> rows.add(
                        value == null
                                ? ChangeRow.removal(table, key)
                                : reader.read(key, values.deserialize(topic.name(), value)),
                        last,
                        partition,
                        generation));
    }

    private void state(Topics topics, Deserializers make) {
        Topic<dev.kandjistream.devices.Device> topic = topics.unattributed();
        Deserializer<dev.kandjistream.devices.Device> values = deserializer(topic, make);
        var entity = new EntityReader(CurrentTable.UNATTRIBUTED_DEVICES, dev.kandjistream.devices.Device.SCHEMA$);
        byTopic.put(
                topic.name(),
                (key, value, last, partition, generation, rows) -> rows.add(
                        value == null
                                ? ChangeRow.removal(CurrentTable.UNATTRIBUTED_DEVICES, key)
                                : ChangeRow.state(
                                        CurrentTable.UNATTRIBUTED_DEVICES,
                                        key,
                                        entity.values(values.deserialize(topic.name(), value))),
                        last,
                        partition,
                        generation));
    }

    private void receipts(Topics topics, Deserializers make) {
        Topic<dev.kandjistream.sweeps.SweepReceipt> topic = topics.sweeps();
        Deserializer<dev.kandjistream.sweeps.SweepReceipt> values = deserializer(topic, make);
        byTopic.put(topic.name(), (key, value, last, partition, generation, rows) -> {
            if (value == null) {
                rows.addReceiptRemoval(key);
            } else {
                rows.add(ReceiptReader.read(key, values.deserialize(topic.name(), value)), partition, generation);
            }
        });
    }

    private void decisions(Topics topics, Deserializers make) {
        Topic<dev.kandjistream.decisions.Decision> topic = topics.decisions();
        Deserializer<dev.kandjistream.decisions.Decision> values = deserializer(topic, make);
        byTopic.put(
                topic.name(),
                (key, value, last, partition, generation, rows) ->
                        rows.add(DecisionReader.read(values.deserialize(topic.name(), value))));
    }

    private <V> Deserializer<V> deserializer(Topic<V> topic, Deserializers make) {
        Deserializer<V> deserializer = make.of(topic);
        deserializers.put(topic.name(), deserializer);
        return deserializer;
    }

    @Override
    public void close() {
        deserializers.values().forEach(Deserializer::close);
    }
}
