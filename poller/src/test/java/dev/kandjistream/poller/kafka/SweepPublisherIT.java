package dev.kandjistream.poller.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.kandji.http.DevicePage;
import dev.kandjistream.kandji.http.DeviceParser;
import dev.kandjistream.poller.domain.App;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.Decision;
import dev.kandjistream.poller.domain.DeviceApps;
import dev.kandjistream.poller.domain.DevicesJudge;
import dev.kandjistream.poller.domain.DevicesSweep;
import dev.kandjistream.poller.domain.EvidenceRules;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.LedgerEntry;
import dev.kandjistream.poller.domain.SharedApps;
import dev.kandjistream.poller.domain.Verdict;
import dev.kandjistream.raw.RawDeviceApps;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.sweeps.UnreadDevice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

/** What a {@code read_committed} reader sees of a publisher that is split, fenced, cut off or given too much. */
class SweepPublisherIT extends PublishingStage {
    private static AppsSweep fleet(int devices, String version) {
        var shared = new SharedApps();
        var sweep = new AppsSweep();
        for (int device = 0; device < devices; device++) {
            var app = new App("Slack", "com.slack", version, null, null, null, null, null, null, null, null);
            sweep.add("device-" + device, shared.app(app), 1, 2, 3, 4);
        }
        sweep.walk().page(devices, OptionalLong.empty());
        return sweep.seal();
    }

    @Test
    void aSweepSplitOverTransactionsIsWholeAndItsReceiptNamesTheLast() throws Exception {
        var publisher = publisher(1);
        SweepReceipt receipt = publisher.publish(facts(), judge(fleet(50, "1")));
        assertThat(receipt.getPublished()).isEqualTo(50);
        assertThat(receipt.getRawEndOffsets()).isNotEmpty();
        assertThat(committed(TOPICS.rawApps().name())).hasSize(50);
        assertThat(committed(TOPICS.sweeps().name())).hasSize(1);

        publisher.close();
        var next = publisher(1 << 20);
        String last = next.ask(account, ledger -> ledger.complete(Ledger.APPS).lastSweepId());
        assertThat(last).isEqualTo(receipt.getSweepId());
        assertThat(next.publish(facts(), judge(fleet(50, "1"))).getPublished()).isZero();
    }

    /** The enricher takes a record for older if its sweep id is smaller, and ignores it. */
    @Test
    void sweepIdsAscendAlsoIfTheClockOfTheNextOwnerIsBehind() throws Exception {
        var first = publisher(1 << 20);
        first.publish(facts(), judge(fleet(10, "1")));
        first.close();
        var next = publisher(1 << 20, commandLog(), () -> System.currentTimeMillis() - 3_600_000);
        next.publish(facts(), judge(fleet(10, "2")));
        next.retract(account);

        var sweeps = new HashMap<String, String>();
        for (var record : committed(TOPICS.rawApps().name())) {
            String before = sweeps.put(record.key(), sweepId(record));
            assertThat(before == null || before.compareTo(sweepId(record)) < 0).isTrue();
        }
        assertThat(sweeps).hasSize(10);
    }

    /** Check-ins are published and not remembered; the ids of their transactions are. */
    @Test
    void norIfOnlyCheckInsWerePublished() throws Exception {
        var first = publisher(1);
        sweepDevices(first, checkedIn(8, "2026-01-02T08:00:00Z"));
        long ledger = committed(TOPICS.ledger().name()).size();
        DevicesSweep cut = checkedIn(8, "2026-01-02T09:00:00Z");
        cut.walk().fault("page 2 answered 503");
        assertThat(sweepDevices(first, cut).getPublished()).isEqualTo(8);
        List<ConsumerRecord<String, byte[]>> more = committed(TOPICS.ledger().name());
        assertThat(more.subList((int) ledger, more.size())).isNotEmpty().allMatch(record -> record.key()
                .endsWith("/state"));
        first.close();

        var next = publisher(1 << 20, commandLog(), () -> System.currentTimeMillis() - 3_600_000);
        assertThat(sweepDevices(next, checkedIn(8, "2026-01-02T09:00:00Z")).getPublished())
                .as("once more")
                .isEqualTo(8);
        assertThat(sweepDevices(next, checkedIn(8, "2026-01-02T09:00:00Z")).getPublished())
                .isZero();

        var sweeps = new HashMap<String, String>();
        try (var reader = AvroSerdes.deserializer(TOPICS.rawDevices(), kafka)) {
            for (var record : committed(TOPICS.rawDevices().name())) {
                String id = reader.deserialize(record.topic(), record.value()).getSweepId();
                String before = sweeps.put(record.key(), id);
                assertThat(before == null || before.compareTo(id) < 0).isTrue();
            }
        }
        assertThat(sweeps).hasSize(8);
    }

    private static DevicesSweep checkedIn(int devices, String at) throws IOException {
        return list(devices, "", ",\"last_check_in\":\"" + at + "\"");
    }

    private static String sweepId(ConsumerRecord<String, byte[]> record) {
        return record.value() == null
                ? new String(record.headers().lastHeader("sweep_id").value(), StandardCharsets.UTF_8)
                : AvroSerdes.<RawDeviceApps>deserializer(RawDeviceApps.class, kafka)
                        .deserialize(record.topic(), record.value())
                        .getSweepId();
    }

    @Test
    void whatAFencedPublisherSendsIsNeverSeenAndItRecovers() throws Exception {
        var frozen = publisher(1 << 20);
        frozen.publish(facts(), judge(fleet(10, "1")));
        var owner = publisher(1 << 20);
        owner.publish(facts(), judge(fleet(10, "2")));

        assertThatThrownBy(() -> frozen.publish(facts(), judge(fleet(10, "stale"))))
                .isInstanceOf(PublishException.class);
        assertThat(frozen.isOpen()).isFalse();
        assertThat(committed(TOPICS.rawApps().name())).hasSize(20);

        frozen.open();
        SweepReceipt receipt = frozen.publish(facts(), judge(fleet(10, "2")));
        assertThat(receipt.getPublished()).isZero();
        assertThat(receipt.getUnchanged()).isEqualTo(10);
    }

    @Test
    void aFailureWhilePublishingLeavesNothingBehind() throws Exception {
        var publisher = publisher(1 << 20);
        assertThatThrownBy(() -> publisher.publish(facts(), ledger -> {
                    throw new IllegalStateException("judge failed");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(publisher.isOpen()).isTrue();
        assertThat(publisher.publish(facts(), judge(fleet(3, "1"))).getPublished())
                .isEqualTo(3);
    }

    @Test
    void aRecordBeyondTheLimitIsLeftOutAndTheRestGoes() throws Exception {
        var sweep = fleet(3, "1");
        var shared = new SharedApps();
        var huge = new DeviceApps("huge", 1);
        for (int i = 0; i < 2_000; i++) {
            var app = new App("x".repeat(10_000) + i, null, null, null, null, null, null, null, null, null, null);
            huge.add(shared.app(app), i, 2, 3, 4);
        }
        sweep.reread(huge.seal());
        var publisher = publisher(1 << 20);
        SweepReceipt receipt = publisher.publish(facts(), judge(sweep));
        assertThat(receipt.getOversized()).isEqualTo(1);
        assertThat(receipt.getPublished()).isEqualTo(3);
        assertThat(receipt.getReason()).contains("skipped").contains("huge");
        boolean unknown = publisher.ask(account, ledger -> ledger.entry("huge").apps() == null);
        assertThat(unknown).isTrue();
    }

    @Test
    void aRecordJustUnderTheLimitGoes() throws Exception {
        var sweep = new AppsSweep();
        var shared = new SharedApps();
        var large = new DeviceApps("large", 1);
        var random = new Random(1);
        for (int i = 0; i < 1_600; i++) {
            // Text that compresses badly, 15 MB of it.
            String name = random.ints(10_000, 33, 126)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            large.add(
                    shared.app(new App(name, null, null, null, null, null, null, null, null, null, null)), i, 2, 3, 4);
        }
        sweep.seal();
        sweep.reread(large.seal());
        SweepReceipt receipt = publisher(1 << 20).publish(facts(), judge(sweep));
        assertThat(receipt.getOversized()).isZero();
        assertThat(receipt.getPublished()).isEqualTo(1);
    }

    @Test
    void devicesWithARowThatCannotBeReadAreListedWithTheReason() throws Exception {
        var apps = fleet(20, "1");
        var withUnread = new AppsSweep();
        withUnread.unread("device-0", "an app row has name in a form that cannot be read", 1, 4);
        apps.devices().forEach(withUnread::reread);
        withUnread.walk().page(21, OptionalLong.empty());
        SweepReceipt ofApps = publisher(1 << 20).publish(facts(), judge(withUnread.seal()));
        assertThat(ofApps.getOversized()).isZero();
        assertThat(ofApps.getUnreadDevices())
                .extracting(UnreadDevice::getDeviceId)
                .containsExactly("device-0");
        assertThat(ofApps.getReason()).contains("1 rows could not be read").doesNotContain("larger than");

        SweepReceipt ofDevices = sweepDevices(publisher(1 << 20), list(20, "{\"device_id\":\"odd\"}"));
        assertThat(ofDevices.getUnread()).isEqualTo(1);
        assertThat(ofDevices.getUnreadDevices())
                .extracting(UnreadDevice::getDeviceId)
                .containsExactly("odd");
        assertThat(ofDevices.getOversized()).isZero();
    }

    /** Rows of a list, and one row more. */
    private static DevicesSweep list(int devices, String more) throws IOException {
        return list(devices, more, "");
    }

    private static DevicesSweep list(int devices, String more, String fields) throws IOException {
        String rows = IntStream.range(0, devices)
                .mapToObj(i -> "{\"device_id\":\"device-" + i + "\",\"serial_number\":\"C02" + i
                        + "\",\"platform\":\"Mac\",\"is_removed\":false,\"user\":{\"id\":\"u" + i
                        + "\",\"email\":\"u" + i + "@acme.example\"}" + fields + "}")
                .collect(Collectors.joining(","));
        String body = "[" + rows + (more.isEmpty() ? "" : "," + more) + "]";
        DevicePage page = DeviceParser.parse(body.getBytes(StandardCharsets.UTF_8), OptionalLong.empty(), 5);
        var sweep = new DevicesSweep();
        page.rows().forEach(sweep::add);
        page.unread().forEach(sweep::unread);
        sweep.walk().page(page.size(), OptionalLong.empty());
        return sweep;
    }

    private SweepReceipt sweepDevices(SweepPublisher publisher, DevicesSweep sweep) throws PublishException {
        SweepFacts ofDevices = facts(Ledger.DEVICES, System.currentTimeMillis());
        return publisher.publish(
                ofDevices,
                ledger -> DevicesJudge.judge(
                        ledger, sweep, EvidenceRules.DEFAULT, ofDevices.startedAt(), System.currentTimeMillis()));
    }

    @Test
    void whatASweepDoesNotConfirmIsToldInItsTransactionAndTakenBackByTheNextThatDoes() throws Exception {
        SweepPublisher publisher = publisher(1 << 20);
        sweepDevices(publisher, list(20, ""));
        sweepDevices(publisher, list(19, ""));
        SweepReceipt seen = sweepDevices(publisher, list(20, ""));
        List<String> told = new ArrayList<>();
        try (var reader = AvroSerdes.deserializer(TOPICS.unconfirmed(), kafka)) {
            for (var record : committed(TOPICS.unconfirmed().name())) {
                var value = reader.deserialize(record.topic(), record.value());
                if (record.key().endsWith("/device-19")) {
                    told.add(value == null ? "all confirmed" : value.getReason());
                }
            }
        }
        // Its row lacks most of the documented fields.
        assertThat(told).containsExactly("FIELDS", "ABSENT", "FIELDS");
        assertThat(seen.getRawEndOffsets())
                .anyMatch(end -> end.getTopic().equals(TOPICS.unconfirmed().name()));
    }

    @Test
    void whatWaitsForABrokerIsAsOldAsItsReadingNotAsItsPublishing() throws Exception {
        long asked = System.currentTimeMillis() - Duration.ofMinutes(4).toMillis();
        SweepFacts late = facts(Ledger.DEVICES, asked);
        DevicesSweep sweep = list(20, "");
        SweepReceipt receipt = publisher(1 << 20)
                .publish(late, ledger -> DevicesJudge.judge(ledger, sweep, EvidenceRules.DEFAULT, asked, asked));
        assertThat(receipt.getConfirmedAt()).isEqualTo(Instant.ofEpochMilli(asked));
        assertThat(receipt.getLastCompleteAt())
                .isAfter(Instant.ofEpochMilli(asked).plusSeconds(200));
    }

    @Test
    void whatTheBaselineOwesOutlivesARestart() throws Exception {
        var first = publisher(1 << 20);
        sweepDevices(first, list(20, "{\"device_id\":\"odd\"}"));
        first.close();
        var next = publisher(1 << 20);
        sweepDevices(next, list(20, "{\"device_id\":\"odd\",\"platform\":\"Mac\",\"user\":\"\"}"));
        try (var reader = AvroSerdes.deserializer(TOPICS.rawDevices(), kafka)) {
            assertThat(committed(TOPICS.rawDevices().name()))
                    .filteredOn(record -> record.key().endsWith("/odd"))
                    .singleElement()
                    .matches(record ->
                            reader.deserialize(record.topic(), record.value()).getBaseline());
        }
    }

    @Test
    void everyTransactionHasItsOwnSweepId() throws Exception {
        publisher(1).publish(facts(), judge(fleet(30, "1")));
        var ids = new TreeSet<String>();
        try (var reader = AvroSerdes.deserializer(TOPICS.rawApps(), kafka)) {
            committed(TOPICS.rawApps().name())
                    .forEach(record -> ids.add(
                            reader.deserialize(record.topic(), record.value()).getSweepId()));
        }
        // As many as buckets with devices.
        long buckets = fleet(30, "1").devices().stream()
                .map(device -> Ledger.bucketOf(device.deviceId()))
                .distinct()
                .count();
        assertThat(ids).hasSize((int) buckets);
    }

    @Test
    void aTombstoneSaysWhichSweepFoundTheDeviceGone() throws Exception {
        SweepPublisher publisher = publisher(1 << 20);
        publisher.publish(facts(), judge(fleet(1, "1")));
        var gone = new Decision("device-0", Decision.Gone.APPS, null, new LedgerEntry(null, null));
        var verdict = new Verdict(Verdict.Outcome.COMPLETE, null, false, false, List.of(gone), 0, 0, 1, 0);
        long before = System.currentTimeMillis();
        SweepReceipt receipt = publisher.publish(facts(), ledger -> verdict);
        long after = System.currentTimeMillis();

        var records = committed(TOPICS.rawApps().name());
        assertThat(records).hasSize(2);
        var tombstone = records.get(1);
        assertThat(tombstone.value()).isNull();
        assertThat(header(tombstone, "sweep_id")).isEqualTo(receipt.getSweepId());
        assertThat(Long.parseLong(header(tombstone, "observed_at"))).isBetween(before, after);
    }

    @Test
    void aRetractedAccountIsTombstonesThatSayWhyAndStartsAnew() throws Exception {
        SweepPublisher publisher = publisher(1 << 20);
        publisher.publish(facts(), judge(fleet(30, "1")));
        List<SweepReceipt> receipts = publisher.retract(account);

        assertThat(receipts).extracting(SweepReceipt::getKind).containsExactly("apps", "devices");
        assertThat(receipts).extracting(SweepReceipt::getRetracted).containsExactly(30L, 0L);
        assertThat(receipts).allSatisfy(receipt -> {
            assertThat(receipt.getVerdict()).isEqualTo("COMPLETE");
            assertThat(receipt.getReason()).contains("removed").contains("on request");
            assertThat(receipt.getWithheld()).isZero();
            assertThat(receipt.getQuota()).isNull();
            assertThat(receipt.getLastCompleteAt()).isNull();
            assertThat(receipt.getRawEndOffsets()).isNotEmpty();
        });
        assertThat(tombstones(TOPICS.rawApps().name())).hasSize(30).allSatisfy(tombstone -> {
            assertThat(header(tombstone, "cause")).isEqualTo("ACCOUNT_REMOVED");
            assertThat(header(tombstone, "sweep_id")).isEqualTo(receipts.get(0).getSweepId());
        });
        assertThat(tombstones(TOPICS.rawDevices().name())).hasSize(30);
        assertThat(publisher.retract(account)).as("nothing is left to retract").isEmpty();

        var next = publisher(1 << 20);
        assertThat(next.retract(account)).as("and so it says in the topic").isEmpty();
        String sweep = next.publish(facts(), judge(fleet(3, "1"))).getSweepId();
        try (var reader = AvroSerdes.deserializer(TOPICS.rawApps(), kafka)) {
            var back = committed(TOPICS.rawApps().name()).stream()
                    .filter(record -> record.value() != null)
                    .map(record -> reader.deserialize(record.topic(), record.value()))
                    .filter(apps -> apps.getSweepId().equals(sweep))
                    .toList();
            assertThat(back).hasSize(3).allMatch(RawDeviceApps::getBaseline);
        }
    }

    @Test
    void aRetractionCutOffAnywhereIsTakenUpAndTellsEachDeviceOnce() throws Exception {
        publisher(1 << 20).publish(facts(), judge(fleet(7, "1")));
        int buckets = (int) fleet(7, "1").devices().stream()
                .map(device -> Ledger.bucketOf(device.deviceId()))
                .distinct()
                .count();
        int cut = 0;
        while (true) {
            var mortal = new Mortal(Alone.of(TOPICS, kafka), 3);
            var partition = SweepPublisher.partitionOf(account);
            var publisher = new SweepPublisher(
                    TOPICS,
                    kafka,
                    partition,
                    System::currentTimeMillis,
                    mortal,
                    commandLog(),
                    destinations(),
                    limits(TOPICS),
                    1);
            publishers.add(publisher);
            publisher.open();
            try {
                assertThat(publisher.retract(account)).hasSize(2);
                break;
            } catch (PublishException killed) {
                cut++;
            }
        }
        assertThat(cut).as("times cut off, after two transactions each").isEqualTo((buckets - 1) / 2);
        for (String topic : List.of(TOPICS.rawDevices().name(), TOPICS.rawApps().name())) {
            assertThat(tombstones(topic))
                    .extracting(ConsumerRecord::key)
                    .hasSize(7)
                    .doesNotHaveDuplicates();
        }
        assertThat(committed(TOPICS.sweeps().name()))
                .as("one sweep's receipt, two of the removal")
                .hasSize(3);
    }

    @Test
    void theTenantIsRememberedAndAnotherOneBeginsWithABaseline() throws Exception {
        SweepPublisher publisher = publisher(1 << 20);
        assertThat(publisher.publish(factsOf("acme/us"), judge(fleet(3, "1"))).getReason())
                .isNull();
        publisher.publish(factsOf("acme/us"), judge(fleet(4, "1")));

        var next = publisher(1 << 20);
        SweepReceipt other = next.publish(factsOf("acme-new/us"), judge(fleet(5, "1")));
        assertThat(other.getReason()).contains("another tenant's now, acme-new/us instead of acme/us");
        assertThat(other.getPublished()).isEqualTo(1);
        assertThat(next.publish(factsOf("acme-new/us"), judge(fleet(6, "1"))).getReason())
                .isNull();
        try (var reader = AvroSerdes.deserializer(TOPICS.rawApps(), kafka)) {
            var baselines = new HashMap<String, Boolean>();
            committed(TOPICS.rawApps().name())
                    .forEach(record -> baselines.put(
                            record.key().substring(account.length() + 1),
                            reader.deserialize(record.topic(), record.value()).getBaseline()));
            assertThat(baselines)
                    .containsEntry("device-2", true)
                    .containsEntry("device-3", false)
                    .containsEntry("device-4", true)
                    .containsEntry("device-5", false);
        }
    }

    private List<ConsumerRecord<String, byte[]>> tombstones(String topic) {
        return committed(topic).stream()
                .filter(record -> record.value() == null)
                .toList();
    }

    /** A member that dies at its n-th commit. */
    private static final class Mortal implements Membership {
        private final Membership member;
        private int commits;

        Mortal(Membership member, int commits) {
            this.member = member;
            this.commits = commits;
        }

        @Override
        public boolean confirm(int partition) throws InterruptedException {
            return member.confirm(partition);
        }

        @Override
        public ConsumerGroupMetadata metadata() {
            if (--commits == 0) {
                throw new IllegalStateException("killed");
            }
            return member.metadata();
        }
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    /**
     * A former member that wakes up right before it takes the transactional id is the last to take it, which fences the
     * owner. Its commit must be refused all the same.
     */
    @Test
    void aFormerMemberThatTakesTheTransactionalIdLastCannotCommit() throws Exception {
        var topics = new Topics("woken");
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            TopicAdmin.ensure(admin, topics, (short) 1);
        }
        SweepPublisher woken = publisher(topics, Joined.thenLeft(topics));
        try (var member = new Joined(topics)) {
            SweepPublisher owner = publisher(topics, member);
            owner.open();
            woken.open();
            assertThatThrownBy(() -> woken.publish(facts(), judge(fleet(3, "stale"))))
                    .isInstanceOf(PublishException.class);
            assertThat(committed(topics.rawApps().name())).isEmpty();

            assertThatThrownBy(() -> owner.publish(facts(), judge(fleet(3, "1"))))
                    .as("fenced by the other, once")
                    .isInstanceOf(PublishException.class);
            owner.open();
            owner.publish(facts(), judge(fleet(3, "1")));
            assertThat(committed(topics.rawApps().name())).hasSize(3);
        }
    }

    private SweepPublisher publisher(Topics topics, Membership membership) {
        int partition = SweepPublisher.partitionOf(account);
        var publisher = new SweepPublisher(
                topics,
                kafka,
                partition,
                System::currentTimeMillis,
                membership,
                commandLog(),
                destinations(topics),
                limits(topics),
                1 << 20);
        publishers.add(publisher);
        return publisher;
    }

    /** A real member of the pollers' group, which believes what it is told. */
    private static final class Joined implements Membership, AutoCloseable {
        private final KafkaConsumer<String, byte[]> consumer;

        Joined(Topics topics) {
            var properties = new HashMap<>(kafka);
            properties.put("group.id", topics.pollerGroup());
            consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
            consumer.subscribe(List.of(topics.ledger().name()));
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (consumer.assignment().isEmpty()) {
                consumer.poll(Duration.ofMillis(50));
                assertThat(System.nanoTime()).as("time until it is a member").isLessThan(deadline);
            }
        }

        static Membership thenLeft(Topics topics) {
            try (var left = new Joined(topics)) {
                return new Alone(left.metadata());
            }
        }

        @Override
        public boolean confirm(int partition) {
            return true;
        }

        @Override
        public ConsumerGroupMetadata metadata() {
            return consumer.groupMetadata();
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
