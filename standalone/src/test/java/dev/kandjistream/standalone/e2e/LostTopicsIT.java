package dev.kandjistream.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.Kind;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.standalone.cli.KandjiStream;
import dev.kandjistream.standalone.run.Pipeline.Part;
import dev.kandjistream.standalone.run.StopSignal;
import dev.kandjistream.sweeps.SweepReceipt;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Topics of a pipeline that holds two fleets are deleted, while services run and while they do not. Raw topics are filled again by
 * the next sweeps, change topics by {@code replay}; nothing is told that did not happen, and tables stay as they are.
 */
@Tag("recovery")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostTopicsIT {
    private static final Topics TOPICS = new Topics("kandji");

    private final Account acme =
            Account.start(Tenant.us("acme", 41).withDevices(40).withAppsPerMac(12), Account.onDemand());
    private final Account globex =
            Account.start(Tenant.eu("globex", 42).withDevices(15).withAppsPerMac(12), Account.onDemand());
    private final StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    private Stack stack;

    @BeforeAll
    void start(@TempDir Path data) {
        stack = Stack.start(data, List.of(acme, globex));
        stack.sweepWhole();
        stack.judgeAll();
    }

    @AfterAll
    void close() {
        if (stack != null) {
            stack.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "raw.devices, ''",
        "raw.apps, ''",
        "raw.devices raw.apps, ''",
        "raw.devices raw.apps, POLLER",
        "raw.devices raw.apps, ENRICHER",
        "raw.devices raw.apps unconfirmed, POLLER ENRICHER SINK"
    })
    void rawTopicsAreFilledAgainByTheNextSweeps(String words, String stopped) throws Exception {
        Map<String, Object> tables = tables();
        Set<String> before = ids(events());
        Part[] parts = parts(stopped);
        for (Part part : parts) {
            stack.stop(part);
        }
        for (String word : words.split(" ")) {
            delete("kandji." + word);
        }
        stack.start(parts);

        List<SweepReceipt> receipts = stack.sweepWhole();
        assertThat(receipts).allMatch(receipt -> receipt.getUnpublished() == 0 && receipt.getRetracted() == 0);
        var judge = new Judge("kandji");
        judge.read(stack.pipeline().clientProperties());
        judge.rawStands("acme", acme.fleet());
        judge.rawStands("globex", globex.fleet());
        assertThat(tables()).isEqualTo(tables);

        // The next change is told, and nothing came before it.
        Device device = seat();
        String name = "Renamed " + words + stopped;
        acme.fleet().rename(device, name);
        assertThat(stack.sweepWhole().stream()
                        .mapToLong(SweepReceipt::getPublished)
                        .sum())
                .isEqualTo(1);
        await(() -> tables().toString().contains(name));
        assertThat(events().stream().filter(record -> !before.contains(record.text("event_id"))))
                .extracting(record -> record.text("event_type") + " " + record.key())
                .containsExactlyInAnyOrder("device.updated acme/" + device.id(), "license.updated acme/" + device.id());
    }

    /** A device that has a seat. */
    private Device seat() throws Exception {
        String key = keys(tables(), ChangeTopic.LICENSES).stream()
                .filter(license -> license.startsWith("acme/"))
                .findFirst()
                .orElseThrow();
        return acme.fleet().reading(() -> acme.fleet().devices().stream()
                .filter(device -> key.equals("acme/" + device.id()))
                .findFirst()
                .orElseThrow());
    }

    private List<Logged> events() {
        var judge = new Judge("kandji");
        judge.read(stack.pipeline().clientProperties());
        return judge.events().eventsSince(0);
    }

    private static Set<String> ids(List<Logged> events) {
        return events.stream().map(record -> record.text("event_id")).collect(Collectors.toSet());
    }

    @Test
    void aChangeTopicIsFilledAgainByReplay() throws Exception {
        Map<String, Object> tables = tables();
        delete("kandji.licenses");
        delete("kandji.usage");
        try (var admin = admin()) {
            TopicAdmin.ensure(admin, TOPICS, (short) 1);
        }
        assertThat(run("replay", "--entity", "licenses", "--dry-run")).isZero();
        assertThat(records("kandji.licenses")).isZero();

        assertThat(run("replay", "--entity", "licenses", "--entity", "kandji.usage"))
                .as(err.toString())
                .isZero();
        var log = new Judge("kandji");
        log.read(stack.pipeline().clientProperties());
        for (ChangeTopic topic : List.of(ChangeTopic.LICENSES, ChangeTopic.USAGE)) {
            assertThat(EventLog.last(log.events().of("kandji." + topic.word)).keySet())
                    .containsExactlyInAnyOrderElementsOf(keys(tables, topic));
        }
        assertThat(run("rebuild")).as(err.toString()).isZero();
        assertThat(tables()).isEqualTo(tables);
        assertThat(run("status")).as(err.toString()).isZero();
    }

    @Test
    void aSecondReplayHasTheSameIdsAndAddsNothing() throws Exception {
        var judge = new Judge("kandji");
        judge.read(stack.pipeline().clientProperties());
        int before = judge.events().mark();
        assertThat(run("replay")).as(err.toString()).isZero();
        stack.sweep(Kind.DEVICES);
        Map<String, Object> tables = tables();
        Map<String, Object> history = history();
        Map<String, String> first = replayedIds();
        double conflicts = conflicts();

        assertThat(run("replay")).as(err.toString()).isZero();
        stack.sweep(Kind.DEVICES);
        assertThat(replayedIds()).isEqualTo(first).isNotEmpty();
        assertThat(tables()).isEqualTo(tables);
        assertThat(history()).isEqualTo(history);
        assertThat(conflicts()).isEqualTo(conflicts);
        judge.read(stack.pipeline().clientProperties());
        List<Logged> since = judge.events().records();
        assertThat(LogLaws.brokenBy(
                        since.subList(before, since.size()),
                        "kandji",
                        judge.sweepReadings().keySet()))
                .isEmpty();
    }

    @Test
    void republishPublishesEveryDeviceAndMakesNoEvent() throws Exception {
        Map<String, Object> tables = tables();
        Map<TopicPartition, Long> all =
                ends(TOPICS.all().stream().map(topic -> topic.name()).toList());
        assertThat(run("republish", "--all", "--dry-run")).as(err.toString()).isZero();
        assertThat(ends(TOPICS.all().stream().map(topic -> topic.name()).toList()))
                .isEqualTo(all);
        assertThat(run("republish", "--account", "nobody")).isEqualTo(1);
        assertThat(err.toString()).contains("found \"nobody\"; there are acme, globex");

        int events = events().size();
        int code = republishWhileSweeping();
        assertThat(code).as(err.toString()).isZero();
        assertThat(tables()).isEqualTo(tables);
        assertThat(events()).hasSize(events);
    }

    /** These accounts are swept on demand only; one sweep takes the command in, and the other kind follows by itself. */
    private int republishWhileSweeping() throws Exception {
        var command = CompletableFuture.supplyAsync(() -> run("republish", "--account", "acme"));
        await(() -> {
            SweepReceipt receipt = stack.sweep(acme, Kind.DEVICES);
            return !receipt.getAnswers().isEmpty() && receipt.getPublished() == receipt.getDevices();
        });
        return Stack.await(command);
    }

    private int run(String... arguments) {
        try {
            Map<String, Object> properties = stack.pipeline().clientProperties();
            Path file = Files.writeString(directory.resolve("kandji-stream.yml"), """
                    kafka: { bootstrap_servers: "%s" }
                    schema_registry: { url: "%s" }
                    postgres: { url: "%s", user: "%s", password: "none" }
                    """.formatted(
                            properties.get("bootstrap.servers"),
                            properties.get("schema.registry.url"),
                            stack.pipeline().jdbcUrl(),
                            stack.pipeline().databaseUser()));
            var line = KandjiStream.commandLine(StopSignal.none()).setErr(new PrintWriter(err));
            var all = new ArrayList<>(List.of(arguments));
            all.addAll(List.of("--config", file.toString()));
            return line.execute(all.toArray(String[]::new));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Part[] parts(String names) {
        return names.isEmpty()
                ? new Part[0]
                : Arrays.stream(names.split(" ")).map(Part::valueOf).toArray(Part[]::new);
    }

    /** Current rows of every table, without what the sink adds. */
    private Map<String, Object> tables() throws Exception {
        try (Connection database = stack.pipeline().database()) {
            var tables = new Tables(database);
            var all = new TreeMap<String, Object>();
            for (ChangeTopic topic : ChangeTopic.values()) {
                Rows rows = tables.current(topic);
                rows.keys().forEach(key -> all.put(topic.word + " " + key, rows.get(key)));
            }
            Rows rows = tables.unattributed();
            rows.keys().forEach(key -> all.put("unattributed " + key, rows.get(key)));
            return all;
        }
    }

    private Map<String, Object> history() throws Exception {
        try (Connection database = stack.pipeline().database()) {
            var tables = new Tables(database);
            var all = new TreeMap<String, Object>();
            for (ChangeTopic topic : ChangeTopic.values()) {
                all.put(topic.word, tables.history(topic).size());
            }
            return all;
        }
    }

    private static List<String> keys(Map<String, Object> tables, ChangeTopic topic) {
        return tables.keySet().stream()
                .filter(key -> key.startsWith(topic.word + " "))
                .map(key -> key.substring(topic.word.length() + 1))
                .toList();
    }

    /** The last id of each key whose last event is of a replay. */
    private Map<String, String> replayedIds() {
        var log = new Judge("kandji");
        log.read(stack.pipeline().clientProperties());
        return log.events().records().stream()
                .filter(record -> !record.isNull() && record.text("cause").equals("REPLAY"))
                .collect(Collectors.toMap(
                        record -> record.topic() + " " + record.key(),
                        record -> record.text("event_id"),
                        (before, after) -> after));
    }

    private double conflicts() {
        return stack.meters().find("sink.conflicts").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private Admin admin() {
        return Admin.create(
                Map.of("bootstrap.servers", stack.pipeline().clientProperties().get("bootstrap.servers")));
    }

    private void delete(String topic) throws Exception {
        try (var admin = admin()) {
            Uuid id = admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .topicId();
            admin.deleteTopics(List.of(topic)).all().get();
            await(() -> {
                try {
                    return !admin.describeTopics(List.of(topic))
                            .allTopicNames()
                            .get()
                            .get(topic)
                            .topicId()
                            .equals(id);
                } catch (ExecutionException gone) {
                    return gone.getCause() instanceof UnknownTopicOrPartitionException;
                }
            });
        }
    }

    private long records(String topic) throws Exception {
        return ends(List.of(topic)).values().stream().mapToLong(Long::longValue).sum();
    }

    private Map<TopicPartition, Long> ends(List<String> topics) throws Exception {
        try (var admin = admin()) {
            var partitions = new TreeMap<String, TopicPartition>();
            admin.describeTopics(topics).allTopicNames().get().forEach((name, topic) -> topic.partitions()
                    .forEach(one ->
                            partitions.put(name + "-" + one.partition(), new TopicPartition(name, one.partition()))));
            var ends = new HashMap<TopicPartition, Long>();
            admin.listOffsets(partitions.values().stream()
                            .collect(Collectors.toMap(one -> one, one -> OffsetSpec.latest())))
                    .all()
                    .get()
                    .forEach((partition, end) -> ends.put(partition, end.offset()));
            return ends;
        }
    }

    private static void await(Callable<Boolean> wish) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!wish.call()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.sleep(50);
        }
    }
}
