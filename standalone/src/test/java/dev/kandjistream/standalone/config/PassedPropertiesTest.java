package dev.kandjistream.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PassedPropertiesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "partitioner.class | org.apache.kafka.clients.producer.RoundRobinPartitioner | in the same partition",
                "producer.partitioner.class | org.apache.kafka.clients.producer.RoundRobinPartitioner | in the same partition",
                "partitioner.ignore.keys | true | in the same partition",
                "acks | 1 | exactly once",
                "producer.acks | 0 | exactly once",
                "enable.idempotence | false | exactly once",
                "transactional.id | mine | exactly once",
                "processing.guarantee | at_least_once | exactly once",
                "isolation.level | read_uncommitted | never what was not committed",
                "main.consumer.isolation.level | read_uncommitted | never what was not committed",
                "group.id | mine | what is read again",
                "auto.offset.reset | latest | what is read again",
                "enable.auto.commit | true | what is read again",
                "key.serializer | org.apache.kafka.common.serialization.LongSerializer | values of Avro",
                "value.deserializer | x | go under schema_registry.properties",
                "interceptor.classes | x | change or drop records",
                "topic.cleanup.policy | delete | must not be lost",
                "bootstrap.servers | b:9092 | kafka.bootstrap_servers",
                "max.request.size | 1000 | sets it itself",
                "state.dir | /tmp | sets it itself",
                "rocksdb.config.setter | x | sets it itself"
            })
    void whatBreaksAPromiseIsRefusedWithTheReason(String name, String value, String reason) {
        assertThat(PassedProperties.kafkaRefusal(name, value))
                .hasValueSatisfying(said -> assertThat(said).contains(reason));
        if (!name.startsWith("value.")) {
            assertThat(PassedProperties.registryRefusal(name, value)).isPresent();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "acks, all",
        "isolation.level, read_committed",
        "security.protocol, SASL_SSL",
        "sasl.jaas.config, x",
        "ssl.truststore.location, x",
        "admin.ssl.truststore.location, x",
        "session.timeout.ms, 45000",
        "client.dns.lookup, use_all_dns_ips",
        "aws.profile, x"
    })
    void connectionSecurityAndWhatHoldsAnywayPass(String name, String value) {
        assertThat(PassedProperties.kafkaRefusal(name, value)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"specific.avro.reader", "schema.reflection", "use.schema.id", "schema.registry.url", "acks"})
    void anotherFormOfRecordsIsRefused(String name) {
        assertThat(PassedProperties.registryRefusal(name, "other")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "basic.auth.user.info",
                "value.serializer",
                "auto.register.schemas",
                "schema.registry.ssl.truststore.location",
                "http.read.timeout.ms"
            })
    void whatTheRegistryNeedsPasses(String name) {
        assertThat(PassedProperties.registryRefusal(name, "x")).isEmpty();
    }

    /** A property that a newer Kafka adds is refused until its effect is known: this test fails, so that it is noticed. */
    @Test
    void whatMayBeSetIsALookedThroughList() {
        var free = new TreeSet<String>();
        free.addAll(ProducerConfig.configNames());
        free.addAll(ConsumerConfig.configNames());
        free.addAll(AdminClientConfig.configNames());
        free.addAll(StreamsConfig.configDef().names());
        free.removeIf(name -> PassedProperties.kafkaRefusal(name, "anything").isPresent());
        free.removeIf(name -> name.matches("(ssl|sasl|security|metrics|metadata|rack[.]aware[.]assignment)[.].*"));

        assertThat(free)
                .containsExactly(
                        "acceptable.recovery.lag",
                        "client.dns.lookup",
                        "client.id",
                        "client.rack",
                        "config.providers",
                        "connections.max.idle.ms",
                        "default.api.timeout.ms",
                        "enable.metrics.push",
                        "fetch.max.wait.ms",
                        "fetch.min.bytes",
                        "heartbeat.interval.ms",
                        "log.summary.interval.ms",
                        "max.warmup.replicas",
                        "metric.reporters",
                        "poll.ms",
                        "probing.rebalance.interval.ms",
                        "receive.buffer.bytes",
                        "reconnect.backoff.max.ms",
                        "reconnect.backoff.ms",
                        "repartition.purge.interval.ms",
                        "request.timeout.ms",
                        "retry.backoff.max.ms",
                        "retry.backoff.ms",
                        "send.buffer.bytes",
                        "session.timeout.ms",
                        "socket.connection.setup.timeout.max.ms",
                        "socket.connection.setup.timeout.ms",
                        "task.timeout.ms",
                        "upgrade.from");
    }
}
