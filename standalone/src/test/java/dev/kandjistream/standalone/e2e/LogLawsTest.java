package dev.kandjistream.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The judge of the log sees every kind of breach, in a log that is lawful but for it. */
class LogLawsTest {
    private static final Instant T = Instant.parse("2026-01-05T08:00:00Z");

    private static final String UUID = "00000000-0000-8000-8000-00000000000";

    /** A seat found, handed on, renamed and revoked; one more that is news. */
    private static List<Logged> lawful() {
        return new ArrayList<>(List.of(
                event(0, "d1", "license.assigned", "r", "BASELINE", null, seat("d1", "a@x", "one", null)),
                event(
                        1,
                        "d1",
                        "license.reassigned",
                        "u",
                        "USER_ASSIGNED",
                        seat("d1", "a@x", "one", null),
                        seat("d1", "b@x", "one", T)),
                event(
                        2,
                        "d1",
                        "license.updated",
                        "u",
                        "DEVICE_CHANGED",
                        seat("d1", "b@x", "one", T),
                        seat("d1", "b@x", "two", T)),
                event(3, "d1", "license.revoked", "d", "USER_UNASSIGNED", seat("d1", "b@x", "two", T), null),
                nothing(4, "d1"),
                event(5, "d2", "license.assigned", "c", "DEVICE_ENROLLED", null, seat("d2", "a@x", "one", T))));
    }

    private static Map<String, Object> seat(String device, String email, String name, Instant since) {
        var seat = new TreeMap<String, Object>();
        seat.put("account_id", "acme");
        seat.put("device_id", device);
        seat.put("user_id", "u-" + email);
        seat.put("user_email", email);
        seat.put("device_name", name);
        seat.put("assigned_at", since);
        return seat;
    }

    private static Logged event(
            long offset,
            String device,
            String type,
            String op,
            String cause,
            Map<String, Object> before,
            Map<String, Object> after) {
        String id = UUID + offset;
        var source = new TreeMap<String, Object>(
                Map.of("version", "0", "connector", "kandji", "name", "kandji", "db", "acme", "table", "licenses"));
        source.put("snapshot", String.valueOf(cause.equals("BASELINE")));
        source.put("sweep_id", "sweep");
        source.put("ts_ms", T.toEpochMilli());
        var envelope = new TreeMap<String, Object>();
        envelope.put("before", before);
        envelope.put("after", after);
        envelope.put("op", op);
        envelope.put("event_type", type);
        envelope.put("cause", cause);
        envelope.put("event_id", id);
        envelope.put("ts_ms", T.toEpochMilli() + 5);
        envelope.put("observed_at", T);
        envelope.put("source", source);
        var headers = new TreeMap<>(Map.of(
                "ce_specversion",
                "1.0",
                "ce_id",
                id,
                "ce_source",
                "/kandji/acme",
                "ce_type",
                "dev.kandjistream." + type,
                "ce_subject",
                "acme/" + device,
                "ce_time",
                T.toString()));
        return new Logged("kandji.licenses", 0, offset, T.plusMillis(5), "acme/" + device, headers, envelope);
    }

    private static Logged nothing(long offset, String device) {
        return new Logged("kandji.licenses", 0, offset, T, "acme/" + device, new TreeMap<>(), null);
    }

    private static List<String> broken(List<Logged> log) {
        return LogLaws.brokenBy(log, "kandji", Set.of("sweep"));
    }

    private static List<String> brokenWhere(int at, Consumer<Logged> lie) {
        List<Logged> log = lawful();
        lie.accept(log.get(at));
        return broken(log);
    }

    @Test
    void aLawfulLogBreaksNothing() {
        assertThat(broken(lawful())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1, cause, WHIM",
        "1, cause, BASELINE",
        "0, cause, USER_ASSIGNED",
        "0, op, c",
        "5, op, r",
        "5, op, x",
        "1, event_type, license.updated",
        "2, event_type, license.reassigned",
        "3, event_type, license.updated",
        "5, event_type, usage.started",
        "5, event_id, 00000000-0000-8000-8000-000000000000"
    })
    void aWrongWordIsABreach(int at, String field, String word) {
        assertThat(brokenWhere(at, record -> record.value().put(field, word))).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "connector, debezium",
        "name, other",
        "db, globex",
        "table, usage",
        "sweep_id, unknown",
        "snapshot, true"
    })
    void aWrongSourceIsABreach(String field, String word) {
        assertThat(brokenWhere(5, record -> record.source().put(field, word))).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ce_specversion", "ce_id", "ce_source", "ce_type", "ce_subject", "ce_time"})
    void aHeaderThatIsMissingIsABreach(String header) {
        assertThat(brokenWhere(5, record -> record.headers().remove(header))).isNotEmpty();
    }

    @Test
    void aHeaderOnANullRecordIsABreach() {
        assertThat(brokenWhere(4, record -> record.headers().put("ce_id", "x"))).isNotEmpty();
    }

    @Test
    void anEventThatIsLostDoubledOrOutOfOrderIsABreach() {
        for (int lost : new int[] {1, 2, 3, 4}) {
            List<Logged> log = lawful();
            log.remove(lost);
            assertThat(broken(log)).as("without %d", lost).isNotEmpty();
        }
        List<Logged> doubled = lawful();
        doubled.add(2, doubled.get(1));
        assertThat(broken(doubled)).isNotEmpty();
        List<Logged> swapped = lawful();
        swapped.add(1, swapped.remove(2));
        assertThat(broken(swapped)).isNotEmpty();
    }

    @Test
    void aBaselineAfterNewsIsABreach() {
        List<Logged> log = lawful();
        log.addAll(Arrays.asList(
                event(6, "d2", "license.revoked", "d", "DEVICE_REMOVED", seat("d2", "a@x", "one", T), null),
                nothing(7, "d2"),
                event(8, "d2", "license.assigned", "r", "BASELINE", null, seat("d2", "a@x", "one", null))));
        assertThat(broken(log)).singleElement().asString().contains("r never follows c");
    }

    /** The seat of d2, which stands, is published again. */
    private static Logged replayed(long offset, String id) {
        Logged record = event(offset, "d2", "license.updated", "r", "REPLAY", null, seat("d2", "a@x", "one", T));
        record.source().put("snapshot", "true");
        record.source().put("sweep_id", "replay");
        record.value().put("event_id", id);
        record.headers().put("ce_id", id);
        return record;
    }

    private static List<Logged> withReplays() {
        List<Logged> log = lawful();
        log.add(replayed(6, UUID + "6"));
        log.add(replayed(7, UUID + "6"));
        log.add(event(
                8,
                "d2",
                "license.updated",
                "u",
                "DEVICE_CHANGED",
                seat("d2", "a@x", "one", T),
                seat("d2", "a@x", "two", T)));
        return log;
    }

    private static List<String> brokenByReplay(Consumer<Logged> lie) {
        List<Logged> log = withReplays();
        lie.accept(log.get(6));
        return broken(log);
    }

    @Test
    void aReplayAddsNothingToTheChain() {
        assertThat(broken(withReplays())).isEmpty();
        assertThat(broken(List.of(replayed(0, UUID + "6"))))
                .as("a topic that was created again")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "op, u",
        "op, c",
        "event_type, license.assigned",
        "event_type, license.reassigned",
        "event_type, device.updated"
    })
    void aReplayOfAnotherWordIsABreach(String field, String word) {
        assertThat(brokenByReplay(record -> record.value().put(field, word))).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"sweep_id, sweep", "snapshot, false"})
    void aReplayWithTheSourceOfAnEventIsABreach(String field, String word) {
        assertThat(brokenByReplay(record -> record.source().put(field, word))).isNotEmpty();
    }

    @Test
    void aReplayOfAnotherStateThanStandsIsABreach() {
        assertThat(brokenByReplay(record -> record.after().put("device_name", "other")))
                .anyMatch(law -> law.contains("state that stands"));
        assertThat(brokenByReplay(record -> record.value().put("before", record.after())))
                .isNotEmpty();
        List<Logged> ended = lawful();
        ended.add(event(6, "d2", "license.revoked", "d", "DEVICE_REMOVED", seat("d2", "a@x", "one", T), null));
        ended.add(nothing(7, "d2"));
        ended.add(replayed(8, UUID + "8"));
        assertThat(broken(ended))
                .as("a seat that has ended")
                .singleElement()
                .asString()
                .contains("state that stands");
    }

    @Test
    void aReplayHasTheSameIdEachTimeAndNoOtherHasIt() {
        List<Logged> another = withReplays();
        another.set(7, replayed(7, UUID + "7"));
        assertThat(broken(another)).singleElement().asString().contains("equal states have equal ids");

        List<Logged> ofAnEvent = withReplays();
        ofAnEvent.set(6, replayed(6, UUID + "5"));
        ofAnEvent.set(7, replayed(7, UUID + "5"));
        assertThat(broken(ofAnEvent)).anyMatch(law -> law.contains("has no event's id"));

        List<Logged> ofAnotherState = withReplays();
        Logged changed = event(9, "d2", "license.updated", "r", "REPLAY", null, seat("d2", "a@x", "two", T));
        changed.source().put("snapshot", "true");
        changed.source().put("sweep_id", "replay");
        changed.value().put("event_id", UUID + "6");
        changed.headers().put("ce_id", UUID + "6");
        ofAnotherState.add(changed);
        assertThat(broken(ofAnotherState)).singleElement().asString().contains("equal ids are of equal states");
    }

    @Test
    void aSeatWithTheWrongBeginningIsABreach() {
        assertThat(brokenWhere(0, record -> record.after().put("assigned_at", T)))
                .isNotEmpty();
        assertThat(brokenWhere(5, record -> record.after().put("assigned_at", null)))
                .isNotEmpty();
        assertThat(brokenWhere(2, record -> record.after().put("assigned_at", T.plusSeconds(1))))
                .isNotEmpty();
    }
}
