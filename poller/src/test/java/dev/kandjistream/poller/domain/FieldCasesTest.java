package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.poller.domain.FieldFleet.Truth;
import dev.kandjistream.poller.domain.FieldLie.Field;
import dev.kandjistream.poller.domain.FieldLie.Form;
import dev.kandjistream.poller.domain.Verdict.Outcome;
import dev.kandjistream.poller.domain.Withheld.What;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A hundred and twenty devices, 109 of them with a user; single cases of fields that are not as they were. */
class FieldCasesTest {
    private static final int DEVICES = 120;
    private static final int SEATS = 109;

    private final FieldFleet fleet = new FieldFleet();
    private Map<String, String> before;

    @BeforeEach
    void settle() {
        for (int i = 0; i < DEVICES; i++) {
            fleet.enrol(i, i < SEATS ? i : null);
        }
        fleet.look(fleet.honest());
        before = Map.copyOf(fleet.told());
    }

    /** One sweep; the lies depend on the device's number. */
    private Verdict sweep(Function<Integer, Map<Field, FieldLie>> lies) {
        fleet.now += FieldFleet.HOUR;
        var list = fleet.list();
        for (int i = 0; i < DEVICES; i++) {
            fleet.add("device-" + i, lies.apply(i), list);
        }
        return fleet.look(list);
    }

    private Verdict sweep(Field field, Form form) {
        return sweep(i -> Map.of(field, FieldLie.of(form)));
    }

    private void nothingEnded() {
        assertThat(fleet.told()).isEqualTo(before);
        assertThat(fleet.falselyConfirmed()).isEmpty();
    }

    @Test
    void aPlatformMissingFromEveryRowTakesNothingAndIsReported() {
        Verdict verdict = sweep(Field.PLATFORM, Form.MISSING);
        assertThat(verdict.outcome()).isEqualTo(Outcome.QUARANTINED);
        assertThat(verdict.reason()).contains("platform: 120 of 120 rows lost it");
        assertThat(verdict.withheld()).isEqualTo(120);
        assertThat(fleet.unconfirmed.values()).hasSize(120).allMatch(named -> named.fields()
                .contains("platform"));
        nothingEnded();
        assertThat(sweep(i -> Map.of()).withheld()).isZero();
        assertThat(fleet.unconfirmed).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PLATFORM, platform, 120", "USER, user, 109", "USER_ID, user.id, 109", "USER_EMAIL, user.email, 109"})
    void aFieldThatCannotBeReadIsReportedOnceAndQuarantines(Field field, String word, int rows) {
        Verdict verdict =
                sweep(i -> i < SEATS || field == Field.PLATFORM ? Map.of(field, FieldLie.of(Form.UNREAD)) : Map.of());
        assertThat(verdict.outcome()).isEqualTo(Outcome.QUARANTINED);
        assertThat(verdict.findings().problems())
                .containsExactly(new FieldProblem(word, FieldProblem.Problem.UNREADABLE, rows, DEVICES, true));
        assertThat(verdict.reason())
                .contains(word + ": " + rows + " of 120 rows have it in a form that cannot be read")
                .doesNotContain("lost it");
        nothingEnded();
    }

    @Test
    void rowsWithoutThePlatformAndRowsWithAnUnreadableOneAreCountedApart() {
        Verdict verdict = sweep(
                i -> i < 50 ? Map.of(Field.PLATFORM, FieldLie.of(i < 30 ? Form.UNREAD : Form.MISSING)) : Map.of());
        assertThat(verdict.findings().problems())
                .containsExactly(
                        new FieldProblem("platform", FieldProblem.Problem.LOST, 20, 120, true),
                        new FieldProblem("platform", FieldProblem.Problem.UNREADABLE, 30, 120, true));
    }

    @Test
    void aUserOfWhosePartsNoneCanBeReadIsReportedByItsParts() {
        Verdict verdict = sweep(i -> i < SEATS
                ? Map.of(Field.USER_ID, FieldLie.of(Form.UNREAD), Field.USER_EMAIL, FieldLie.of(Form.UNREAD))
                : Map.of());
        assertThat(verdict.outcome()).isEqualTo(Outcome.QUARANTINED);
        assertThat(verdict.findings().problems())
                .containsExactly(
                        new FieldProblem("user.email", FieldProblem.Problem.UNREADABLE, SEATS, DEVICES, true),
                        new FieldProblem("user.id", FieldProblem.Problem.UNREADABLE, SEATS, DEVICES, true));
    }

    @Test
    void aPlatformOfAnotherVocabularyTakesNothingAndIsCounted() {
        Verdict verdict = sweep(i -> i % 3 == 0 ? Map.of() : Map.of(Field.PLATFORM, FieldLie.of(Form.STRANGE)));
        assertThat(verdict.findings().problems())
                .containsExactly(new FieldProblem("platform", FieldProblem.Problem.UNKNOWN_WORD, 80, 120, false));
        assertThat(verdict.withheld()).isEqualTo(80);
        nothingEnded();
    }

    @Test
    void userIdsMissingWhereTheEmailIsThereTakeNothing() {
        Verdict verdict = sweep(i -> i < 77 ? Map.of(Field.USER_ID, FieldLie.of(Form.MISSING)) : Map.of());
        assertThat(verdict.outcome()).isEqualTo(Outcome.QUARANTINED);
        assertThat(verdict.reason()).contains("user.id: 77 of 109 rows lost it");
        nothingEnded();
    }

    @Test
    void userIdsOfAFewDevicesMissingTakeNothingHoweverLong() {
        for (int hour = 0; hour < 24 * 7; hour++) {
            sweep(i -> i < 3 ? Map.of(Field.USER_ID, FieldLie.of(Form.MISSING)) : Map.of());
        }
        nothingEnded();
        assertThat(fleet.unconfirmed).containsOnlyKeys("device-0", "device-1", "device-2");
    }

    @Test
    void usersWhoseIdAndEmailAreMissingAreStillThere() {
        for (int hour = 0; hour < 24 * 7; hour++) {
            sweep(i -> i < 3
                    ? Map.of(Field.USER_ID, FieldLie.of(Form.MISSING), Field.USER_EMAIL, FieldLie.of(Form.MISSING))
                    : Map.of());
        }
        nothingEnded();
    }

    @Test
    void usersOfAFewDevicesThatAreMissingAsAFieldGoWhenThatHasStoodForADay() {
        for (int hour = 0; hour < 24; hour++) {
            assertThat(sweep(i -> i < 3 ? Map.of(Field.USER, FieldLie.of(Form.MISSING)) : Map.of())
                            .withheld())
                    .isEqualTo(3);
        }
        nothingEnded();
        assertThat(sweep(i -> i < 3 ? Map.of(Field.USER, FieldLie.of(Form.MISSING)) : Map.of())
                        .retracted())
                .isEqualTo(3);
    }

    @Test
    void oneExplicitNullAmongMissingUsersIsOneSweepOnly() {
        sweep(i -> i == 0 ? Map.of(Field.USER, FieldLie.of(Form.MISSING)) : Map.of());
        sweep(i -> i == 0 ? Map.of(Field.USER, FieldLie.of(Form.BLANK)) : Map.of());
        nothingEnded();
        sweep(i -> i == 0 ? Map.of(Field.USER, FieldLie.of(Form.BLANK)) : Map.of());
        assertThat(fleet.published.get("device-0").attributed()).isFalse();
    }

    @Test
    void allDevicesOfOneUserNeedAnOperator() {
        for (int hour = 0; hour < 72; hour++) {
            Verdict verdict = sweep(i -> Map.of(Field.USER, FieldLie.other("500")));
            assertThat(verdict.outcome()).isNotEqualTo(Outcome.INCOMPLETE);
            assertThat(verdict.withheld()).isEqualTo(SEATS);
        }
        // Devices without a user get one: that takes nothing.
        assertThat(fleet.published.values().stream().filter(DeviceRow::attributed))
                .hasSize(DEVICES);
        before.forEach((id, was) -> {
            if (!was.startsWith("null")) {
                assertThat(fleet.told()).containsEntry(id, was);
            }
        });
    }

    @Test
    void theIdsOfAllUsersChangedAndTheEmailsKept() {
        for (int hour = 0; hour < 48; hour++) {
            Verdict verdict = sweep(i -> Map.of(Field.USER_ID, FieldLie.other("new-" + i)));
            assertThat(verdict.outcome()).isEqualTo(Outcome.QUARANTINED);
            assertThat(verdict.reason())
                    .contains(hour < 24 ? "109 of 109 seats would end or change hands" : "all seats");
        }
        nothingEnded();
        fleet.order("approve", Set.of());
        assertThat(sweep(i -> Map.of(Field.USER_ID, FieldLie.other("new-" + i))).retracted())
                .isEqualTo(SEATS);
        assertThat(fleet.published.get("device-7").user().id()).isEqualTo("new-7");
        assertThat(fleet.published.get("device-7").user().email()).isEqualTo("mail-7");
    }

    @Test
    void theUsersOfTwoDevicesSwappedMoveWithTheSecondSweep() {
        fleet.truth.put("device-1", new Truth(2, "Mac", "SER1", false));
        fleet.truth.put("device-2", new Truth(1, "Mac", "SER2", false));
        assertThat(sweep(i -> Map.of()).waiting())
                .extracting(Withheld::before, Withheld::after, Withheld::reason)
                .containsExactly(
                        tuple("mail-1", "mail-2", "shown by 1 of 2 complete sweeps"),
                        tuple("mail-2", "mail-1", "shown by 1 of 2 complete sweeps"));
        assertThat(fleet.unconfirmed.get("device-1").fields()).containsExactly("user_email", "user_id");
        assertThat(sweep(i -> Map.of()).retracted()).isEqualTo(2);
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
        assertThat(fleet.unconfirmed).isEmpty();
    }

    @Test
    void aPlatformNullOnFiveDevicesForAMonthTakesNothingAndHoldsNothingElseUp() {
        for (int hour = 0; hour < 24 * 30; hour += 2) {
            fleet.now += FieldFleet.HOUR;
            Verdict verdict = sweep(i -> i < 5 ? Map.of(Field.PLATFORM, FieldLie.of(Form.BLANK)) : Map.of());
            assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(verdict.withheld()).isEqualTo(5);
        }
        nothingEnded();
        fleet.truth.put("device-9", new Truth(null, "iPhone", "SER9", false));
        sweep(i -> i < 5 ? Map.of(Field.PLATFORM, FieldLie.of(Form.BLANK)) : Map.of());
        sweep(i -> i < 5 ? Map.of(Field.PLATFORM, FieldLie.of(Form.BLANK)) : Map.of());
        assertThat(fleet.published.get("device-9").attributed()).isFalse();
    }

    /** Friday, nothing; the API answers 503 or the poller is off; Monday, nothing. */
    @Test
    void twoEmptyAnswersWithDaysBetweenThemAreTwoLooks() {
        fleet.look(fleet.list());
        fleet.now += 72 * FieldFleet.HOUR;
        assertThat(fleet.look(fleet.list()).retracted()).isZero();
        nothingEnded();
        assertThat(fleet.unconfirmed.values())
                .hasSize(DEVICES)
                .allMatch(named -> named.reason() == Unconfirmed.Reason.ABSENT);
    }

    @Test
    void aThirdAbsentOnFridayAndOnMondayStays() {
        for (int look = 0; look < 2; look++) {
            var list = fleet.list();
            for (int i = 40; i < DEVICES; i++) {
                fleet.add("device-" + i, Map.of(), list);
            }
            assertThat(fleet.look(list).outcome()).isEqualTo(Outcome.QUARANTINED);
            fleet.now += 72 * FieldFleet.HOUR;
        }
        nothingEnded();
    }

    @Test
    void aUserThatIsPlainTextIsKeptAndNotConfirmedAndTheRestIsPublished() {
        var lies = Map.of(Field.USER, FieldLie.of(Form.UNREAD), Field.REMOVED, FieldLie.of(Form.MISSING));
        Verdict verdict = sweep(i -> i < 12 ? lies : Map.of());
        assertThat(verdict.findings().devices()).hasSize(12).containsEntry("device-0", "cannot be read: user");
        nothingEnded();
        assertThat(fleet.unconfirmed).hasSize(12);
        assertThat(fleet.unconfirmed.get("device-0").fields())
                .containsExactly("is_removed", "user_archived", "user_email", "user_id", "user_name");
    }

    @Test
    void aRowOfWhichNothingCanBeReadIsNotConfirmedAndTooManyMakeTheSweepIncomplete() {
        for (int unread : new int[] {24, 25}) {
            fleet.now += FieldFleet.HOUR;
            var list = fleet.list();
            for (int i = 0; i < DEVICES; i++) {
                if (i < unread) {
                    list.unread("device-" + i, "its row has 70000 bytes");
                } else {
                    fleet.add("device-" + i, Map.of(), list);
                }
            }
            Verdict verdict = fleet.look(list);
            assertThat(verdict.outcome()).isEqualTo(unread == 24 ? Outcome.COMPLETE : Outcome.INCOMPLETE);
            assertThat(verdict.findings().unread()).isEqualTo(unread);
            assertThat(fleet.unconfirmed.values())
                    .hasSize(unread)
                    .allMatch(named -> named.reason() == Unconfirmed.Reason.UNREADABLE);
        }
        nothingEnded();
    }

    /** Rejected, a retraction stays rejected while rows do not say how it is. */
    @Test
    void anOrderOutlivesRowsThatDoNotSay() {
        sweep(i -> i == 0 ? Map.of(Field.USER, FieldLie.of(Form.BLANK)) : Map.of());
        fleet.order("reject", Set.of("device-0"));
        sweep(i -> i == 0 ? Map.of(Field.USER, FieldLie.of(Form.UNREAD)) : Map.of());
        for (int hour = 0; hour < 48; hour++) {
            sweep(i -> i == 0 ? Map.of(Field.USER, FieldLie.of(Form.BLANK)) : Map.of());
        }
        nothingEnded();
    }

    @Test
    void aDeviceGoneAndRejectedStaysPublishedAndUnconfirmed() {
        fleet.truth.remove("device-3");
        fleet.look(fleet.honest());
        fleet.order("reject", Set.of("device-3"));
        for (int hour = 0; hour < 48; hour++) {
            fleet.now += FieldFleet.HOUR;
            fleet.look(fleet.honest());
        }
        assertThat(fleet.published).containsKey("device-3");
        assertThat(fleet.unconfirmed.get("device-3")).isEqualTo(Unconfirmed.ABSENT);
        fleet.order("approve", Set.of("device-3"));
        fleet.look(fleet.honest());
        assertThat(fleet.published).doesNotContainKey("device-3");
        assertThat(fleet.unconfirmed).isEmpty();
    }

    @Test
    void usersThatStayUnreadableGoWhenAnOperatorApproves() {
        Verdict verdict = sweep(i -> i < 40 ? Map.of(Field.USER, FieldLie.of(Form.UNREAD)) : Map.of());
        assertThat(verdict.outcome()).isEqualTo(Outcome.QUARANTINED);
        assertThat(verdict.waiting())
                .hasSize(40)
                .allMatch(item -> item.what() == What.USER && item.after().equals("unreadable"));
        for (int hour = 0; hour < 48; hour++) {
            sweep(i -> i < 40 ? Map.of(Field.USER, FieldLie.of(Form.UNREAD)) : Map.of());
        }
        nothingEnded();
        fleet.order("approve", devices(0, 40));
        Verdict approved = sweep(i -> i < 40 ? Map.of(Field.USER, FieldLie.of(Form.UNREAD)) : Map.of());
        assertThat(approved.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(approved.retracted()).isEqualTo(40);
        assertThat(fleet.published.values().stream().filter(DeviceRow::attributed))
                .hasSize(SEATS - 40);
    }

    @Test
    void aRemovalFlagMissingForGoodHoldsUpRetractionsUntilAnOperatorApproves() {
        Verdict verdict = sweep(Field.REMOVED, Form.MISSING);
        assertThat(verdict.outcome()).isEqualTo(Outcome.QUARANTINED);
        assertThat(verdict.waiting())
                .hasSize(DEVICES)
                .allMatch(item ->
                        item.what() == What.REMOVAL_FLAG && item.before().equals("not removed"));
        nothingEnded();
        fleet.order("approve", devices(0, DEVICES));
        assertThat(sweep(Field.REMOVED, Form.MISSING).outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(fleet.published.values()).noneMatch(row -> row.isRemoved() != null);
        assertThat(fleet.published.values().stream().filter(DeviceRow::attributed))
                .hasSize(SEATS);
        assertThat(fleet.unconfirmed.get("device-0").fields()).containsExactly("is_removed");
        Verdict after = sweep(Field.REMOVED, Form.MISSING);
        assertThat(after.withheld()).isZero();
    }

    @Test
    void aRemovedDeviceStaysRemovedWhileItsFlagIsMissing() {
        for (int i = 0; i < 2; i++) {
            sweep(device -> device == 0 ? Map.of(Field.REMOVED, FieldLie.other("true")) : Map.of());
        }
        assertThat(fleet.published.get("device-0").attributed()).isFalse();
        for (int hour = 0; hour < 48; hour++) {
            sweep(device -> device == 0 ? Map.of(Field.REMOVED, FieldLie.of(Form.MISSING)) : Map.of());
        }
        assertThat(fleet.published.get("device-0").attributed()).isFalse();
    }

    /** Every row of the first sweep: then there is nothing to compare with. What turns up later was there before. */
    @ParameterizedTest
    @CsvSource({
        "PLATFORM, MISSING",
        "PLATFORM, UNREAD",
        "PLATFORM, BLANK",
        "PLATFORM, STRANGE",
        "USER, UNREAD",
        "USER_ID, UNREAD"
    })
    void aFieldThatTheWholeBaselineLacksIsBaselineWhenItTurnsUp(Field field, Form form) {
        var young = new FieldFleet();
        for (int i = 0; i < DEVICES; i++) {
            young.enrol(i, i);
        }
        for (int hour = 0; hour < 3; hour++) {
            young.now += FieldFleet.HOUR;
            var list = young.list();
            young.truth.keySet().forEach(id -> {
                var lies = new EnumMap<Field, FieldLie>(Map.of(field, FieldLie.of(form)));
                if (field == Field.USER_ID) {
                    lies.put(Field.USER_EMAIL, FieldLie.of(form));
                }
                young.add(id, lies, list);
            });
            assertThat(young.look(list).outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(young.published).hasSize(DEVICES);
        }
        young.now += FieldFleet.HOUR;
        young.look(young.honest());
        assertThat(young.told()).isEqualTo(young.wanted());
        assertThat(young.owed.values()).hasSize(DEVICES).allMatch(times -> times == 1);
        young.truth.computeIfPresent("device-0", (id, is) -> new Truth(500, is.platform(), is.serial(), false));
        for (int i = 0; i < 2; i++) {
            young.now += FieldFleet.HOUR;
            young.look(young.honest());
        }
        assertThat(young.told()).isEqualTo(young.wanted());
        assertThat(young.owed.get("device-0")).isEqualTo(1);
    }

    private static Set<String> devices(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "device-" + i).collect(Collectors.toSet());
    }

    @Test
    void hardwareListedAgainBeforeItHasItsUserIsToldOnceItHas() {
        fleet.truth.put("device-again", new Truth(null, "iPhone", "SER0", false));
        assertThat(fleet.look(fleet.honest()).decisions()).allMatch(decision -> replaced(decision) == null);
        fleet.truth.put("device-again", new Truth(0, "iPhone", "SER0", false));
        assertThat(fleet.look(fleet.honest()).decisions())
                .singleElement()
                .extracting(FieldCasesTest::replaced)
                .isEqualTo("device-0");
    }

    @Test
    void anotherUserOfTheSameHardwareReplacesNothing() {
        fleet.truth.put("device-again", new Truth(null, "iPhone", "SER0", false));
        fleet.look(fleet.honest());
        fleet.truth.put("device-again", new Truth(1, "iPhone", "SER0", false));
        assertThat(fleet.look(fleet.honest()).decisions())
                .singleElement()
                .extracting(FieldCasesTest::replaced)
                .isNull();
    }

    /** A sixth of the rows, of the first sweep or of one that has a new device, in whatever way the id is not there. */
    @ParameterizedTest
    @CsvSource({"MISSING", "UNREAD"})
    void aUserWithoutTheIdThatOthersHaveBeginsNothing(Form form) {
        var young = new FieldFleet();
        for (int i = 0; i < DEVICES; i++) {
            young.enrol(i, i);
        }
        for (int hour = 0; hour < 3; hour++) {
            young.now += FieldFleet.HOUR;
            var list = young.list();
            for (int i = 0; i < DEVICES; i++) {
                young.add("device-" + i, i % 6 == 0 ? Map.of(Field.USER_ID, FieldLie.of(form)) : Map.of(), list);
            }
            assertThat(young.look(list).outcome()).isEqualTo(Outcome.COMPLETE);
        }
        assertThat(young.published).hasSize(DEVICES);
        assertThat(young.published.values())
                .filteredOn(DeviceRow::attributed)
                .hasSize(DEVICES - DEVICES / 6)
                .allMatch(row -> row.user().id() != null);
        assertThat(young.unconfirmed.get("device-0").fields()).contains("user_id", "user_email");
        young.now += FieldFleet.HOUR;
        assertThat(young.look(young.honest()).retracted()).isZero();
        assertThat(young.told()).isEqualTo(young.wanted());
        assertThat(young.owed.get("device-0")).isEqualTo(1);
    }

    /** Nothing is withheld, though a serial number that turns up later must stand elsewhere. */
    @ParameterizedTest
    @CsvSource({"MISSING", "UNREAD"})
    void serialNumbersThatTheWholeBaselineLacksAreTakenWhenTheyTurnUp(Form form) {
        var young = new FieldFleet();
        for (int i = 0; i < DEVICES; i++) {
            young.enrol(i, i);
        }
        for (int hour = 0; hour < 3; hour++) {
            young.now += FieldFleet.HOUR;
            var list = young.list();
            young.truth.keySet().forEach(id -> young.add(id, Map.of(Field.SERIAL, FieldLie.of(form)), list));
            young.look(list);
        }
        young.now += FieldFleet.HOUR;
        assertThat(young.look(young.honest()).withheld()).isZero();
        assertThat(young.published.get("device-0").serialNumber()).isEqualTo("SER0");
        assertThat(young.unconfirmed).isEmpty();
        young.truth.computeIfPresent(
                "device-0", (id, is) -> new Truth(is.user(), is.platform(), "OTHER", is.removed()));
        young.now += FieldFleet.HOUR;
        assertThat(young.look(young.honest()).withheld()).isEqualTo(1);
    }

    /** The baseline read that there was nobody; that it could not read the platform changes nothing about that. */
    @Test
    void aUserWhoComesLaterIsNewsThoughThePlatformIsOwed() {
        var young = new FieldFleet();
        young.enrol(0, null);
        young.enrol(1, 1);
        Function<Integer, Verdict> look = hours -> {
            young.now += FieldFleet.HOUR;
            var list = young.list();
            young.add("device-0", Map.of(Field.PLATFORM, FieldLie.of(Form.STRANGE)), list);
            young.add("device-1", Map.of(), list);
            return young.look(list);
        };
        look.apply(1);
        young.truth.computeIfPresent("device-0", (id, is) -> new Truth(7, is.platform(), is.serial(), false));
        assertThat(look.apply(1).decisions()).singleElement().satisfies(decision -> assertThat(
                        ((Decision.Device) decision.publication()).owed())
                .isFalse());
    }

    /** A ledger of 0.1.0 knows neither serial number nor platform, and says so: the rows' are taken, and nothing waits. */
    @Test
    void entriesOfAFormerLedgerTakeSerialNumberAndPlatformFromTheNextRow() {
        for (int i = 0; i < DEVICES; i++) {
            LedgerEntry known = fleet.ledger.entry("device-" + i);
            DeviceMemory device = known.device();
            var former = DeviceMemory.former(device.details() + 1, device.attribution(), device.holder(), List.of());
            fleet.ledger.put("device-" + i, new LedgerEntry(former, null, new LedgerEntry.Owed(false, false, true, 0)));
        }
        Verdict verdict = sweep(i -> Map.of());
        assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(verdict.withheld()).isZero();
        nothingEnded();
        assertThat(fleet.published.values()).allMatch(row -> row.serialNumber() != null);
    }

    private static String replaced(Decision decision) {
        return decision.publication() instanceof Decision.Device device ? device.replaces() : null;
    }
}
