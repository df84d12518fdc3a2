package dev.kandjistream.poller.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.AppsJudge;
import dev.kandjistream.poller.domain.CompleteSweeps;
import dev.kandjistream.poller.domain.Decision;
import dev.kandjistream.poller.domain.DevicesJudge;
import dev.kandjistream.poller.domain.EvidenceRules;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.Verdict;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Sound pages of a small fleet, spoilt by chance, through the real client and walks to the real judges. The seeds are fixed,
 * so that a build tells the same every time; {@code -Dfuzz.seed=N} plays one alone.
 */
class FuzzedAnswersTest {
    private static final int DEVICES = 12;
    private static final int SEEDS = 250;

    /** What may stand where a value should. None of it says that a user, a device or an app is gone. */
    private static final List<String> VALUES = List.of(
            "17",
            "-0",
            "1e999",
            "-1e-999",
            "99999999999999999999999",
            "[1,[2]]",
            "{\"a\":{\"b\":null}}",
            "\"\\u0000\"",
            "\"\\ud83d\"",
            "\"x\\u0000\\u001b\"",
            "\"%2F/../\"",
            "\"<html>\"",
            "7".repeat(300),
            "\"" + "y".repeat(9_000) + "\"",
            "\"" + "z".repeat(100_000) + "\"",
            "[".repeat(100) + "]".repeat(100),
            "[".repeat(2_000) + "]".repeat(2_000));

    private static final List<String> DEVICE_FIELDS = List.of(
            "device_id",
            "device_name",
            "serial_number",
            "platform",
            "last_check_in",
            "asset_tag",
            "mdm_enabled",
            "is_missing",
            "is_removed",
            "tags",
            "first_enrollment",
            "lost_mode_status",
            "some_new_field");
    private static final List<String> APP_FIELDS = List.of(
            "device_id",
            "version",
            "short_version",
            "developer_name",
            "category",
            "created_at",
            "updated_at",
            "last_collected_at",
            "count",
            "info",
            "some_new_field");

    private final Ledger ledger = new Ledger();
    private HostileApi api;

    @BeforeEach
    void publishAFleet() throws Exception {
        api = new HostileApi(answer(bytes(devices(devices()))));
        assertThat(sweepDevices().outcome()).isEqualTo(Verdict.Outcome.COMPLETE);
        api.answers(answer(bytes(apps(apps()))));
        assertThat(sweepApps().outcome()).isEqualTo(Verdict.Outcome.COMPLETE);
        ledger.complete(Ledger.DEVICES, new CompleteSweeps(true, 1, "first"));
        ledger.complete(Ledger.APPS, new CompleteSweeps(true, 1, "first"));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    /** The first page is this one; after it come empty ones of either kind. */
    private static HostileApi.Page answer(byte[] body) {
        return (request, out) -> {
            if (request == 0) {
                out.write(body);
            } else {
                out.text("[]");
            }
        };
    }

    private Verdict sweepDevices() throws InterruptedException {
        var sweep = new DevicesWalk(api.client(), (rows, total) -> {}).read().sweep();
        return remember(DevicesJudge.judge(ledger, sweep, EvidenceRules.DEFAULT, now()));
    }

    private Verdict sweepApps() throws InterruptedException {
        var sweep = new AppsWalk(api.client(), (rows, total) -> {}).read().sweep();
        return remember(AppsJudge.judge(ledger, sweep, EvidenceRules.DEFAULT, now()));
    }

    private long now() {
        return api.clock.now().toEpochMilli();
    }

    private Verdict remember(Verdict verdict) {
        for (Decision decision : verdict.decisions()) {
            boolean refused = decision.publication() instanceof Decision.Apps apps
                    && apps.apps().overflowed();
            if (!refused) {
                ledger.put(decision.deviceId(), decision.after());
            }
        }
        return verdict;
    }

    private static List<List<String>> devices() {
        var rows = new ArrayList<List<String>>();
        for (int i = 0; i < DEVICES; i++) {
            String id = "\"d" + i + "\"";
            rows.add(new ArrayList<>(List.of(
                    "\"device_id\":" + id,
                    "\"platform\":\"Mac\"",
                    "\"user\":{\"id\":" + id + "}",
                    "\"is_removed\":false")));
        }
        return rows;
    }

    private static List<List<String>> apps() {
        var rows = new ArrayList<List<String>>();
        for (int i = 0; i < DEVICES * 3; i++) {
            rows.add(new ArrayList<>(List.of(
                    "\"device_id\":\"d" + i / 3 + "\"",
                    "\"name\":\"app" + i % 3 + "\"",
                    "\"bundle_id\":\"b" + i % 3 + "\"",
                    "\"version\":\"1\"",
                    "\"last_collected_at\":\"2025-01-01T00:00:00Z\"")));
        }
        return rows;
    }

    private static String devices(List<List<String>> rows) {
        return "[" + objects(rows) + "]";
    }

    private static String apps(List<List<String>> rows) {
        return "{\"total\":" + rows.size() + ",\"data\":[" + objects(rows) + "],\"cursor\":null}";
    }

    private static String objects(List<List<String>> rows) {
        return String.join(
                ",", rows.stream().map(row -> "{" + String.join(",", row) + "}").toList());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A field of some row says something else, once more or instead. */
    private static void spoil(List<List<String>> rows, List<String> fields, Random random) {
        List<String> row = rows.get(random.nextInt(rows.size()));
        String field = "\"" + fields.get(random.nextInt(fields.size())) + "\":";
        if (random.nextBoolean()) {
            row.removeIf(old -> old.startsWith(field));
        }
        String value = VALUES.get(random.nextInt(VALUES.size()));
        // Any sound text is an id, and a device of that name another one.
        boolean otherDevice = field.startsWith("\"device_id") && value.matches("17|-0|\"%.*|\"<html.*|-?1e-?9.*|9+");
        row.add(random.nextInt(row.size() + 1), field + (otherDevice ? "null" : value));
    }

    private interface Play {
        void of(long seed, Random random) throws Exception;
    }

    private void eachSeed(Play play) {
        Long one = Long.getLong("fuzz.seed");
        Stream<Long> seeds = one == null ? Stream.iterate(0L, seed -> seed + 1).limit(SEEDS) : Stream.of(one);
        seeds.forEach(seed -> {
            try {
                play.of(seed, new Random(seed));
            } catch (Exception | Error broken) {
                throw new AssertionError("-Dfuzz.seed=" + seed + " plays it again: " + broken, broken);
            }
        });
    }

    private static void assertHarmless(Verdict verdict) {
        assertThat(verdict.retracted()).as(verdict.reason()).isZero();
        assertThat(verdict.reason() == null ? 0 : verdict.reason().length()).isLessThan(1_000);
    }

    @Test
    void aSpoiltFieldTakesNoDeviceAndNoSeat() {
        assertNothingIsTaken(DEVICE_FIELDS);
    }

    @Test
    void neitherDoesASpoiltUser() {
        assertNothingIsTaken(List.of("user", "is_removed", "user", "platform"));
    }

    private void assertNothingIsTaken(List<String> fields) {
        eachSeed((seed, random) -> {
            List<List<String>> rows = devices();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                spoil(rows, fields, random);
            }
            for (int sweep = 0; sweep < 3; sweep++) {
                api.answers(answer(bytes(devices(rows))));
                assertHarmless(sweepDevices());
                assertThat(api.requests.get()).isLessThanOrEqualTo(3);
            }
        });
    }

    @Test
    void aSpoiltFieldTakesNoApp() {
        eachSeed((seed, random) -> {
            List<List<String>> rows = apps();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                spoil(rows, APP_FIELDS, random);
            }
            for (int sweep = 0; sweep < 3; sweep++) {
                api.answers(answer(bytes(apps(rows))));
                assertHarmless(sweepApps());
                assertThat(api.requests.get()).isLessThanOrEqualTo(3);
            }
        });
    }

    @Test
    void aCutBodyTakesNothing() {
        eachSeed((seed, random) -> {
            byte[] listed = bytes(devices(devices()));
            byte[] rows = bytes(apps(apps()));
            byte[] cutList = java.util.Arrays.copyOf(listed, random.nextInt(listed.length));
            byte[] cutRows = java.util.Arrays.copyOf(rows, random.nextInt(rows.length));
            // Every attempt gets the same.
            api.answers((request, out) -> out.write(cutList));
            assertThat(sweepDevices().outcome()).isEqualTo(Verdict.Outcome.INCOMPLETE);
            api.answers((request, out) -> out.write(cutRows));
            assertThat(sweepApps().outcome()).isEqualTo(Verdict.Outcome.INCOMPLETE);
            assertThat(api.requests.get()).isEqualTo(3);
        });
    }

    /** What such a body says may by chance be anything; that it is read to an end must not be. */
    @Test
    void bytesOfAnyKindEndInAVerdict() {
        eachSeed((seed, random) -> {
            byte[] listed = spoilBytes(bytes(devices(devices())), random);
            byte[] rows = spoilBytes(bytes(apps(apps())), random);
            api.answers((request, out) -> out.write(listed));
            assertThat(sweepDevices().outcome()).isNotNull();
            api.answers((request, out) -> out.write(rows));
            assertThat(sweepApps().outcome()).isNotNull();
            assertThat(api.requests.get()).isLessThanOrEqualTo(6);
        });
    }

    private static byte[] spoilBytes(byte[] body, Random random) {
        byte[] signs = bytes("{}[]\",:\\u0\u00e9 \n1e-");
        var spoilt = new ByteArrayOutputStream();
        for (byte b : body) {
            switch (random.nextInt(400)) {
                case 0 -> spoilt.write(random.nextInt(256));
                case 1 -> spoilt.write(signs[random.nextInt(signs.length)]);
                case 2 -> {
                    int from = random.nextInt(body.length);
                    spoilt.write(body, from, Math.min(body.length - from, random.nextInt(200)));
                }
                case 3 -> {}
                default -> spoilt.write(b);
            }
        }
        return spoilt.toByteArray();
    }
}
