package dev.kandjistream.posture.kafka;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * The decisions that stand in a topic, as a stranger reads them: who knows the wire format, the registry's address and Avro, and
 * none of this project's classes.
 */
public final class DecisionTopic {
    private final String bootstrap;
    private final String registryUrl;
    private final String topic;
    private final Map<Integer, Schema> schemas = new TreeMap<>();

    public DecisionTopic(String bootstrap, String registryUrl, String topic) {
        this.bootstrap = bootstrap;
        this.registryUrl = registryUrl;
        this.topic = topic;
    }

    /** All that stand there now, by id. In no group: a broker's first one costs seconds. */
    public Map<String, List<ConsumerRecord<String, byte[]>>> byId() {
        Map<String, List<ConsumerRecord<String, byte[]>>> found = new TreeMap<>();
        Map<String, Object> properties = Map.of("bootstrap.servers", bootstrap);
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> found.computeIfAbsent(header(record, "ce_id"), any -> new ArrayList<>())
                                .add(record));
            }
        }
        return found;
    }

    public static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    public GenericRecord decode(byte[] value) throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(value);
        if (bytes.get() != 0) {
            throw new AssertionError("A value of the wire format begins with 0");
        }
        Schema schema = schema(bytes.getInt());
        var decoder = DecoderFactory.get().binaryDecoder(value, bytes.position(), bytes.remaining(), null);
        return new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
    }

    private Schema schema(int id) throws Exception {
        if (!schemas.containsKey(id)) {
            var request = HttpRequest.newBuilder(URI.create(registryUrl + "/schemas/ids/" + id))
                    .build();
            String answer = HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
            schemas.put(
                    id,
                    new Schema.Parser()
                            .parse(new ObjectMapper()
                                    .readTree(answer)
                                    .path("schema")
                                    .asText()));
        }
        return schemas.get(id);
    }
}
