package dev.kandjistream.posture.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.posture.domain.AccountState;
import dev.kandjistream.posture.domain.Outcome;
import dev.kandjistream.posture.domain.Policy;
import dev.kandjistream.posture.domain.Posture;
import dev.kandjistream.posture.domain.Question;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.policy.PolicyReader;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.schemas.SerialNumbers;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.sweeps.RawEndOffset;
import dev.kandjistream.unconfirmed.Unconfirmed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Random histories of a fleet whose rows are good, lose fields, cannot be read, are absent, are marked as removed, or are in
 * records that cannot be decoded. They are published like the poller does, one transaction for each sweep, and read topic by
 * topic in any interleaving. The expected answers come from the history alone.
 */
class ConfirmationLawsTest {
    private static final Topics TOPICS = new Topics("t");
    private static final String RAW = TOPICS.rawDevices().name();
    private static final String UNCONFIRMED = TOPICS.unconfirmed().name();
    private static final String SWEEPS = TOPICS.sweeps().name();
    private static final List<String> READ_TOPICS = List.of(RAW, UNCONFIRMED, SWEEPS);
    private static final int DEVICES = 3;
    private static final Instant START = Records.NOW;
    private static final Policy POLICY = new PolicyReader().read("""
                    rules:
                      - { name: no-mdm, outcome: deny, when: mdm_enabled == false }
                      - { name: not-theirs, outcome: deny, when: user_matches == false }
                      - { name: no-mac, outcome: deny, when: platform != "Mac" }
                      - { name: old, outcome: deny, when: os_version < "15.0 (a)" }
                      - { name: well, outcome: allow, when: connection == "available" }
                    """, "policy.yml");

    /** A device as the API has it; each field alone may forbid it. */
    private record Row(boolean mdm, boolean ada, boolean mac, boolean recent, boolean removed) {
        static Row of(Random random) {
            return new Row(mostly(random), mostly(random), mostly(random), mostly(random), !mostly(random));
        }

        boolean permits() {
            return mdm && ada && mac && recent && !removed;
        }

        private static boolean mostly(Random random) {
            return random.nextInt(8) > 0;
        }
    }

    /** Attributes that a typical policy reads, and one that it does not. */
    private static final List<String> FIELDS = List.of(
            "mdm_enabled", "user_id", "user_email", "platform", "os_version", "is_removed", "serial_number", "tags");

    /** Transactions, and the expected answers after each. */
    private static final class History {
        final Map<String, List<ConsumerRecord<byte[], byte[]>>> logs = new HashMap<>();
        /** Where each topic ends after each sweep; first before any. */
        final List<Map<String, Long>> ends = new ArrayList<>();
        /** By sweep and device. */
        final List<boolean[]> permitted = new ArrayList<>();

        private final Random random;
        private final RawDevice[] published = new RawDevice[DEVICES];

        History(Random random, int sweeps) {
            this.random = random;
            READ_TOPICS.forEach(topic -> logs.put(topic, new ArrayList<>()));
            ends.add(Map.of(RAW, 0L, UNCONFIRMED, 0L, SWEEPS, 0L));
            permitted.add(new boolean[DEVICES]);
            for (int sweep = 1; sweep <= sweeps; sweep++) {
                sweep(sweep);
            }
        }

        private void sweep(int sweep) {
            boolean[] right = permitted.get(sweep - 1).clone();
            for (int device = 0; device < DEVICES; device++) {
                if (random.nextInt(3) > 0) {
                    right[device] = row(device, published[device] == null ? 0 : random.nextInt(8));
                }
            }
            permitted.add(right);
            var receipt = Records.receipt(
                    "acme", "devices", "CONNECTED", confirmed(sweep), List.of(end(RAW), end(UNCONFIRMED)));
            add(SWEEPS, "acme/devices", receipt);
            ends.add(Map.of(RAW, size(RAW), UNCONFIRMED, size(UNCONFIRMED), SWEEPS, size(SWEEPS)));
        }

        /** @return whether the device may sign in now */
        private boolean row(int device, int kind) {
            String key = "acme/d" + device;
            Row row = Row.of(random);
            switch (kind) {
                case 3 -> {
                    return lost(device, row);
                }
                case 4 -> add(UNCONFIRMED, key, unconfirmed(device, "UNREADABLE", List.of()));
                case 5 ->
                    add(UNCONFIRMED, key, unconfirmed(device, random.nextBoolean() ? "ABSENT" : "REMOVED", List.of()));
                case 6 -> {
                    published[device] = null;
                    add(RAW, key, null);
                    add(UNCONFIRMED, key, null);
                }
                case 7 ->
                    logs.get(random.nextBoolean() ? RAW : UNCONFIRMED)
                            .add(new ConsumerRecord<>("", 0, 0, utf8(key), utf8("no avro")));
                default -> {
                    publish(device, raw(device, row).build());
                    add(UNCONFIRMED, key, null);
                    return row.permits();
                }
            }
            return false;
        }

        /** A row without some fields: their published values are kept, the other values are the row's. */
        private boolean lost(int device, Row row) {
            Set<String> lost = new TreeSet<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                lost.add(FIELDS.get(random.nextInt(FIELDS.size())));
            }
            var raw = raw(device, row);
            for (String field : lost) {
                var schema = RawDevice.getClassSchema().getField(field);
                Object kept = published[device].get(schema.pos());
                var edited = raw.build();
                edited.put(schema.pos(), kept);
                raw = RawDevice.newBuilder(edited);
            }
            if (random.nextBoolean()) {
                raw.setKeptFields(List.copyOf(lost));
            } else {
                raw.setUnreadFields(lost.stream()
                        .map(field -> field.replace("user_", "user."))
                        .toList());
            }
            publish(device, raw.build());
            add(UNCONFIRMED, "acme/d" + device, unconfirmed(device, "FIELDS", List.copyOf(lost)));
            return lost.equals(Set.of("tags")) && row.permits();
        }

        private void publish(int device, RawDevice raw) {
            published[device] = raw;
            add(RAW, "acme/d" + device, raw);
        }

        private RawEndOffset end(String topic) {
            return new RawEndOffset(topic, 0, size(topic));
        }

        private long size(String topic) {
            return logs.get(topic).size();
        }

        private void add(String topic, String key, SpecificRecord value) {
            logs.get(topic)
                    .add(new ConsumerRecord<>(
                            topic, 0, 0, utf8(key), value == null ? null : IntakeTest.Plain.bytes(value)));
        }
    }

    private final Intake intake = new Intake(
            TOPICS, Map.of("value.deserializer", IntakeTest.Plain.class.getName()), SerialNumbers.defaults());

    @Property(tries = 400)
    void nobodyIsLetInByWhatNewerFactsForbidInWhateverOrderTopicsAreRead(@ForAll long seed) {
        var random = new Random(seed);
        var history = new History(random, 1 + random.nextInt(8));
        var picture = new Picture(new Fleet(), new Accounts(Set.of(RAW, UNCONFIRMED), id -> Duration.ofDays(400)));
        Map<String, Long> positions = new HashMap<>(history.ends.get(0));
        Map<String, Long> all = history.ends.get(history.ends.size() - 1);
        while (!positions.equals(all)) {
            String topic = READ_TOPICS.get(random.nextInt(READ_TOPICS.size()));
            if (!positions.get(topic).equals(all.get(topic))) {
                read(
                        picture,
                        topic,
                        history.logs
                                .get(topic)
                                .get(positions.merge(topic, 1L, Long::sum).intValue() - 1));
            }
            boolean isAllRead = history.ends.contains(positions) && random.nextBoolean();
            long readUntil = isAllRead
                    ? System.nanoTime()
                    : System.nanoTime() - Duration.ofDays(1).toNanos();
            picture.accounts().settle(partition -> positions.get(partition.topic()), readUntil);
            picture.fleet().settle(readUntil);
            check(history, picture, positions);
        }
        picture.accounts().settle(partition -> positions.get(partition.topic()), System.nanoTime());
        picture.fleet().settle(System.nanoTime());
        for (int device = 0; device < DEVICES; device++) {
            assertThat(isAllowed(picture, device))
                    .as("device %d in the end", device)
                    .isEqualTo(history.permitted.get(history.permitted.size() - 1)[device]);
        }
    }

    /** If one topic is ahead of the other, a sweep between the two must have permitted it. */
    private static void check(History history, Picture picture, Map<String, Long> positions) {
        int first = Math.min(whole(history, RAW, positions), whole(history, UNCONFIRMED, positions));
        int last = Math.max(begun(history, RAW, positions), begun(history, UNCONFIRMED, positions));
        for (int device = 0; device < DEVICES; device++) {
            if (isAllowed(picture, device)) {
                int which = device;
                assertThat(history.permitted.subList(first, last + 1))
                        .as("device %d between sweeps %d and %d", device, first, last)
                        .anyMatch(permitted -> permitted[which]);
            }
        }
        long confirmed =
                picture.accounts().of("acme").map(AccountState::confirmedAt).orElse(Long.MIN_VALUE);
        assertThat(confirmed == Long.MIN_VALUE || confirmed <= confirmed(first).toEpochMilli())
                .as("an account is no younger than what has been read of both topics")
                .isTrue();
    }

    /** The latest sweep of which the topic has been read to the end. */
    private static int whole(History history, String topic, Map<String, Long> positions) {
        int sweep = 0;
        while (sweep + 1 < history.ends.size() && history.ends.get(sweep + 1).get(topic) <= positions.get(topic)) {
            sweep++;
        }
        return sweep;
    }

    /** The first sweep whose end is at or after the topic's read position. */
    private static int begun(History history, String topic, Map<String, Long> positions) {
        int sweep = whole(history, topic, positions);
        return history.ends.get(sweep).get(topic) < positions.get(topic) ? sweep + 1 : sweep;
    }

    private static Instant confirmed(int sweep) {
        return START.plusSeconds(60L * sweep);
    }

    private void read(Picture picture, String topic, ConsumerRecord<byte[], byte[]> record) {
        try {
            intake.take(new ConsumerRecord<>(topic, 0, 0, record.key(), record.value()), picture, picture, false);
        } catch (UnreadableRecordException undecodable) {
            assertThat(record.value()).isEqualTo(utf8("no avro"));
        }
    }

    private static boolean isAllowed(Picture picture, int device) {
        var serial = SerialNumber.of("SN-" + device).orElseThrow();
        var question = new Question(serial, Optional.of("macOS"), Optional.of("ada@acme.com"), Map.of());
        Posture posture = Posture.of(
                question,
                picture.sighting(serial),
                START.plus(Duration.ofHours(1)).toEpochMilli());
        return POLICY.judge(posture, Map.of()).outcome() == Outcome.ALLOW;
    }

    private static RawDevice.Builder raw(int device, Row row) {
        return Records.device("acme", "d" + device, "SN-" + device)
                .setMdmEnabled(row.mdm)
                .setUserId(row.ada ? "7" : "8")
                .setUserEmail(row.ada ? "ada@acme.com" : "bob@acme.com")
                .setPlatform(row.mac ? "Mac" : "Windows")
                .setOsVersion(row.recent ? "15.2" : "15.0")
                .setIsRemoved(row.removed);
    }

    private static Unconfirmed unconfirmed(int device, String reason, List<String> fields) {
        return Records.unconfirmed("acme", "d" + device, reason, fields);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
