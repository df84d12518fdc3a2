package dev.kandjistream.posture.kafka;

import static dev.kandjistream.posture.kafka.Records.NOW;
import static dev.kandjistream.posture.kafka.Records.device;
import static dev.kandjistream.posture.kafka.ViewStage.await;
import static dev.kandjistream.posture.kafka.ViewStage.awaitReady;
import static dev.kandjistream.posture.kafka.ViewStage.seen;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.embedded.EmbeddedRegistry;
import dev.kandjistream.posture.domain.AccountState;
import dev.kandjistream.posture.domain.Connection;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.domain.Sighting;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The view over a real broker and registry. */
class PostureViewIT {
    @TempDir
    private static Path directory;

    private static ViewStage stage;

    private final MeterRegistry meters = new SimpleMeterRegistry();

    @BeforeAll
    static void start() {
        stage = new ViewStage(directory);
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    @Test
    void nothingIsKnownBeforeAllIsAndThenChangesAreFollowedWithinASecond() throws Exception {
        var topics = new Topics("follows");
        stage.create(topics);
        try (var publisher = stage.publisher(topics);
                var view = stage.view(topics, meters)) {
            awaitReady(view);
            assertThat(view.sighting(new SerialNumber("A1"))).isEqualTo(Sighting.NONE);
            publisher.commit(
                    publisher.device(device("acme", "d1", "a1").setOsVersion("0")),
                    publisher.receipt(Records.receipt("acme", "devices", "CONNECTED", NOW, List.of())));
            await(() -> view.sighting(new SerialNumber("A1")).account().isPresent());
            assertThat(view.account("acme"))
                    .hasValue(new AccountState("acme", "CONNECTED", NOW.toEpochMilli(), Duration.ofHours(1), false));

            List<Long> took = new ArrayList<>();
            for (String version : List.of("1", "2", "3", "4", "5")) {
                publisher.commit(publisher.device(device("acme", "d1", "A1").setOsVersion(version)));
                took.add(await(
                        () -> version.equals(seen(view, "A1").orElseThrow().osVersion())));
            }
            assertThat(took.stream().sorted().toList().get(2)).isLessThan(1000);

            publisher.commit(publisher.device("acme/d1", null));
            await(() -> seen(view, "A1").isEmpty());
            assertThat(view.failure()).isEmpty();
        }
    }

    @Test
    void replicasAnswerAlikeWheneverTheyStarted() throws Exception {
        var topics = new Topics("replicas");
        stage.create(topics);
        try (var publisher = stage.publisher(topics);
                var first = stage.view(topics)) {
            publisher.commit(
                    publisher.device(device("acme", "d1", "A1").setLastCheckIn(NOW)),
                    publisher.device(device("acme", "d2", "B1")),
                    publisher.device(device("bcme", "d1", "a1").setLastCheckIn(NOW.plusSeconds(1))));
            awaitReady(first);
            publisher.commit(
                    publisher.device(device("acme", "d2", "C1")),
                    publisher.device(device("acme", "d3", null)),
                    publisher.receipt(Records.receipt("bcme", "devices", "FORBIDDEN", null, List.of())));
            await(() -> seen(first, "C1").isPresent() && first.account("bcme").isPresent());
            try (var second = stage.view(topics, meters)) {
                awaitReady(second);

                assertThat(all(second)).isEqualTo(all(first)).containsOnlyKeys("A1", "C1");
                assertThat(seen(second, "A1").orElseThrow().accountId()).isEqualTo("bcme");
                assertThat(gauge("posture.view.devices")).isEqualTo(4);
                assertThat(gauge("posture.view.without.serial")).isEqualTo(1);
                assertThat(gauge("posture.view.serials.shared")).isEqualTo(1);
                assertThat(gauge("posture.view.ready")).isEqualTo(1);
            }
        }
    }

    @Test
    void whatATransactionGaveUpIsNeverSeen() throws Exception {
        var topics = new Topics("aborted");
        stage.create(topics);
        try (var publisher = stage.publisher(topics)) {
            publisher.abort(publisher.device(device("acme", "before", "A1")));
            try (var view = stage.view(topics)) {
                awaitReady(view);
                publisher.abort(publisher.device(device("acme", "after", "B1")));
                publisher.commit(
                        publisher.inPartition(0, publisher.device(device("acme", "m0", "M0"))),
                        publisher.inPartition(1, publisher.device(device("acme", "m1", "M1"))),
                        publisher.inPartition(2, publisher.device(device("acme", "m2", "M2"))));
                await(() -> all(view).size() == 3);

                assertThat(all(view)).containsOnlyKeys("M0", "M1", "M2");
            }
        }
    }

    @Test
    void anUnreadableRecordIsCountedAndPutsItsDeviceInDoubt() throws Exception {
        var topics = new Topics("unreadable");
        stage.create(topics);
        try (var publisher = stage.publisher(topics);
                var view = stage.view(topics, meters)) {
            publisher.commit(publisher.inPartition(0, publisher.device(device("acme", "d1", "A1"))));
            publisher.commit(
                    publisher.inPartition(0, publisher.device("acme/d1", new byte[] {1, 2, 3})),
                    publisher.inPartition(0, publisher.device("acme/d1", new byte[] {0, 0, 1, 0, 0, 9})),
                    publisher.inPartition(0, publisher.device(device("acme", "d2", "B1"))));
            await(() -> seen(view, "B1").isPresent());

            assertThat(seen(view, "A1").orElseThrow().doubt().connection()).isEqualTo(Connection.RECORD_UNDECODABLE);
            assertThat(gauge("posture.view.undecodable")).isEqualTo(1);
            assertThat(meters.get("posture.view.records")
                            .tags("topic", topics.rawDevices().name(), "outcome", "unreadable")
                            .counter()
                            .count())
                    .isEqualTo(2);
        }
    }

    @Test
    void anOlderPollersTopicsAreEnoughUntilTheThirdOneAppears() throws Exception {
        var topics = new Topics("older");
        try (var admin = stage.admin()) {
            ViewStage.create(admin, topics.rawDevices().name(), ViewStage.PARTITIONS);
            ViewStage.create(admin, topics.sweeps().name(), 1);
            try (var publisher = stage.publisher(topics);
                    var view = stage.view(topics, meters)) {
                publisher.commit(publisher.device(device("acme", "d1", "A1")));
                await(() -> seen(view, "A1").isPresent() && view.notReady().isEmpty());

                ViewStage.create(admin, topics.unconfirmed().name(), ViewStage.PARTITIONS);
                publisher.commit(publisher.unconfirmed(Records.unconfirmed("acme", "d1", "ABSENT", List.of())));
                await(() -> seen(view, "A1").orElseThrow().doubt().connection() == Connection.ABSENT_WITHHELD);
                assertThat(gauge("posture.view.unconfirmed")).isEqualTo(1);

                publisher.commit(publisher.confirmed("acme/d1"));
                await(() -> seen(view, "A1").orElseThrow().doubt().isNone());
            }
        }
    }

    @Test
    void aTopicCreatedAnewTakesItsDevicesWithItAndUntilThenTheViewStays() throws Exception {
        var topics = new Topics("anew");
        String raw = topics.rawDevices().name();
        stage.create(topics);
        try (var view = stage.view(topics, meters);
                var admin = stage.admin()) {
            try (var publisher = stage.publisher(topics)) {
                publisher.commit(
                        publisher.device(device("acme", "ghost", "A1")),
                        publisher.receipt(Records.receipt("acme", "devices", "CONNECTED", NOW, List.of())));
            }
            await(() -> seen(view, "A1").isPresent());

            admin.deleteTopics(List.of(raw)).all().get();
            await(() -> view.notReady().isPresent());
            assertThat(seen(view, "A1")).isPresent();
            await(() -> !admin.listTopics().names().get().contains(raw));
            ViewStage.create(admin, raw, 2);
            try (var publisher = stage.publisher(topics)) {
                publisher.commit(publisher.device(device("acme", "d2", "B1")));
            }

            await(() -> seen(view, "A1").isEmpty());
            await(() -> seen(view, "B1").isPresent() && view.notReady().isEmpty());
            assertThat(view.account("acme")).isPresent();
            assertThat(meters.get("posture.view.rereads").counter().count()).isEqualTo(1);
        }
    }

    @Test
    void withoutTheRegistryTheViewWaitsAndMissesNothingEvenIfTheLogIsCutMeanwhile() throws Exception {
        var topics = new Topics("registry");
        String raw = topics.rawDevices().name();
        stage.create(topics);
        EmbeddedRegistry registry = stage.registry(0);
        int port = URI.create(registry.url()).getPort();
        registry.close();
        try (var publisher = stage.publisher(topics);
                var view = stage.view(topics, meters, "http://127.0.0.1:" + port);
                var admin = stage.admin()) {
            publisher.commit(
                    publisher.inPartition(0, publisher.device(device("acme", "d0", "A1"))),
                    publisher.inPartition(1, publisher.device(device("acme", "d1", "B1"))));
            await(() -> view.notReady().orElse("").contains("schema registry"));

            registry = stage.registry(port);
            awaitReady(view);
            assertThat(all(view)).containsOnlyKeys("A1", "B1");
            registry.close();

            // A schema that the view has not asked for yet.
            publisher.commit(publisher.inPartition(0, publisher.device("acme/d0", ofLaterSchema("acme", "d0", "C1"))));
            await(() -> view.notReady().orElse("").contains("schema registry"));
            assertThat(all(view)).containsOnlyKeys("A1", "B1");
            publisher.commit(publisher.inPartition(1, publisher.device("acme/d1", null)));
            publisher.commit(publisher.inPartition(1, publisher.device(device("acme", "d2", "D1"))));
            // Nobody will hear any more that d1 is gone.
            admin.deleteRecords(Map.of(new TopicPartition(raw, 1), RecordsToDelete.beforeOffset(4)))
                    .all()
                    .get();

            registry = stage.registry(port);
            await(() -> all(view).keySet().equals(java.util.Set.of("C1", "D1"))
                    && view.notReady().isEmpty());
            assertThat(meters.get("posture.view.rereads").counter().count()).isEqualTo(1);
        } finally {
            registry.close();
        }
    }

    @Test
    void closingWaitsForNoRegistryThatHangs() throws Exception {
        var topics = new Topics("hangs");
        stage.create(topics);
        try (var publisher = stage.publisher(topics);
                var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            publisher.commit(publisher.device(device("acme", "d1", "A1")));
            var view = stage.view(topics, meters, "http://127.0.0.1:" + silent.getLocalPort());
            silent.accept();

            long start = System.nanoTime();
            view.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            assertThat(view.failure()).isEmpty();
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("posture-view");
        }
    }

    @Test
    void whileTheBrokerIsAwayTheViewAnswersAndSaysThatItCannotFollow() throws Exception {
        var topics = new Topics("broker");
        stage.create(topics);
        try (var view = stage.view(topics, meters)) {
            try (var publisher = stage.publisher(topics)) {
                publisher.commit(publisher.device(device("acme", "d1", "A1")));
            }
            await(() -> seen(view, "A1").isPresent() && view.notReady().isEmpty());

            stage.stopBroker();
            await(() -> view.notReady().isPresent());
            assertThat(seen(view, "A1")).isPresent();
            assertThat(gauge("posture.view.behind.seconds")).isGreaterThan(ViewStage.PATIENCE.toSeconds());

            stage.startBroker();
            awaitReady(view);
            try (var publisher = stage.publisher(topics)) {
                publisher.commit(publisher.device(device("acme", "d2", "B1")));
            }
            await(() -> seen(view, "B1").isPresent());
            assertThat(seen(view, "A1")).isPresent();
            assertThat(meters.get("posture.view.rereads").counter().count()).isZero();
        }
    }

    private double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    private static Map<String, Sighting> all(PostureView view) {
        Map<String, Sighting> all = new HashMap<>();
        view.forEach((serial, sighting) -> all.put(serial.text(), sighting));
        return all;
    }

    /** A device as a later version of this program would write it, with a field more. */
    private static byte[] ofLaterSchema(String account, String id, String serial) {
        List<Schema.Field> fields = new ArrayList<>();
        RawDevice.getClassSchema().getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
        fields.add(new Schema.Field(
                "news",
                Schema.createUnion(Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.STRING)),
                null,
                Schema.Field.NULL_DEFAULT_VALUE));
        var later = Schema.createRecord("RawDevice", null, "dev.kandjistream.raw", false, fields);
        var builder = new GenericRecordBuilder(later);
        builder.set("account_id", account)
                .set("device_id", id)
                .set("sweep_id", "s2")
                .set("observed_at", NOW.toEpochMilli())
                .set("baseline", false)
                .set("serial_number", serial)
                .set("json", "{}");
        try (var serializer = AvroSerdes.serializer(Object.class, stage.client(stage.registryUrl()))) {
            return serializer.serialize("later", builder.build());
        }
    }
}
