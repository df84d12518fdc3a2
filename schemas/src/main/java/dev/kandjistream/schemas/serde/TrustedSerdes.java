package dev.kandjistream.schemas.serde;

import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.SchemaTrust.Blame;
import dev.kandjistream.schemas.serde.SchemaTrust.Finding;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * {@link AvroSerdes} that trust a registry only while it is the one that wrote the topics. A schema id is checked before the
 * first record with it is read, and again whenever a record cannot be read; a registry is checked before the first record of a
 * topic is written.
 *
 * <p>The deserializers throw {@link SerializationException} where the record is bad and {@link RegistryChangedException} where
 * the registry is not to be trusted, beside what {@link AvroSerdes} throw. Safe for many threads. One for each service.
 */
public final class TrustedSerdes {
    private static final int NOT_FOUND = 404;

    private final Map<String, ?> clientProperties;
    private final boolean isConfluents;
    private final SchemaTrust trust;

    /** @param clientProperties {@code bootstrap.servers}, {@code schema.registry.url} and their companions */
    public TrustedSerdes(Topics topics, Map<String, ?> clientProperties) {
        this.clientProperties = clientProperties;
        this.isConfluents = isConfluents(clientProperties);
        var registry = isConfluents ? new RegistryClient(RegistrySettings.from(clientProperties)) : null;
        var memory = new SchemaMemory(topics.schemaIds(), clientProperties);
        this.trust = new SchemaTrust(id -> find(registry, id), memory, memory);
    }

    /** As {@link AvroSerdes#deserializer(Topic, Map)}. */
    public <V> Deserializer<V> deserializer(Topic<V> topic) {
        Deserializer<V> plain = AvroSerdes.deserializer(topic, clientProperties);
        return isConfluents && topic.valueType() != byte[].class ? new Guarded<>(topic, plain) : plain;
    }

    /** As {@link AvroSerdes#serializer(Topic, Map)}. */
    public <V> Serializer<V> serializer(Topic<V> topic) {
        Serializer<V> plain = AvroSerdes.serializer(topic, clientProperties);
        return isConfluents && topic.valueType() != byte[].class ? new GuardedSerializer<>(topic, plain) : plain;
    }

    /** A serde of another kind has no schema ids to check. */
    private static boolean isConfluents(Map<String, ?> clientProperties) {
        var settings = new Settings(clientProperties);
        return settings.text("schema.registry.url").isPresent()
                && settings.text("value.deserializer")
                        .map(name -> name.endsWith(".KafkaAvroDeserializer"))
                        .orElse(true);
    }

    private static Optional<Schema> find(RegistryClient registry, int id) {
        try {
            return Optional.of(registry.byId(id));
        } catch (RegistryException e) {
            // Also where it is no registry at all, but some other server at its URL.
            if (e.status() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        } catch (SerializationException notAvro) {
            return Optional.empty();
        }
    }

    private static void refuse(Finding finding) {
        if (finding.blame() == Blame.REGISTRY) {
            throw new RegistryChangedException(finding.reason());
        }
        if (finding.blame() == Blame.RECORD) {
            throw new SerializationException(finding.reason());
        }
    }

    private final class Guarded<V> implements Deserializer<V> {
        private final Topic<V> topic;
        private final Schema wanted;
        private final Set<Integer> admitted = ConcurrentHashMap.newKeySet();
        private volatile Deserializer<V> values;

        Guarded(Topic<V> topic, Deserializer<V> values) {
            this.topic = topic;
            this.wanted = SpecificData.get().getSchema(topic.valueType());
            this.values = values;
        }

        @Override
        public V deserialize(String name, byte[] bytes) {
            if (bytes == null) {
                return null;
            }
            int id = WireFormat.schemaId(name, bytes);
            if (!admitted.contains(id)) {
                admit(id);
            }
            try {
                return values.deserialize(name, bytes);
            } catch (SerializationException e) {
                if (SerdeFault.isOfRegistry(e)) {
                    throw e;
                }
                return again(name, bytes, id);
            }
        }

        /** The schema may have been fetched from a registry that was not ours; only a second failure is the record's. */
        private V again(String name, byte[] bytes, int id) {
            admitted.remove(id);
            admit(id);
            Deserializer<V> fresh = AvroSerdes.deserializer(topic, clientProperties);
            V value = fresh.deserialize(name, bytes);
            values = fresh;
            return value;
        }

        private void admit(int id) {
            refuse(trust.judge(topic.name(), wanted, id));
            admitted.add(id);
        }

        @Override
        public void close() {
            values.close();
        }
    }

    private final class GuardedSerializer<V> implements Serializer<V> {
        private final Topic<V> topic;
        private volatile Serializer<V> values;
        private volatile boolean isChecked;

        GuardedSerializer(Topic<V> topic, Serializer<V> values) {
            this.topic = topic;
            this.values = values;
        }

        @Override
        public byte[] serialize(String name, V value) {
            return isChecked || value == null ? values.serialize(name, value) : first(name, value);
        }

        /** Checks before and after: the registry may be replaced while the id is asked for. That id is then not used. */
        private byte[] first(String name, V value) {
            refuse(trust.check());
            Serializer<V> fresh = AvroSerdes.serializer(topic, clientProperties);
            byte[] bytes = fresh.serialize(name, value);
            refuse(trust.check());
            values = fresh;
            isChecked = true;
            return bytes;
        }

        @Override
        public void close() {
            values.close();
        }
    }
}
