package dev.kandjistream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.devices.Device;
import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.embedded.EmbeddedPostgres;
import dev.kandjistream.embedded.EmbeddedRegistry;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.sink.SinkConfig;
import dev.kandjistream.sink.SinkService;
import dev.kandjistream.standalone.run.StopSignal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rebuild} and {@code status} beside a sink that runs, as an operator uses them. */
@Tag("recovery")
class RebuildCommandIT {
    private static final String ROWS =
            "SELECT string_agg(device_id, ',' ORDER BY device_id)" + " FROM kandji.unattributed_devices";

    @TempDir
    static Path directory;

    private static EmbeddedKafka broker;
    private static EmbeddedRegistry registry;
    private static EmbeddedPostgres postgres;
    private static Map<String, Object> kafka;

    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() {
        broker = EmbeddedKafka.start(directory.resolve("kafka"));
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"));
        registry = EmbeddedRegistry.start(0, Map.of("bootstrap.servers", broker.bootstrapServers()), "_schemas");
        kafka = Map.of("bootstrap.servers", broker.bootstrapServers(), "schema.registry.url", registry.url());
    }

    @AfterAll
    static void stop() throws Exception {
        registry.close();
        postgres.close();
        broker.close();
        OperatorCommandsIT.restoreLogging();
    }

    @Test
    void whatAnOperatorDoesAboutALostTopicAndAboutASecondPrefix() throws Exception {
        var topics = new Topics("first");
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            TopicAdmin.ensure(admin, topics, (short) 1);
            try (SinkService sink = sink(topics)) {
                publish(topics, "d1", "d2");
                await(() -> "d1,d2".equals(rows()));
                execute("UPDATE kandji.unattributed_devices SET device_id = 'stray', record_key = 'acme/stray'"
                        + " WHERE device_id = 'd1'");

                assertThat(run("first", "rebuild", "--dry-run")).isZero();
                assertThat(rows()).isEqualTo("d2,stray");
                assertThat(run("first", "rebuild", "--entity", "unattributed")).isZero();
                assertThat(rows()).isEqualTo("d1,d2");
                assertThat(run("first", "rebuild", "--entity", "first.unattributed"))
                        .isZero();
                assertThat(rows()).isEqualTo("d1,d2");
                assertThat(run("first", "status")).isZero();

                admin.deleteTopics(List.of(topics.unattributed().name())).all().get();
                await(() -> sink.notReady().orElse("").contains("rebuild --entity unattributed"));
                assertThat(run("first", "status")).isEqualTo(ExitCodes.FAILED);
                assertThat(run("first", "status", "--output", "json")).isEqualTo(ExitCodes.FAILED);
                assertThat(run("first", "rebuild", "--entity", "unattributed")).isEqualTo(ExitCodes.FAILED);
                await(() -> {
                    TopicAdmin.create(admin, topics.unattributed(), (short) 1);
                    return true;
                });
                assertThat(run("first", "rebuild", "--entity", "unattributed"))
                        .as("a topic without records")
                        .isEqualTo(ExitCodes.FAILED);
                assertThat(rows()).isEqualTo("d1,d2");
                publish(topics, "d2", "d3");
                assertThat(run("first", "rebuild", "--entity", "unattributed")).isZero();
                assertThat(rows()).isEqualTo("d2,d3");
                await(() -> sink.notReady().isEmpty());
                assertThat(run("first", "status")).isZero();
            }

            var second = new Topics("second");
            TopicAdmin.ensure(admin, second, (short) 1);
            publish(second, "e1");
            try (SinkService sink = sink(second)) {
                await(() -> sink.notReady().orElse("").contains("topic prefix"));
                assertThat(run("second", "status")).isEqualTo(ExitCodes.FAILED);
                assertThat(run("second", "rebuild")).isEqualTo(ExitCodes.FAILED);
                assertThat(err.toString())
                        .contains("expected the tables of topic prefix second, found those of first")
                        .contains("kandji-stream rebuild --adopt");
                assertThat(run("second", "rebuild", "--adopt", "--dry-run")).isZero();
                assertThat(rows()).isEqualTo("d2,d3");
                assertThat(run("second", "rebuild", "--adopt")).isZero();
                assertThat(rows()).isEqualTo("e1");
                await(() -> sink.notReady().isEmpty());
                assertThat(run("second", "status")).isZero();
                assertThat(run("first", "rebuild", "--dry-run")).isEqualTo(ExitCodes.FAILED);
            }
        }
    }

    private static SinkService sink(Topics topics) {
        var config = new SinkConfig(
                topics, kafka, postgres.jdbcUrl(), postgres.user(), () -> new Password(postgres.password()));
        var sink = new SinkService(config, new SimpleMeterRegistry());
        sink.start();
        return sink;
    }

    private int run(String prefix, String... arguments) throws Exception {
        Path file = Files.writeString(directory.resolve(prefix + ".yml"), """
                kafka: { bootstrap_servers: "%s", topic_prefix: %s }
                schema_registry: { url: "%s" }
                postgres: { url: "%s", user: "%s", password: "none" }
                """.formatted(
                        broker.bootstrapServers(), prefix, registry.url(), postgres.jdbcUrl(), postgres.user()));
        var line = KandjiStream.commandLine(StopSignal.none()).setErr(new PrintWriter(err));
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", file.toString()));
        return line.execute(all.toArray(String[]::new));
    }

    private static void publish(Topics topics, String... devices) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                AvroSerdes.serializer(topics.unattributed(), kafka))) {
            for (String id : devices) {
                Device device = Device.newBuilder()
                        .setAccountId("acme")
                        .setDeviceId(id)
                        .setPlatform("Mac")
                        .build();
                producer.send(new ProducerRecord<>(topics.unattributed().name(), Keys.of("acme", id), device))
                        .get();
            }
        }
    }

    private static String rows() {
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.createStatement();
                var row = statement.executeQuery(ROWS)) {
            row.next();
            return row.getString(1);
        } catch (SQLException notYet) {
            return "";
        }
    }

    private static void execute(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void await(BooleanSupplier wish) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!wish.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.sleep(50);
        }
    }
}
