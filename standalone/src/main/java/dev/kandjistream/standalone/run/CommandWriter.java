package dev.kandjistream.standalone.run;

import dev.kandjistream.commands.Command;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes operators' commands to their topic. */
public final class CommandWriter {
    private static final int LIMIT_MILLIS = 20_000;

    private final Topics topics;
    private final Map<String, Object> clientProperties;

    public CommandWriter(Topics topics, Map<String, Object> clientProperties) {
        this.topics = topics;
        this.clientProperties = clientProperties;
    }

    /**
     * Returns when all replicas have it.
     *
     * @throws KafkaException when broker or registry did not take it, or it is too large
     */
    public void write(Command command) {
        var properties = new HashMap<>(clientProperties);
        properties.put("enable.idempotence", "true");
        properties.put("acks", "all");
        properties.put("max.block.ms", LIMIT_MILLIS);
        properties.put("delivery.timeout.ms", LIMIT_MILLIS);
        properties.put("compression.type", "zstd");
        properties.put("max.request.size", RecordLimits.requestBytes(topics.maxRecordBytes()));
        String topic = topics.commands().name();
        try (var values = AvroSerdes.serializer(topics.commands(), clientProperties);
                var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            String key = Keys.of(command.getAccountId(), command.getCommandId());
            producer.send(new ProducerRecord<>(topic, 0, key, values.serialize(topic, command)))
                    .get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RecordTooLargeException) {
                throw new KafkaException(
                        "The command names " + command.getDeviceIds().size() + " devices, which is more than topic "
                                + topic + " takes in one record. Name fewer at a time, or all of the account.",
                        failure.getCause());
            }
            throw failure.getCause() instanceof KafkaException known ? known : new KafkaException(failure.getCause());
        } catch (InterruptedException interrupted) {
            throw new InterruptException(interrupted);
        }
    }
}
