package dev.kandjistream.poller.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.kandji.http.DevicePage;
import dev.kandjistream.kandji.http.DeviceParser;
import dev.kandjistream.poller.domain.App;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.DevicesJudge;
import dev.kandjistream.poller.domain.DevicesSweep;
import dev.kandjistream.poller.domain.EvidenceRules;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.SharedApps;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.TopicLimitException;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.sweeps.SweepReceipt;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Topics that allow smaller records than are wanted, from the start or from some moment on. */
@Tag("recovery")
class RecordLimitIT extends PublishingStage {
    private static final int QUARTER = 256 << 10;

    private static void allow(Topic<?> topic, int bytes) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            var entry = new ConfigEntry("max.message.bytes", String.valueOf(bytes));
            var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
            admin.incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            // The broker hears of it a moment after the controller.
            while (!admin.describeConfigs(List.of(resource))
                    .all()
                    .get()
                    .get(resource)
                    .get("max.message.bytes")
                    .value()
                    .equals(entry.value())) {
                Thread.onSpinWait();
            }
        }
    }

    @AfterEach
    void raise() throws Exception {
        for (Topic<?> topic : TOPICS.all()) {
            allow(topic, RecordLimits.DEFAULT);
        }
    }

    /** Text that hardly compresses: six bits a character. */
    private static String noise(Random random, int length) {
        return random.ints(length, 0, 64)
                .mapToObj(i ->
                        String.valueOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-".charAt(i)))
                .collect(Collectors.joining());
    }

    private static App app(String name) {
        return app(name, "1");
    }

    private static App app(String name, String version) {
        return new App(name, "com." + name, version, null, null, null, null, null, null, null, null);
    }

    /** Twenty ordinary devices, and one with as many rows of noise as asked for, some 300 bytes each. */
    private static AppsSweep fleet(int rowsOfNoise, String version) {
        var shared = new SharedApps();
        var sweep = new AppsSweep();
        int rows = 0;
        for (int device = 0; device < 20; device++) {
            sweep.add("device-" + device, shared.app(app("slack", version)), 1, 2, 3, 4);
            rows++;
        }
        var random = new Random(7);
        for (int row = 0; row < rowsOfNoise; row++) {
            sweep.add("large", shared.app(app(row + noise(random, 300))), 1, 2, 3, 4);
            rows++;
        }
        sweep.walk().page(rows, OptionalLong.empty());
        return sweep.seal();
    }

    @Test
    void aTopicThatIsCappedWhileThePollerRunsCostsTheLargeDeviceAloneAndItFlowsWhenTheCapIsRaised() throws Exception {
        var publisher = publisher(1 << 20);
        publisher.publish(facts(), judge(fleet(0, "1")));
        allow(TOPICS.rawApps(), QUARTER);

        // The topic has been asked a moment ago: it is the broker that refuses the record.
        assertThatThrownBy(() -> publisher.publish(facts(), judge(fleet(1_500, "2"))))
                .isInstanceOf(PublishException.class);
        publisher.open();
        SweepReceipt capped = publisher.publish(facts(), judge(fleet(1_500, "2")));

        assertThat(capped.getVerdict()).isEqualTo("COMPLETE");
        assertThat(capped.getPublished()).isEqualTo(20);
        assertThat(capped.getOversized()).isEqualTo(1);
        assertThat(capped.getReason()).contains(account + "/large").contains(String.valueOf(QUARTER));
        assertThat(capped.getUnreadDevices()).singleElement().satisfies(device -> {
            assertThat(device.getDeviceId()).isEqualTo("large");
            assertThat(device.getReason()).contains("kandji.raw.apps").contains(String.valueOf(QUARTER));
        });

        SweepReceipt again = publisher.publish(facts(), judge(fleet(1_500, "2")));
        assertThat(again.getPublished()).isZero();
        assertThat(again.getUnchanged()).isEqualTo(20);
        assertThat(again.getOversized()).isEqualTo(1);

        allow(TOPICS.rawApps(), RecordLimits.DEFAULT);
        // Topics that were asked less than half a second ago are not asked again.
        SweepReceipt raised = publisher.publish(facts(), judge(fleet(1_500, "2")));
        long asked = System.nanoTime();
        while (raised.getOversized() > 0 && System.nanoTime() - asked < 5_000_000_000L) {
            raised = publisher.publish(facts(), judge(fleet(1_500, "2")));
        }
        assertThat(raised.getPublished()).isEqualTo(1);
        assertThat(raised.getOversized()).isZero();
        assertThat(committed(TOPICS.rawApps().name()).stream().map(record -> record.key()))
                .contains(account + "/large");
    }

    @Test
    void whatCompressesIntoTheTopicsLimitIsPublished() throws Exception {
        allow(TOPICS.rawApps(), QUARTER);
        var shared = new SharedApps();
        var sweep = new AppsSweep();
        // Each row differs in its number only: 1.5 MB, and a tenth of that compressed.
        for (int row = 0; row < 5_000; row++) {
            sweep.add("large", shared.app(app(row + "x".repeat(290))), 1, 2, 3, 4);
        }
        sweep.walk().page(5_000, OptionalLong.empty());

        SweepReceipt receipt = publisher(1 << 20).publish(facts(), judge(sweep.seal()));

        assertThat(receipt.getPublished()).isEqualTo(1);
        assertThat(receipt.getOversized()).isZero();
    }

    @Test
    void aLedgerThatAllowsLessKeepsRowsInParts() throws Exception {
        allow(TOPICS.ledger(), RecordLimits.SMALLEST);
        var shared = new SharedApps();
        var sweep = new AppsSweep();
        // 20,000 identities of 8 bytes are 160 kB, which do not compress.
        for (int row = 0; row < 20_000; row++) {
            sweep.add("large", shared.app(app("a" + row)), 1, 2, 3, 4);
        }
        sweep.walk().page(20_000, OptionalLong.empty());
        AppsSweep sealed = sweep.seal();
        var first = publisher(1 << 20);
        assertThat(first.publish(facts(), judge(sealed)).getPublished()).isEqualTo(1);
        first.close();

        var second = publisher(1 << 20);
        SweepReceipt same = second.publish(facts(), judge(sealed));
        assertThat(same.getPublished()).isZero();
        assertThat(same.getUnchanged()).isEqualTo(1);

        allow(TOPICS.ledger(), RecordLimits.DEFAULT);
        second.close();
        var third = publisher(1 << 20);
        sweepWithOneRowMore(third);
        third.close();
        long rows = publisher(1 << 20)
                .ask(account, ledger -> (long) ledger.entry("large").apps().rows().length);
        assertThat(rows).isEqualTo(20_001);
    }

    private void sweepWithOneRowMore(SweepPublisher publisher) throws PublishException {
        var shared = new SharedApps();
        var sweep = new AppsSweep();
        for (int row = 0; row < 20_001; row++) {
            sweep.add("large", shared.app(app("a" + row)), 1, 2, 3, 5);
        }
        sweep.walk().page(20_001, OptionalLong.empty());
        assertThat(publisher.publish(facts(), judge(sweep.seal())).getPublished())
                .isEqualTo(1);
    }

    @Test
    void aTopicThatAllowsTooLittleIsNamedWithTheSettingUntilItIsRaised() throws Exception {
        allow(TOPICS.rawApps(), 10_000);
        assertThatThrownBy(() -> publisher(1 << 20))
                .isInstanceOf(TopicLimitException.class)
                .hasMessageContaining("kandji.raw.apps")
                .hasMessageContaining("10000")
                .hasMessageContaining("kafka.max_record_bytes")
                .hasMessageContaining("--add-config max.message.bytes=16777216");
        allow(TOPICS.rawApps(), RecordLimits.DEFAULT);
        assertThat(publisher(1 << 20).isOpen()).isTrue();
    }

    /** @param details of the fourth device, which its record holds twice: as fields, and within the row as received */
    private static DevicesSweep devices(String details) throws Exception {
        String rows = IntStream.range(0, 20)
                .mapToObj(i -> "{\"device_id\":\"d" + i + "\"," + (i == 3 ? details : "\"device_name\":\"Mac\"")
                        + ",\"platform\":\"Mac\",\"serial_number\":\"C0" + i + "\",\"user\":{\"id\":\"u" + i
                        + "\",\"email\":\"u" + i + "@acme.example\"}}")
                .collect(Collectors.joining(",", "[", "]"));
        DevicePage page = DeviceParser.parse(rows.getBytes(StandardCharsets.UTF_8), OptionalLong.empty(), 5);
        var sweep = new DevicesSweep();
        page.rows().forEach(sweep::add);
        page.unread().forEach(sweep::unread);
        sweep.walk().page(page.size(), OptionalLong.empty());
        return sweep;
    }

    private static String details(String text, int notes) {
        String field = "\":\"" + text + "\",\"";
        return "\"device_name" + field + "model" + field + "os_version" + field + "asset_tag" + field + "notes\":\""
                + "n".repeat(notes) + "\"";
    }

    private SweepReceipt sweepDevices(SweepPublisher publisher, DevicesSweep sweep) throws PublishException {
        SweepFacts ofDevices = facts(Ledger.DEVICES, System.currentTimeMillis());
        return publisher.publish(
                ofDevices,
                ledger -> DevicesJudge.judge(
                        ledger, sweep, EvidenceRules.DEFAULT, ofDevices.startedAt(), System.currentTimeMillis()));
    }

    /** Reasons told about a device, in order. */
    private List<String> unconfirmed(String deviceId) {
        return committed(TOPICS.unconfirmed().name()).stream()
                .filter(record -> record.key().equals(account + "/" + deviceId))
                .map(record -> AvroSerdes.deserializer(TOPICS.unconfirmed(), kafka)
                        .deserialize(record.topic(), record.value())
                        .getReason())
                .toList();
    }

    /** Topics as other services of the prefix know them, with a smaller limit for this poller alone. */
    @Test
    void aDeviceWhoseRecordIsTooLargeStaysAsPublishedAndCountsAsUnread() throws Exception {
        var small = new Topics(TOPICS.prefix(), RecordLimits.SMALLEST);
        var publisher = new SweepPublisher(
                small,
                kafka,
                SweepPublisher.partitionOf(account),
                System::currentTimeMillis,
                Alone.of(small, kafka),
                commandLog(),
                destinations(small),
                limits(small),
                1 << 20);
        publishers.add(publisher);
        publisher.open();
        sweepDevices(publisher, devices(details("Mac", 1)));

        SweepReceipt large = sweepDevices(publisher, devices(details("x".repeat(4_000), 45_000)));
        assertThat(large.getVerdict()).isEqualTo("COMPLETE");
        assertThat(large.getOversized()).isEqualTo(1);
        assertThat(large.getRetracted()).isZero();
        assertThat(large.getUnchanged()).isEqualTo(19);
        assertThat(large.getUnreadDevices()).singleElement().satisfies(device -> {
            assertThat(device.getDeviceId()).isEqualTo("d3");
            assertThat(device.getReason()).contains("kafka.max_record_bytes is 65536");
        });
        // These rows lack fields, which is told of every device.
        assertThat(unconfirmed("d3")).containsExactly("FIELDS", "UNREADABLE");
        assertThat(unconfirmed("d4")).containsExactly("FIELDS");

        // Told once, however often it is read.
        sweepDevices(publisher, devices(details("y".repeat(4_000), 45_000)));
        assertThat(unconfirmed("d3")).hasSize(2);

        SweepReceipt fits = sweepDevices(publisher, devices(details("Mac 2", 1)));
        assertThat(fits.getPublished()).isEqualTo(1);
        assertThat(fits.getOversized()).isZero();
        assertThat(unconfirmed("d3")).containsExactly("FIELDS", "UNREADABLE", "FIELDS");
    }
}
