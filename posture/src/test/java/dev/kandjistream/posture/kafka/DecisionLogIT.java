package dev.kandjistream.posture.kafka;

import static dev.kandjistream.posture.kafka.DecisionTopic.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.embedded.EmbeddedRegistry;
import dev.kandjistream.posture.domain.Decision;
import dev.kandjistream.posture.kafka.DecisionQueue.Tally;
import dev.kandjistream.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decisions to a real broker and registry, also while one of them is gone. */
class DecisionLogIT {
    private static final Topics TOPICS = new Topics("kandji");
    private static final int CAPACITY = 500;
    /** Of one call, on a machine that has other things to do; less than the shortest of all waits for broker or registry. */
    private static final Duration AT_ONCE = Duration.ofMillis(900);

    @TempDir
    private static Path directory;

    private static EmbeddedKafka kafka;
    private static EmbeddedRegistry registry;
    private static int kafkaPort;
    private static int registryPort;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(directory);
        kafkaPort = port("http://" + kafka.bootstrapServers());
        startRegistry(0);
        registryPort = port(registry.url());
    }

    @AfterAll
    static void stop() {
        registry.close();
        kafka.close();
    }

    @Test
    void decisionIsReadBackByAPlainAvroReader() throws Exception {
        try (DecisionLog log = start(CAPACITY)) {
            log.add(Made.denied("read-back"));
            await(() -> log.tally().equals(new Tally(1, 1, 0, 0)));
        }

        ConsumerRecord<String, byte[]> found =
                read("read-back").get("read-back").get(0);

        assertThat(found.key()).isEqualTo("C02%2FXK1");
        assertThat(header(found, "ce_type")).isEqualTo("dev.kandjistream.decision.made");
        assertThat(header(found, "ce_subject")).isEqualTo("C02%2FXK1");
        GenericRecord decision = topic().decode(found.value());
        assertThat(decision.getSchema().getFullName()).isEqualTo("dev.kandjistream.decisions.Decision");
        assertThat(decision.getSchema().getFields())
                .allSatisfy(field -> assertThat(field.doc()).isNotBlank());
        assertThat(decision.get("decision_id")).hasToString("read-back");
        assertThat(decision.get("serial_number")).hasToString("C02/XK1");
        assertThat(decision.get("decision")).hasToString("deny");
        assertThat(decision.get("rule")).hasToString("not-managed");
        assertThat(decision.get("missing")).hasToString("[mdm_enabled]");
        assertThat(decision.get("decided_at")).isEqualTo(Made.NOW.toEpochMilli());
        assertThat(decision.get("data_age_ms")).isEqualTo(41_500L);
    }

    @Test
    void brokerThatIsGoneKeepsNobodyAndWhatWaitedArrivesAfterwards() throws Exception {
        try (DecisionLog log = start(CAPACITY)) {
            log.add(Made.unknown("before"));
            await(() -> log.tally().written() == 1);
            kafka.close();

            Duration longest = addMany(log, "outage", CAPACITY + 50);

            assertThat(longest).isLessThan(AT_ONCE);
            assertThat(log.tally()).isEqualTo(new Tally(CAPACITY + 51, 1, 50, CAPACITY));
            kafka = EmbeddedKafka.start(directory, kafkaPort);
            await(() -> log.tally().waiting() == 0);
            assertThat(log.tally()).isEqualTo(new Tally(CAPACITY + 51, CAPACITY + 1, 50, 0));
        }

        assertThat(read("outage")).hasSize(CAPACITY).allSatisfy((id, copies) -> assertThat(copies)
                .hasSize(1));
    }

    @Test
    void registryThatIsGoneKeepsNobodyAndWhatWaitedArrivesAfterwards() throws Exception {
        registry.close();
        try (DecisionLog log = start(CAPACITY)) {
            Duration longest = addMany(log, "unregistered", CAPACITY + 7);
            assertThat(longest).isLessThan(AT_ONCE);
            assertThat(log.tally()).isEqualTo(new Tally(CAPACITY + 7, 0, 7, CAPACITY));
            await(() -> log.trouble().filter(why -> why.contains("registry")).isPresent());

            startRegistry(registryPort);

            await(() -> log.tally().waiting() == 0);
            assertThat(log.tally()).isEqualTo(new Tally(CAPACITY + 7, CAPACITY, 7, 0));
            assertThat(log.trouble()).isEmpty();
        }
        assertThat(read("unregistered")).hasSize(CAPACITY);
    }

    private static DecisionLog start(int capacity) {
        return DecisionLog.start(
                TOPICS,
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "schema.registry.url",
                        "http://127.0.0.1:" + registryPort,
                        // so that being away is noticed soon
                        "max.retries",
                        0,
                        "reconnect.backoff.max.ms",
                        200),
                (short) 1,
                capacity,
                new SimpleMeterRegistry());
    }

    /** @return what the slowest call took */
    private static Duration addMany(DecisionLog log, String name, int count) {
        List<Decision> decisions = IntStream.range(0, count)
                .mapToObj(i -> Made.unknown(name + "-" + i))
                .toList();
        long longest = 0;
        for (Decision decision : decisions) {
            long began = System.nanoTime();
            log.add(decision);
            longest = Math.max(longest, System.nanoTime() - began);
        }
        return Duration.ofNanos(longest);
    }

    /** All records of decisions whose ids begin so, by id. */
    private static Map<String, List<ConsumerRecord<String, byte[]>>> read(String ids) {
        Map<String, List<ConsumerRecord<String, byte[]>>> found = topic().byId();
        found.keySet().removeIf(id -> !id.startsWith(ids));
        return found;
    }

    private static DecisionTopic topic() {
        return new DecisionTopic(kafka.bootstrapServers(), registry.url(), "kandji.decisions");
    }

    private static void startRegistry(int port) {
        registry = EmbeddedRegistry.start(port, Map.of("bootstrap.servers", kafka.bootstrapServers()), "_schemas");
    }

    private static int port(String url) {
        return URI.create(url).getPort();
    }

    private static void await(BooleanSupplier wish) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!wish.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
