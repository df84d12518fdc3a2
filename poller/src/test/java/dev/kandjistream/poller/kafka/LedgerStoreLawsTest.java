package dev.kandjistream.poller.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.poller.domain.AppsMemory;
import dev.kandjistream.poller.domain.DeviceMemory;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.LedgerEntry;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Topics;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** Whatever becomes of devices, what is read back is what was written, whether the topic was compacted meanwhile or not. */
class LedgerStoreLawsTest {
    private static final String ACCOUNT = "acme";
    private static final String SWEEP_ID = "01a22cbd-7bf7-77d7-a494-b51a22c98135";
    /** Room for a hundred rows. */
    private static final int LIMIT = (2 << 10) + 801;

    private final Topics topics = new Topics("kandji.");
    private final List<ConsumerRecord<String, byte[]>> log = new ArrayList<>();
    private final Map<String, LedgerEntry> truth = new TreeMap<>();
    private LedgerStore store = opened();

    private LedgerStore opened() {
        return new LedgerStore(topics, 7, Map.of(), new RecordLimits(LIMIT, List.of(), Map.of()));
    }

    private void write(ProducerRecord<String, byte[]> record) {
        log.add(new ConsumerRecord<>(
                "ledger",
                7,
                log.size(),
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                record.key(),
                record.value(),
                record.headers(),
                Optional.empty()));
    }

    /** As a transaction does it. @return how many records it took */
    private int put(String deviceId, LedgerEntry after) {
        int before = log.size();
        int bucket = Ledger.bucketOf(deviceId);
        LedgerEntry known = truth.getOrDefault(deviceId, LedgerEntry.EMPTY);
        if (after.isEmpty()) {
            truth.remove(deviceId);
        } else {
            truth.put(deviceId, after);
        }
        if (store.isFormer(ACCOUNT, bucket)) {
            write(store.leave(ACCOUNT, bucket, SWEEP_ID));
            truth.forEach((id, entry) -> {
                if (Ledger.bucketOf(id) == bucket) {
                    store.device(ACCOUNT, id, LedgerEntry.EMPTY, entry, SWEEP_ID)
                            .forEach(this::write);
                }
            });
        } else {
            store.device(ACCOUNT, deviceId, known, after, SWEEP_ID).forEach(this::write);
        }
        return log.size() - before;
    }

    private static LedgerReading reading(List<ConsumerRecord<String, byte[]>> records) {
        var reading = new LedgerReading(new SweepIds());
        records.forEach(reading::add);
        return reading;
    }

    private static Map<String, LedgerEntry> entries(LedgerReading reading) {
        var entries = new TreeMap<String, LedgerEntry>();
        Ledger ledger = reading.ledgers().getOrDefault(ACCOUNT, new Ledger());
        for (int bucket = 0; bucket < Ledger.BUCKETS; bucket++) {
            entries.putAll(ledger.bucket(bucket));
        }
        return entries;
    }

    private List<ConsumerRecord<String, byte[]>> compacted(boolean tombstones) {
        var latest = new LinkedHashMap<String, ConsumerRecord<String, byte[]>>();
        log.forEach(record -> {
            latest.remove(record.key());
            latest.put(record.key(), record);
        });
        return latest.values().stream()
                .filter(record -> tombstones || record.value() != null)
                .toList();
    }

    private static DeviceMemory device(Random random, long details) {
        var user = random.nextBoolean() ? new AssignedUser("u" + random.nextInt(5), null, null, false) : null;
        return new DeviceMemory(
                details, details / 100, 3, user, "Mac", "S" + random.nextInt(9), false, List.of(), 0, false, 0, 0);
    }

    private static AppsMemory apps(Random random) {
        long[] rows = random.longs(random.nextInt(3) == 0 ? random.nextInt(350) : random.nextInt(4))
                .sorted()
                .distinct()
                .toArray();
        return new AppsMemory(random.nextInt(5), rows, random.nextInt(9), random.nextInt(4) == 0, null);
    }

    private static LedgerEntry entry(Random random) {
        return new LedgerEntry(
                random.nextInt(5) == 0 ? null : device(random, random.nextInt(1000)),
                random.nextInt(3) == 0 ? null : apps(random),
                new LedgerEntry.Owed(random.nextInt(4) == 0, false, false, random.nextInt(2)));
    }

    @Property(tries = 300, seed = "41", shrinking = ShrinkingMode.OFF)
    void whatIsReadIsWhatWasWritten(@ForAll long seed) throws IOException {
        // One instance serves all tries.
        log.clear();
        truth.clear();
        store = opened();
        var random = new Random(seed);
        for (int bucket = random.nextInt(4); bucket > 0; bucket--) {
            formerly(random);
        }
        store.take(reading(log));
        for (int step = 0; step < 40; step++) {
            String deviceId = "device-" + random.nextInt(12);
            put(deviceId, random.nextInt(4) == 0 ? LedgerEntry.EMPTY : entry(random));
            assertThat(entries(reading(log))).isEqualTo(truth);
            assertThat(entries(reading(compacted(true)))).isEqualTo(truth);
            assertThat(entries(reading(compacted(false)))).isEqualTo(truth);
            if (random.nextInt(10) == 0) {
                // Another owner, which knows no more than is written.
                store = opened();
                store.take(reading(compacted(random.nextBoolean())));
            }
        }
    }

    /** A bucket of one or two devices as 0.1.0 wrote it. */
    private void formerly(Random random) throws IOException {
        String deviceId = "device-" + random.nextInt(12);
        int bucket = Ledger.bucketOf(deviceId);
        var device = DeviceMemory.former(random.nextLong(), 5, null, List.of());
        long[] rows = random.longs(5).sorted().toArray();
        var apps = new AppsMemory(8, rows, 9, true, null);
        truth.keySet().removeIf(id -> Ledger.bucketOf(id) == bucket);
        truth.put(deviceId, new LedgerEntry(device, apps, new LedgerEntry.Owed(false, false, true, 0)));
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(2);
            out.writeInt(1);
            byte[] id = deviceId.getBytes(StandardCharsets.UTF_8);
            out.writeInt(id.length);
            out.write(id);
            out.writeByte(1 + 8);
            out.writeLong(device.details());
            out.writeLong(5);
            out.writeLong(8);
            out.writeLong(9);
            out.writeInt(rows.length);
            for (long row : rows) {
                out.writeLong(row);
            }
        }
        write(new ProducerRecord<>("ledger", 7, ACCOUNT + String.format("/%02x", bucket), bytes.toByteArray()));
    }

    /** A full check-in of a fleet an hour would be most of what the ledger writes. */
    @Test
    void aCheckInAloneIsNotWritten() {
        var random = new Random(1);
        var apps = new AppsMemory(1, new long[] {1, 2, 3}, 4, null);
        put("device-1", new LedgerEntry(device(random, 500), apps));
        DeviceMemory known = truth.get("device-1").device();
        var later = new DeviceMemory(
                501, 5, 3, known.holder(), known.platform(), known.serial(), false, List.of(), 0, false, 0, 0);
        assertThat(put("device-1", new LedgerEntry(later, apps))).isZero();
        var other = new DeviceMemory(
                501, 6, 3, known.holder(), known.platform(), known.serial(), false, List.of(), 0, false, 0, 0);
        assertThat(put("device-1", new LedgerEntry(other, apps)))
                .as("the row, and not its apps")
                .isEqualTo(1);
    }

    @Test
    void aReportOfTheSameAppsDoesNotWriteTheirIdentities() {
        put("device-1", new LedgerEntry(null, new AppsMemory(1, new long[] {1, 2, 3}, 4, null)));
        assertThat(put("device-1", new LedgerEntry(null, new AppsMemory(1, new long[] {1, 2, 3}, 5, null))))
                .isEqualTo(1);
        assertThat(log.get(2).value().length).isLessThan(40);
    }

    @Test
    void missingRowsAreNotMistakenForFewer() {
        put("device-1", new LedgerEntry(null, new AppsMemory(1, new long[] {1, 2, 3}, 4, null)));
        LedgerReading reading = reading(log.subList(0, 1));
        assertThat(reading.isDamaged()).isTrue();
        assertThat(reading.damaged().get(ACCOUNT)).containsOnlyKeys("device-1");
        assertThat(entries(reading)).isEmpty();
    }

    @Test
    void devicesWithoutStateAreDamage() {
        put("device-1", new LedgerEntry(device(new Random(1), 5), null));
        assertThat(reading(log).isDamaged()).isTrue();
        assertThat(reading(log).hasState(ACCOUNT)).isFalse();
        write(store.state(ACCOUNT, new Ledger(), SWEEP_ID));
        assertThat(reading(log).isDamaged()).isFalse();
        assertThat(reading(log).hasState(ACCOUNT)).isTrue();
    }
}
