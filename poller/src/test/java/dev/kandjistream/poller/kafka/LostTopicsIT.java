package dev.kandjistream.poller.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.commands.Command;
import dev.kandjistream.kandji.http.DevicePage;
import dev.kandjistream.kandji.http.DeviceParser;
import dev.kandjistream.poller.domain.App;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.DevicesJudge;
import dev.kandjistream.poller.domain.DevicesSweep;
import dev.kandjistream.poller.domain.EvidenceRules;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.SharedApps;
import dev.kandjistream.poller.domain.Verdict;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.sweeps.SweepReceipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What sweeps publish after topics were deleted or changed, while the publisher runs and while it does not. */
@Tag("recovery")
class LostTopicsIT extends PublishingStage {
    private Topics topics;
    private Admin admin;

    @BeforeEach
    void topics() {
        topics = new Topics(account);
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
        TopicAdmin.ensure(admin, topics, (short) 1);
    }

    @AfterEach
    void closeAdmin() {
        admin.close();
    }

    @Test
    void whatWasLostIsPublishedAgainAndNothingElse() throws Exception {
        var publisher = open();
        publisher.publish(facts(Ledger.DEVICES, 1), devices(20));
        publisher.publish(facts(Ledger.APPS, 1), apps(20));

        delete(topics.rawDevices().name());

        SweepReceipt devices = publisher.publish(facts(Ledger.DEVICES, 2), devices(20));
        assertThat(devices.getPublished()).isEqualTo(20);
        assertThat(devices.getReason()).contains(topics.rawDevices().name() + " was deleted and created again");
        assertThat(devices.getVerdict()).isEqualTo("COMPLETE");
        assertThat(devices.getUnpublished()).isZero();
        SweepReceipt apps = publisher.publish(facts(Ledger.APPS, 2), apps(20));
        assertThat(apps.getPublished()).isZero();
        assertThat(committed(topics.rawDevices().name())).hasSize(20).allMatch(record -> !rawDevice(record.value())
                .getBaseline());

        SweepReceipt again = publisher.publish(facts(Ledger.DEVICES, 3), devices(20));
        assertThat(again.getPublished()).isZero();
        assertThat(again.getReason()).isNull();
    }

    @Test
    void aSweepOfAnotherKindRemembersWhatIsToBePublishedAgainAlsoForTheNextOwner() throws Exception {
        var publisher = open();
        publisher.publish(facts(Ledger.DEVICES, 1), devices(20));
        publisher.publish(facts(Ledger.APPS, 1), apps(20));
        delete(topics.rawDevices().name());
        delete(topics.rawApps().name());

        Published first = publisher.publishAlways(facts(Ledger.APPS, 2), apps(18));
        assertThat(first.republishes()).isTrue();
        assertThat(first.receipt().getPublished()).isEqualTo(18);
        assertThat(first.receipt().getUnpublished()).isEqualTo(2);
        publisher.close();

        var next = open();
        assertThat(next.<Boolean>ask(account, ledger -> ledger.lacksPublished(Ledger.DEVICES)))
                .isTrue();
        Published second = next.publishAlways(facts(Ledger.DEVICES, 2), devices(20));
        assertThat(second.republishes()).isFalse();
        assertThat(second.receipt().getPublished()).isEqualTo(20);
        assertThat(next.publish(facts(Ledger.APPS, 3), apps(20)).getPublished()).isEqualTo(2);
        assertThat(committed(topics.rawApps().name())).hasSize(20);
    }

    @Test
    void topicsThatWereLostWhileNobodyPublishedAreNoticedByTheNextOwner() throws Exception {
        var publisher = open();
        publisher.publish(facts(Ledger.DEVICES, 1), devices(5));
        publisher.close();
        delete(topics.rawDevices().name());
        TopicAdmin.ensure(admin, topics, (short) 1);

        assertThat(open().publish(facts(Ledger.DEVICES, 2), devices(5)).getPublished())
                .isEqualTo(5);
    }

    @Test
    void whatIsAbsentFromTheListIsNeitherRetractedSoonerNorForgotten() throws Exception {
        var publisher = open();
        publisher.publish(facts(Ledger.DEVICES, 1), devices(20));
        delete(topics.rawDevices().name());

        SweepReceipt receipt = publisher.publish(facts(Ledger.DEVICES, 2), devices(19));
        assertThat(receipt.getWithheld()).isEqualTo(1);
        assertThat(receipt.getRetracted()).isZero();
        assertThat(receipt.getPublished()).isEqualTo(19);
        assertThat(receipt.getUnpublished()).isEqualTo(1);
        assertThat(publisher.publish(facts(Ledger.DEVICES, 3), devices(20)).getPublished())
                .isEqualTo(1);
    }

    @Test
    void aTopicWithMorePartitionsIsNotPublishedToUntilItIsDeleted() throws Exception {
        var publisher = open();
        publisher.publish(facts(Ledger.DEVICES, 1), devices(20));
        admin.createPartitions(Map.of(topics.rawDevices().name(), NewPartitions.increaseTo(24)))
                .all()
                .get();
        await(() -> partitions(topics.rawDevices().name()) == 24);

        assertThatThrownBy(() -> publisher.publish(facts(Ledger.DEVICES, 2), devices(21)))
                .isInstanceOf(PublishException.class)
                .hasMessageContaining(topics.rawDevices().name() + " has 24 partitions now, but had 12")
                .hasMessageContaining("Delete topic " + topics.rawDevices().name());

        delete(topics.rawDevices().name());
        assertThat(publisher.publish(facts(Ledger.DEVICES, 3), devices(21)).getPublished())
                .isEqualTo(21);
        assertThat(partitions(topics.rawDevices().name())).isEqualTo(12);
    }

    @Test
    void unconfirmedWithMorePartitionsIsNotPublishedToEither() throws Exception {
        var publisher = open();
        publisher.publish(facts(Ledger.DEVICES, 1), devices(20));
        admin.createPartitions(Map.of(topics.unconfirmed().name(), NewPartitions.increaseTo(24)))
                .all()
                .get();
        await(() -> partitions(topics.unconfirmed().name()) == 24);
        assertThatThrownBy(() -> publisher.publish(facts(Ledger.DEVICES, 2), devices(20)))
                .hasMessageContaining(topics.unconfirmed().name() + " has 24 partitions now, but had 12");
    }

    @Test
    void whatWasUnconfirmedIsUnconfirmedAgainInANewTopic() throws Exception {
        var publisher = open();
        publisher.publish(facts(Ledger.DEVICES, 1), devices(20));
        publisher.publish(facts(Ledger.DEVICES, 2), devices(19));
        Map<String, String> before = unconfirmed();
        assertThat(before).hasSize(20).containsEntry(account + "/device-19", "ABSENT");
        // The second sweep in a row that lacks it ends the device.
        before.remove(account + "/device-19");
        delete(topics.unconfirmed().name());

        SweepReceipt receipt = publisher.publish(facts(Ledger.DEVICES, 2), devices(19));
        assertThat(receipt.getPublished()).isZero();
        assertThat(unconfirmed()).isEqualTo(before);
    }

    @Test
    void republishIsCarriedOutOnceAndAnswered() throws Exception {
        var publisher = open();
        publisher.publish(facts(Ledger.DEVICES, 1), devices(20));
        publisher.publish(facts(Ledger.APPS, 1), apps(20));
        command("republish", List.of());

        Published answered = publisher.publishAlways(facts(Ledger.DEVICES, 2), devices(20));
        assertThat(answered.republishes()).isTrue();
        assertThat(answered.receipt().getPublished()).isEqualTo(20);
        assertThat(answered.receipt().getAnswers()).singleElement().satisfies(answer -> assertThat(
                        answer.getOutcome() + " " + answer.getDevices())
                .isEqualTo("APPLIED 20"));
        assertThat(publisher.publish(facts(Ledger.APPS, 2), apps(20)).getPublished())
                .isEqualTo(20);
        assertThat(publisher.publish(facts(Ledger.DEVICES, 3), devices(20)).getPublished())
                .isZero();
        assertThat(publisher.publish(facts(Ledger.APPS, 3), apps(20)).getPublished())
                .isZero();
    }

    @Test
    void commandsInATopicThatWasCreatedAgainAreCarriedOutOnce() throws Exception {
        var publisher = open();
        publisher.publish(facts(Ledger.DEVICES, 1), devices(20));
        command("republish", List.of());
        assertThat(publisher.publish(facts(Ledger.DEVICES, 2), devices(20)).getAnswers())
                .hasSize(1);

        delete(topics.commands().name());
        TopicAdmin.ensure(admin, topics, (short) 1);
        // Its end is soon where the former topic's was, by this command or by those of other accounts.
        command("republish", List.of());

        SweepReceipt answered = publisher.publish(facts(Ledger.DEVICES, 3), devices(20));
        assertThat(answered.getAnswers()).hasSize(1);
        assertThat(answered.getPublished()).isEqualTo(20);
        assertThat(publisher.publish(facts(Ledger.DEVICES, 4), devices(20)).getAnswers())
                .isEmpty();
        publisher.close();
        SweepReceipt next = open().publish(facts(Ledger.DEVICES, 5), devices(20));
        assertThat(next.getAnswers()).isEmpty();
        assertThat(next.getPublished()).isZero();
    }

    @Test
    void commandsOfANewTopicAreFoundByTheNextOwnerHoweverManyOthersCameFirst() throws Exception {
        var former = open();
        former.publish(facts(Ledger.DEVICES, 1), devices(20));
        command("republish", List.of());
        former.publish(facts(Ledger.DEVICES, 2), devices(20));
        former.close();

        delete(topics.commands().name());
        TopicAdmin.ensure(admin, topics, (short) 1);
        for (int i = 0; i < 3; i++) {
            command("republish", List.of());
        }
        var next = open();
        assertThat(next.publish(facts(Ledger.DEVICES, 3), devices(20)).getAnswers())
                .hasSize(3);
        assertThat(next.publish(facts(Ledger.DEVICES, 4), devices(20)).getAnswers())
                .isEmpty();
    }

    @Test
    void aRawTopicThatWasCutIsFilledAgain() throws Exception {
        var publisher = open();
        publisher.publish(facts(Ledger.DEVICES, 1), devices(20));
        cut(topics.rawDevices().name());

        SweepReceipt receipt = publisher.publish(facts(Ledger.DEVICES, 2), devices(20));
        assertThat(receipt.getPublished()).isEqualTo(20);
        assertThat(receipt.getReason()).contains(topics.rawDevices().name() + " lost records at its beginning");
        SweepReceipt again = publisher.publish(facts(Ledger.DEVICES, 3), devices(20));
        assertThat(again.getPublished()).isZero();
        assertThat(again.getReason()).isNull();
    }

    @Test
    void topicsThatAreSetToLoseRecordsAreNamedWithTheCommandUntilThatIsRepaired() throws Exception {
        Destinations watching = destinations(topics);
        watching.watch();
        assertThat(watching.problem()).isEmpty();
        String topic = topics.ledger().name();
        policy(topic, "delete");
        await(() -> {
            watching.watch();
            return watching.problem().isPresent();
        });
        assertThat(watching.problem().orElseThrow())
                .contains(topic, "found delete", "--entity-name " + topic + " --add-config cleanup.policy=compact");
        policy(topic, "compact");
        await(() -> {
            watching.watch();
            return watching.problem().isEmpty();
        });
    }

    @Test
    void aLedgerThatIsDeletedUnderAPublisherIsMadeAnewFromTheRawTopics() throws Exception {
        var publisher = open();
        publisher.publish(facts(Ledger.DEVICES, 1), devices(20));
        publisher.publish(facts(Ledger.APPS, 1), apps(20));
        delete(topics.ledger().name());

        assertThatThrownBy(() -> publisher.publish(facts(Ledger.DEVICES, 2), devices(19)))
                .isInstanceOf(PublishException.class)
                .hasMessageContaining(topics.ledger().name() + " was deleted and created again");
        publisher.open();
        Published first = publisher.publishAlways(facts(Ledger.DEVICES, 2), devices(19));
        assertThat(first.recovered()).isTrue();
        assertThat(first.republishes()).isTrue();
        assertThat(first.receipt().getReason()).contains("the ledger topic lost records of the account");
        assertThat(first.receipt().getPublished()).isEqualTo(19);
        assertThat(first.receipt().getWithheld()).isEqualTo(1);
        Published second = publisher.publishAlways(facts(Ledger.DEVICES, 3), devices(19));
        assertThat(second.recovered()).isFalse();
        assertThat(second.receipt().getRetracted()).isZero();
        assertThat(second.receipt().getWithheldRetractions())
                .singleElement()
                .satisfies(item -> assertThat(item.getReason()).contains("must stand for 24 hours"));
        assertThat(publisher.publish(facts(Ledger.APPS, 2), apps(20)).getPublished())
                .isEqualTo(20);
        assertThat(committed(topics.rawDevices().name()))
                .hasSize(39)
                .filteredOn(record -> !rawDevice(record.value()).getBaseline())
                .hasSize(19);
        publisher.close();

        var next = open();
        assertThat(next.publish(facts(Ledger.APPS, 3), apps(20)).getPublished()).isZero();
        assertThat(next.<Boolean>ask(account, ledger -> ledger.recoveries().isEmpty()))
                .isFalse();
    }

    @Test
    void aLedgerThatWasCutIsMadeAnew() throws Exception {
        var publisher = open();
        publisher.publish(facts(Ledger.DEVICES, 1), devices(20));
        cut(topics.ledger().name());

        assertThatThrownBy(() -> publisher.publish(facts(Ledger.DEVICES, 2), devices(20)))
                .hasMessageContaining(topics.ledger().name() + " lost records");
        publisher.open();
        Published first = publisher.publishAlways(facts(Ledger.DEVICES, 2), devices(20));
        assertThat(first.recovered()).isTrue();
        assertThat(first.receipt().getPublished()).isEqualTo(20);
        publisher.close();
        var next = open();
        assertThat(next.publishAlways(facts(Ledger.DEVICES, 3), devices(20)).recovered())
                .isFalse();
    }

    @Test
    void rowsAndStateThatAreMissingAreRepairedAndTheRestStays() throws Exception {
        var publisher = open();
        publisher.publish(facts(Ledger.DEVICES, 1), devices(20));
        publisher.publish(facts(Ledger.APPS, 1), apps(20));
        publisher.publish(facts(Ledger.DEVICES, 2), devices(19));
        publisher.close();
        String rows = Keys.of(account, String.format("%02x", Ledger.bucketOf("device-3")), "device-3", "0");
        String device = Keys.of(account, String.format("%02x", Ledger.bucketOf("device-4")), "device-4");
        loseRecords(rows);

        var next = open();
        Published apps = next.publishAlways(facts(Ledger.APPS, 2), apps(20));
        assertThat(apps.recovered()).isTrue();
        assertThat(apps.receipt().getPublished()).isEqualTo(1);
        SweepReceipt devices = next.publish(facts(Ledger.DEVICES, 3), devices(19));
        assertThat(devices.getPublished()).isZero();
        assertThat(devices.getWithheldRetractions())
                .as("what it knew of the absent device stays")
                .singleElement()
                .satisfies(item -> assertThat(item.getSweeps()).isEqualTo(2));
        next.close();
        loseRecords(device, Keys.of(account, LedgerStore.STATE));

        var last = open();
        Published again = last.publishAlways(facts(Ledger.DEVICES, 4), devices(19));
        assertThat(again.recovered()).isTrue();
        assertThat(again.receipt().getPublished()).isEqualTo(1);
        assertThat(again.receipt().getRetracted()).isZero();
    }

    @Test
    void rawTopicsAreReadOnceWhereRecordsMayBeMissingAndNeverOtherwise() throws Exception {
        Destinations asked = destinations(topics);
        var publisher = open(account, asked);
        publisher.publish(facts(Ledger.DEVICES, 1), devices(20));
        int atFirst = asked.rawReadings().readings();
        publisher.close();
        publisher.open();
        for (int i = 0; i < 5; i++) {
            open("new-account-" + i, asked);
        }
        assertThat(asked.rawReadings().readings()).isEqualTo(atFirst);
        publishers.forEach(SweepPublisher::close);

        delete(topics.ledger().name());
        var threads = Executors.newFixedThreadPool(publishers.size());
        try {
            var openings = new ArrayList<Callable<Boolean>>();
            for (SweepPublisher one : publishers) {
                openings.add(() -> {
                    one.open();
                    return one.isOpen();
                });
            }
            for (var opened : threads.invokeAll(openings)) {
                assertThat(opened.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(asked.rawReadings().readings()).isBetween(atFirst + 1, atFirst + 2);
        assertThat(publisher
                        .publishAlways(facts(Ledger.DEVICES, 2), devices(20))
                        .recovered())
                .isTrue();
    }

    /** Tombstones, as if the records had been lost and all the others had not. */
    private void loseRecords(String... keys) throws Exception {
        try (var producer = new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer())) {
            for (String key : keys) {
                producer.send(new ProducerRecord<>(
                                topics.ledger().name(), SweepPublisher.partitionOf(account), key, null))
                        .get();
            }
        }
    }

    /** Deletes all records, which a compacted topic does not allow. */
    private void cut(String topic) throws Exception {
        policy(topic, "compact,delete");
        var places = IntStream.range(0, partitions(topic))
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        var all = places.stream().collect(Collectors.toMap(place -> place, place -> RecordsToDelete.beforeOffset(-1)));
        await(() -> {
            try {
                admin.deleteRecords(all).all().get();
                return true;
            } catch (ExecutionException notYet) {
                return false;
            }
        });
        policy(topic, "compact");
    }

    private void policy(String topic, String policy) throws Exception {
        var entry = new AlterConfigOp(new ConfigEntry("cleanup.policy", policy), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(entry)))
                .all()
                .get();
    }

    /** The reason of each device that is not confirmed. */
    private Map<String, String> unconfirmed() {
        var reasons = new HashMap<String, String>();
        try (var values = AvroSerdes.deserializer(topics.unconfirmed(), kafka)) {
            for (var record : committed(topics.unconfirmed().name())) {
                if (record.value() == null) {
                    reasons.remove(record.key());
                } else {
                    reasons.put(
                            record.key(),
                            values.deserialize(record.topic(), record.value()).getReason());
                }
            }
        }
        return reasons;
    }

    private void command(String action, List<String> deviceIds) throws Exception {
        var command = Command.newBuilder()
                .setCommandId("c-1")
                .setAccountId(account)
                .setAction(action)
                .setDeviceIds(deviceIds)
                .setBy("test")
                .setWhy("test")
                .setIssuedAt(Instant.now())
                .build();
        String topic = topics.commands().name();
        try (var values = AvroSerdes.serializer(topics.commands(), kafka);
                var producer = new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, 0, Keys.of(account, "c-1"), values.serialize(topic, command)))
                    .get();
        }
    }

    private SweepPublisher open() throws InterruptedException {
        return open(account, destinations(topics));
    }

    private SweepPublisher open(String accountId, Destinations asked) throws InterruptedException {
        var publisher = new SweepPublisher(
                topics,
                kafka,
                SweepPublisher.partitionOf(accountId),
                System::currentTimeMillis,
                Alone.of(topics, kafka),
                commandLog(topics),
                asked,
                limits(topics),
                1 << 20);
        publishers.add(publisher);
        publisher.open();
        return publisher;
    }

    private RawDevice rawDevice(byte[] value) {
        return AvroSerdes.deserializer(topics.rawDevices(), kafka)
                .deserialize(topics.rawDevices().name(), value);
    }

    private static Function<Ledger, Verdict> devices(int count) throws IOException {
        String rows = IntStream.range(0, count)
                .mapToObj(i -> "{\"device_id\":\"device-" + i + "\",\"serial_number\":\"C02" + i
                        + "\",\"platform\":\"Mac\",\"is_removed\":false,\"user\":{\"id\":\"u" + i
                        + "\",\"email\":\"u" + i + "@acme.example\"}}")
                .collect(Collectors.joining(",", "[", "]"));
        DevicePage page = DeviceParser.parse(rows.getBytes(StandardCharsets.UTF_8), OptionalLong.empty(), 5);
        var sweep = new DevicesSweep();
        page.rows().forEach(sweep::add);
        sweep.walk().page(page.size(), OptionalLong.empty());
        return ledger -> DevicesJudge.judge(ledger, sweep, EvidenceRules.DEFAULT, System.currentTimeMillis());
    }

    private static Function<Ledger, Verdict> apps(int count) {
        var shared = new SharedApps();
        var sweep = new AppsSweep();
        for (int device = 0; device < count; device++) {
            var app = new App("Slack", "com.slack", "1", null, null, null, null, null, null, null, null);
            sweep.add("device-" + device, shared.app(app), 1, 2, 3, 4);
        }
        sweep.walk().page(count, OptionalLong.empty());
        return judge(sweep.seal());
    }

    /** Returns when the cluster has forgotten it. */
    private void delete(String topic) throws Exception {
        admin.deleteTopics(List.of(topic)).all().get();
        await(() -> !admin.listTopics().names().get().contains(topic));
    }

    private int partitions(String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .size();
    }

    private static void await(Callable<Boolean> heard) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!heard.call()) {
            assertThat(System.nanoTime()).as("time until it is so").isLessThan(deadline);
            Thread.sleep(50);
        }
    }
}
