package dev.kandjistream.poller.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.CompleteSweeps;
import dev.kandjistream.poller.domain.Decision;
import dev.kandjistream.poller.domain.DevicesJudge;
import dev.kandjistream.poller.domain.EvidenceRules;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.Unconfirmed;
import dev.kandjistream.poller.domain.Verdict;
import dev.kandjistream.poller.domain.Verdict.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lists in which a row stands where the row of another device should be. All 330 devices with users that were published
 * still exist, so nothing may end, whatever the list shows instead of some of them.
 */
class MisplacedDevicesTest {
    private static final int FLEET = 330;
    private static final EvidenceRules RULES = EvidenceRules.DEFAULT;

    private final Ledger ledger = new Ledger();
    private HostileApi api;

    @BeforeEach
    void publishAFleet() throws Exception {
        api = new HostileApi((request, out) -> out.text("[]"));
        lists(fleet(), 300);
        assertThat(sweep().outcome()).isEqualTo(Outcome.COMPLETE);
        ledger.complete(Ledger.DEVICES, new CompleteSweeps(true, 1, "first"));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static String id(int device) {
        return String.format("d%03d", device);
    }

    private static String row(int device) {
        return row(device, "\"mdm_enabled\":true,\"last_check_in\":\"2026-03-01T12:00:00Z\"");
    }

    private static String row(int device, String more) {
        return "{\"device_id\":\"" + id(device) + "\",\"device_name\":\"Mac\",\"serial_number\":\"SN" + device
                + "\",\"platform\":\"Mac\",\"is_removed\":false,\"user\":{\"id\":\"u" + device
                + "\",\"email\":\"u" + device + "@acme.example\"}," + more + "}";
    }

    private static List<String> fleet() {
        return new ArrayList<>(
                IntStream.range(0, FLEET).mapToObj(MisplacedDevicesTest::row).toList());
    }

    /** Pages of so many of these rows, and then an empty one. */
    private void lists(List<String> rows, int pageSize) {
        pages(IntStream.range(0, (rows.size() + pageSize - 1) / pageSize)
                .mapToObj(page -> rows.subList(page * pageSize, Math.min(rows.size(), (page + 1) * pageSize)))
                .toList());
    }

    private void pages(List<List<String>> pages) {
        api.answers((request, out) ->
                out.text(request < pages.size() ? pages.get(request).toString() : "[]"));
    }

    private Verdict sweep() throws InterruptedException {
        var sweep = new DevicesWalk(api.client(), (rows, total) -> {}).read().sweep();
        Verdict verdict =
                DevicesJudge.judge(ledger, sweep, RULES, api.clock.now().toEpochMilli());
        verdict.decisions().forEach(decision -> ledger.put(decision.deviceId(), decision.after()));
        return verdict;
    }

    /** @return the first of three sweeps of the same list, none of which takes anything away */
    private Verdict assertNothingEnds(List<String> rows, int pageSize) throws InterruptedException {
        Verdict first = null;
        for (int i = 0; i < 3; i++) {
            lists(rows, pageSize);
            Verdict verdict = sweep();
            assertThat(verdict.retracted()).isZero();
            first = first == null ? verdict : first;
        }
        return first;
    }

    private static Unconfirmed.Reason unconfirmed(Verdict verdict, String deviceId) {
        return verdict.decisions().stream()
                .filter(decision -> decision.deviceId().equals(deviceId) && decision.unconfirmed() != null)
                .map(decision -> decision.unconfirmed().reason())
                .findFirst()
                .orElse(null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"device_id\":\"d000\"}",
                "{\"device_id\":\"D000\"}",
                "{\"device_id\":\"d000\",\"user\":5,\"platform\":{\"a\":1}}",
                "{\"device_id\":\"d000\",\"some_new_field\":1}",
                "{\"device_id\":\"d000\",\"device_name\":\"Mac\"}",
            })
    void aSecondRowOfADeviceOnItsPageMayStandInThePlaceOfAnother(String second) throws Exception {
        for (int place : new int[] {20, 0}) {
            List<String> rows = fleet();
            rows.set(20, place == 20 ? second : rows.get(0));
            rows.set(0, place == 20 ? rows.get(0) : second);
            Verdict verdict = assertNothingEnds(rows, 300);
            assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(unconfirmed(verdict, "d020")).isIn(Unconfirmed.Reason.ABSENT, null);
            assertThat(verdict.reason()).contains("1 unusable rows");
        }
    }

    @Test
    void aRowThatCannotBeReadAndComesTwiceMayStandInThePlaceOfAnother() throws Exception {
        List<String> rows = fleet();
        rows.set(2, "{\"device_id\":\"d002\"}");
        rows.set(20, "{\"device_id\":\"d002\"}");
        assertThat(assertNothingEnds(rows, 300).outcome()).isEqualTo(Outcome.COMPLETE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"device_id\":\"no-known-one\"}",
                "{\"device_id\":\"no-known-one\",\"user\":7,\"serial_number\":{}}",
                "{\"device_id\":\"no-known-one\",\"device_name\":\"Mac\",\"tags\":[]}",
            })
    void aRowOfAnUnknownDeviceThatSaysNothingOfItMayStandInThePlaceOfAnother(String unknown) throws Exception {
        List<String> rows = fleet();
        rows.set(20, unknown);
        assertThat(assertNothingEnds(rows, 300).outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(unconfirmed(assertNothingEnds(rows, 300), "d020")).isNull();
    }

    /** What the baseline could not read was there, so it stands in nobody's place. */
    @Test
    void aRowThatTheBaselineCouldNotReadEither() throws Exception {
        var other = new Ledger();
        List<String> rows = fleet();
        rows.set(5, "{\"device_id\":\"d005\"}");
        for (int i = 0; i < 4; i++) {
            if (i == 2) {
                rows.remove(7);
            }
            lists(rows, 300);
            var sweep =
                    new DevicesWalk(api.client(), (read, total) -> {}).read().sweep();
            Verdict verdict = DevicesJudge.judge(other, sweep, RULES, 1);
            verdict.decisions().forEach(decision -> other.put(decision.deviceId(), decision.after()));
            other.complete(Ledger.DEVICES, new CompleteSweeps(true, 1, "first"));
            assertThat(verdict.retracted()).isEqualTo(i == 3 ? 1 : 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,310,300", "0,45,20", "44,61,25", "299,315,300", "7,311,299", "19,320,299", "0,64,64", "5,329,10"})
    void aDeviceOfAnEarlierPageInThePlaceOfAnotherIsASignOfShiftedPages(int first, int instead, int pageSize)
            throws Exception {
        for (String again : List.of(row(first), "{\"device_id\":\"" + id(first) + "\"}")) {
            List<String> rows = fleet();
            rows.set(instead, again);
            Verdict verdict = assertNothingEnds(rows, pageSize);
            assertThat(verdict.outcome()).isEqualTo(Outcome.INCOMPLETE);
            assertThat(verdict.reason()).contains("listed twice");
        }
    }

    /** Page 1 is one row short; page 2 begins behind it, and has rows of its start instead of two others. */
    @Test
    void aShortPageForgivesNoRepeatsFromItsStart() throws Exception {
        List<String> rows = fleet();
        rows.set(320, row(5));
        rows.set(321, row(6));
        assertThat(assertNothingEnds(rows, 299).outcome()).isEqualTo(Outcome.INCOMPLETE);
    }

    /** Rows were filtered out after the page was cut: the next page begins with the tail of this one. */
    @Test
    void theTailOfAShortPageMayComeAgain() throws Exception {
        List<String> rows = fleet();
        for (int i = 0; i < 3; i++) {
            pages(List.of(rows.subList(0, 295), rows.subList(290, FLEET)));
            Verdict verdict = sweep();
            assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(verdict.retracted()).isZero();
        }
        pages(List.of(rows.subList(0, 295), rows.subList(289, FLEET)));
        assertThat(sweep().reason()).contains("listed twice");
        pages(List.of(rows.subList(0, 300), rows.subList(299, FLEET)));
        assertThat(sweep().reason()).contains("listed twice");
    }

    /** So may a row of that tail in the place of the one that should follow: what is absent then must stand. */
    @Test
    void theTailOfAShortPageMayStandInThePlaceOfAnother() throws Exception {
        List<String> rows = fleet();
        rows.set(40, row(39));
        assertThat(assertNothingEnds(rows, 20).outcome()).isEqualTo(Outcome.COMPLETE);
    }

    @Test
    void aDeviceThatIsReallyGoneEndsAfterTwoSweepsHoweverShortThePagesAre() throws Exception {
        for (int pageSize : new int[] {300, 299, 25, 20}) {
            List<String> rows = fleet();
            rows.remove(pageSize);
            lists(rows, pageSize);
            ledgerOf(fleet());
            lists(rows, pageSize);
            assertThat(sweep().retracted()).isZero();
            lists(rows, pageSize);
            assertThat(sweep().retracted()).isEqualTo(1);
        }
    }

    private void ledgerOf(List<String> rows) throws InterruptedException {
        lists(rows, 300);
        sweep();
    }

    @ParameterizedTest
    @CsvSource({"45,20,", "45,20,2026-02-20T12:00:00Z", "45,20,2026-03-02T12:00:00Z", "310,300,2026-03-02T12:00:00Z"})
    void twoPagesWithDifferentRowsOfADeviceConfirmNeither(int place, int pageSize, String checkIn) throws Exception {
        List<String> rows = fleet();
        rows.set(0, row(0, "\"mdm_enabled\":false,\"last_check_in\":\"2026-03-01T12:00:00Z\""));
        String more = checkIn == null ? "" : ",\"last_check_in\":\"" + checkIn + "\"";
        rows.add(place, row(0, "\"mdm_enabled\":true" + more));
        lists(rows, pageSize);
        Verdict verdict = sweep();
        assertThat(verdict.outcome()).isEqualTo(Outcome.INCOMPLETE);
        assertThat(unconfirmed(verdict, "d000")).isEqualTo(Unconfirmed.Reason.UNREADABLE);
        assertThat(verdict.decisions())
                .filteredOn(decision -> decision.deviceId().equals("d000"))
                .allMatch(decision -> decision.publication() == Decision.Nothing.NOTHING);
    }

    @ParameterizedTest
    @CsvSource({"2026-03-01T12:00:05Z,true", "2026-03-01T12:00:00Z,false", "2026-03-01T11:00:00Z,false"})
    void inTheTailOfAShortPageTheLaterRowCountsIfItIsNewer(String checkIn, boolean counts) throws Exception {
        List<String> rows = fleet();
        String later = row(294, "\"mdm_enabled\":false,\"last_check_in\":\"" + checkIn + "\"");
        var second = new ArrayList<>(rows.subList(294, FLEET));
        second.set(0, later);
        pages(List.of(rows.subList(0, 295), second));
        Verdict verdict = sweep();
        assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(unconfirmed(verdict, "d294")).isEqualTo(counts ? null : Unconfirmed.Reason.UNREADABLE);
        assertThat(verdict.decisions().stream()
                        .anyMatch(decision -> decision.deviceId().equals("d294")
                                && decision.publication() instanceof Decision.Device device
                                && !device.row().mdmEnabled()))
                .isEqualTo(counts);
    }

    static IntStream seeds() {
        return IntStream.range(0, 60);
    }

    /** Up to nine rows are replaced by others, in pages of any size, three sweeps long; all devices still exist. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whateverStandsInTheirPlaceNoDeviceEnds(int seed) throws Exception {
        var random = new Random(seed);
        List<String> rows = fleet();
        for (int i = 1 + random.nextInt(9); i > 0; i--) {
            int place = random.nextInt(FLEET);
            int other = random.nextInt(FLEET);
            rows.set(
                    place,
                    switch (random.nextInt(7)) {
                        case 0 -> "{\"device_id\":\"" + id(other) + "\"}";
                        case 1 -> "{\"device_id\":\"" + id(other).toUpperCase() + "\",\"user\":3}";
                        case 2 -> row(other);
                        case 3 -> row(other, "\"mdm_enabled\":false");
                        case 4 -> "{\"device_id\":\"unknown-" + other + "\"}";
                        case 5 -> "{\"device_name\":\"Mac\"}";
                        default -> "null";
                    });
        }
        assertNothingEnds(rows, List.of(20, 25, 64, 150, 299, 300).get(random.nextInt(6)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{\"message\":\"no more\"}]", "[null]", "[null,[],{}]", "[{\"device_id\":\"\"}]"})
    void pagesWithoutADeviceDoNotGoOnForEver(String page) throws Exception {
        for (String total : new String[] {null, "330"}) {
            api.headers.clear();
            if (total != null) {
                api.headers.put("X-Total-Count", total);
            }
            api.answers((request, out) -> out.text(
                    request == 0
                            ? fleet().subList(0, 300).toString()
                            : request == 1 ? fleet().subList(300, FLEET).toString() : page));
            Verdict verdict = sweep();
            assertThat(verdict.outcome()).isEqualTo(Outcome.INCOMPLETE);
            assertThat(verdict.reason()).contains("the list does not end");
            assertThat(verdict.retracted()).isZero();
            assertThat(api.requests).hasValue(4);
        }
    }

    /** One damaged row that happens to be alone on the last page is no end of the world. */
    @Test
    void onePageWithoutADeviceBeforeTheEmptyOneIsNoEndlessList() throws Exception {
        List<String> rows = fleet();
        rows.add("null");
        for (int pageSize : new int[] {330, 110, 30}) {
            assertThat(assertNothingEnds(rows, pageSize).outcome()).isEqualTo(Outcome.COMPLETE);
        }
    }

    /** Each page has one device that does not exist: the quota must not go for them. */
    @ParameterizedTest
    @ValueSource(strings = {"", "330"})
    void pagesOfOneNewDeviceEachDoNotGoOnForEver(String total) throws Exception {
        if (!total.isEmpty()) {
            api.headers.put("X-Total-Count", total);
        }
        api.answers((request, out) -> out.text("[{\"device_id\":\"x" + request + "\",\"platform\":\"Mac\"}]"));
        Verdict verdict = sweep();
        assertThat(verdict.outcome()).isEqualTo(Outcome.INCOMPLETE);
        assertThat(verdict.reason()).contains("did not end");
        assertThat(api.requests.get()).isLessThan(200);
    }
}
