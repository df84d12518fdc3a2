package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.FieldLie.Field;
import dev.kandjistream.poller.domain.FieldLie.Form;
import dev.kandjistream.poller.domain.Verdict.Outcome;
import dev.kandjistream.poller.domain.Withheld.What;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Forty devices, 36 of them with a user. Their rows are wrong in more than one way, or answers add before they take away. */
class DamagedRowsTest extends FieldSweeps {
    private static final int DEVICES = 40;
    private static final int SEATS = 36;

    private Map<String, String> before;

    @BeforeEach
    void settle() {
        enrol(0, DEVICES);
        fleet.look(fleet.honest());
        before = Map.copyOf(fleet.told());
    }

    private Verdict sweepOf(Set<String> those, Map<Field, FieldLie> lies) {
        return sweep(id -> those.contains(id) ? lies : Map.of());
    }

    private void nothingEnded() {
        assertThat(fleet.told()).containsAllEntriesOf(before);
        assertThat(fleet.falselyConfirmed()).isEmpty();
    }

    // ---- answers that add before they take away

    /** Another account's list comes with the own one, then without it. */
    @Test
    void aListThatFirstGrowsByAnotherFleetDoesNotMakeTheLossOfTheOwnOneSmall() {
        Map<String, FieldFleet.Truth> own = Map.copyOf(fleet.truth);
        enrol(1000, 1600);
        assertThat(fleet.look(fleet.honest()).outcome()).isEqualTo(Outcome.COMPLETE);
        own.keySet().forEach(fleet.truth::remove);
        for (int hour = 0; hour < 23; hour++) {
            fleet.now += HOUR;
            Verdict verdict = fleet.look(fleet.honest());
            assertThat(verdict.outcome()).isEqualTo(Outcome.QUARANTINED);
            assertThat(verdict.reason()).contains("devices that were there before");
            assertThat(verdict.withheld()).isEqualTo(DEVICES);
        }
        assertThat(fleet.published).containsKeys(own.keySet().toArray(String[]::new));
        // Everything is never believed by time alone.
        for (int hour = 0; hour < 48; hour++) {
            fleet.now += HOUR;
            fleet.look(fleet.honest());
        }
        assertThat(fleet.published).containsKeys(own.keySet().toArray(String[]::new));
    }

    /** A quarter of the fleet comes back under other device ids. */
    @Test
    void devicesUnderOtherIdsAreStillTooManyOnceTheNewOnesArePublished() {
        for (int i = 0; i < 10; i++) {
            fleet.truth.put("other-" + i, fleet.truth.remove("device-" + i));
        }
        for (int hour = 0; hour < 20; hour++) {
            fleet.now += HOUR;
            Verdict verdict = fleet.look(fleet.honest());
            assertThat(verdict.outcome()).isEqualTo(Outcome.QUARANTINED);
            assertThat(verdict.reason()).contains("10 of 40 devices");
            assertThat(verdict.withheld()).isEqualTo(10);
        }
        for (int hour = 0; hour < 6; hour++) {
            fleet.now += HOUR;
            fleet.look(fleet.honest());
        }
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }

    @Test
    void usersThatWereAddedAMomentAgoMakeTheOthersNoSmallerShare() {
        enrol(1000, 1200);
        fleet.look(fleet.honest());
        for (int sweep = 0; sweep < 6; sweep++) {
            Verdict verdict =
                    sweep(id -> before.containsKey(id) && number(id) < 12 ? Map.of(Field.USER, BLANK) : Map.of());
            assertThat(verdict.outcome()).isEqualTo(Outcome.QUARANTINED);
        }
        nothingEnded();
    }

    /** The devices that a fault adds are a day old before the loss of the others has stood for one. */
    @Test
    void aLossAfterAFleetHasGrownStandsForADayLikeAnyOther() {
        enrol(1000, 1600);
        fleet.look(fleet.honest());
        fleet.now += 12 * HOUR;
        for (int i = 0; i < 12; i++) {
            fleet.truth.remove("device-" + i);
        }
        for (int hour = 0; hour < 23; hour++) {
            fleet.now += HOUR;
            assertThat(fleet.look(fleet.honest()).retracted()).isZero();
        }
        for (int hour = 0; hour < 3; hour++) {
            fleet.now += HOUR;
            fleet.look(fleet.honest());
        }
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }

    /** What has been there for a day counts; ordinary growth makes ordinary losses no emergency. */
    @Test
    void aFleetThatGrewYesterdayLosesAFewDevicesAsUsual() {
        enrol(1000, 1040);
        fleet.look(fleet.honest());
        fleet.now += 25 * HOUR;
        for (int i = 0; i < 9; i++) {
            fleet.truth.remove("device-" + i);
        }
        assertThat(sweep(id -> Map.of()).outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(sweep(id -> Map.of()).retracted()).isEqualTo(9);
    }

    @Test
    void aClockThatWasSetBackMakesNothingTooManyForAYear() {
        enrol(1000, 1040);
        fleet.look(fleet.honest());
        fleet.now -= 365 * 24 * HOUR;
        for (int i = 0; i < 9; i++) {
            fleet.truth.remove("device-" + i);
        }
        assertThat(sweep(id -> Map.of()).outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(sweep(id -> Map.of()).retracted()).isEqualTo(9);
    }

    /** By less than what counts as recent: the devices that were added remain recent. */
    @Test
    void aListThatGrowsBeforeTheClockIsSetBackMakesTheLossNoSmaller() {
        Map<String, FieldFleet.Truth> own = Map.copyOf(fleet.truth);
        enrol(1000, 1600);
        fleet.look(fleet.honest());
        fleet.now -= 2 * HOUR;
        own.keySet().forEach(fleet.truth::remove);
        for (int sweep = 0; sweep < 4; sweep++) {
            assertThat(sweep(id -> Map.of()).outcome()).isEqualTo(Outcome.QUARANTINED);
        }
        assertThat(fleet.published).containsKeys(own.keySet().toArray(String[]::new));
    }

    // ---- rejections

    private void rejectUnreadableUser(String id) {
        sweepOf(Set.of(id), Map.of(Field.USER, FieldLie.of(Form.UNREAD)));
        assertThat(fleet.order("reject", Set.of(id)).outcome()).isEqualTo(CommandAnswer.Outcome.APPLIED);
    }

    private void blankUserStaysRejected(String id) {
        for (int sweep = 0; sweep < 5; sweep++) {
            Verdict verdict = sweepOf(Set.of(id), Map.of(Field.USER, BLANK));
            assertThat(verdict.waiting()).singleElement().satisfies(item -> assertThat(item.order())
                    .isEqualTo(Order.REJECTED));
        }
        nothingEnded();
    }

    /** Also while its rows do not say what is in its place. */
    @Test
    void aRejectedItemShowsWhatIsPublished() {
        rejectUnreadableUser("device-2");
        Verdict verdict = sweepOf(Set.of("device-2"), Map.of(Field.USER, FieldLie.of(Form.UNREAD)));
        assertThat(verdict.waiting()).singleElement().satisfies(item -> {
            assertThat(item.before()).isEqualTo("mail-2");
            assertThat(item.after()).isNull();
            assertThat(item.order()).isEqualTo(Order.REJECTED);
        });
    }

    @Test
    void aRejectionOutlivesAnIncompleteSweepThatShowsTheLossInAnotherForm() {
        rejectUnreadableUser("device-2");
        assertThat(cutSweep(id -> id.equals("device-2") ? Map.of(Field.USER, BLANK) : Map.of())
                        .outcome())
                .isEqualTo(Outcome.INCOMPLETE);
        blankUserStaysRejected("device-2");
    }

    @Test
    void aRejectionOutlivesASweepWithoutTheDevice() {
        rejectUnreadableUser("device-2");
        FieldFleet.Truth device = fleet.truth.remove("device-2");
        sweep(id -> Map.of());
        fleet.truth.put("device-2", device);
        blankUserStaysRejected("device-2");
    }

    @Test
    void aRejectionOutlivesAbsenceAndARowOfWhichOnlyTheIdCanBeRead() {
        rejectUnreadableUser("device-2");
        FieldFleet.Truth device = fleet.truth.remove("device-2");
        sweep(id -> Map.of());
        var list = fleet.list();
        fleet.truth.keySet().forEach(id -> fleet.add(id, Map.of(), list));
        list.unread("device-2", "too large");
        fleet.look(list);
        fleet.truth.put("device-2", device);
        blankUserStaysRejected("device-2");
    }

    @Test
    void aRejectedOtherUserStaysRejectedWhenTheRowNamesAThird() {
        for (String other : List.of("500", "501")) {
            for (int sweep = 0; sweep < 4; sweep++) {
                Verdict verdict = sweepOf(Set.of("device-2"), Map.of(Field.USER, FieldLie.other(other)));
                if (sweep == 0 && other.equals("500")) {
                    fleet.order("reject", Set.of("device-2"));
                } else {
                    assertThat(verdict.waiting()).singleElement().satisfies(item -> assertThat(item.order())
                            .isEqualTo(Order.REJECTED));
                }
            }
        }
        nothingEnded();
    }

    @Test
    void aRejectionEndsWhenTheUserIsBack() {
        rejectUnreadableUser("device-2");
        assertThat(sweep(id -> Map.of()).withheld()).isZero();
        sweepOf(Set.of("device-2"), Map.of(Field.USER, BLANK));
        assertThat(sweepOf(Set.of("device-2"), Map.of(Field.USER, BLANK)).retracted())
                .isEqualTo(1);
    }

    // ---- rows that are wrong in more than one way

    @Test
    void aRowInWhichAllIsBlankProvesNothingAboutItsUser() {
        Map<Field, FieldLie> blank =
                Map.of(Field.USER, BLANK, Field.PLATFORM, BLANK, Field.SERIAL, BLANK, Field.REMOVED, BLANK);
        for (int sweep = 0; sweep < 600; sweep++) {
            sweepOf(Set.of("device-1", "device-2"), blank);
        }
        nothingEnded();
    }

    @Test
    void aRowWithoutPlatformProvesNothingAboutItsUserEither() {
        for (Field field : List.of(Field.PLATFORM, Field.SERIAL)) {
            for (Form form : List.of(Form.BLANK, Form.MISSING, Form.UNREAD)) {
                for (int sweep = 0; sweep < 3; sweep++) {
                    sweepOf(Set.of("device-1"), Map.of(Field.USER, BLANK, field, FieldLie.of(form)));
                }
                nothingEnded();
            }
        }
    }

    /** Rows of two devices under each other's id: serial number and user come together, and stand together. */
    @Test
    void aRowWithTheSerialNumberOfOtherHardwareMovesNoUserBeforeThatStands() {
        var swapped = Map.of("device-1", "2", "device-2", "1", "device-9", "3");
        Function<String, Map<Field, FieldLie>> lies = id -> swapped.containsKey(id)
                ? Map.of(
                        Field.USER, FieldLie.other(swapped.get(id)),
                        Field.SERIAL, FieldLie.other("SER" + swapped.get(id)))
                : Map.of();
        for (int sweep = 0; sweep < 5; sweep++) {
            Verdict verdict = sweep(lies);
            assertThat(verdict.retracted()).isZero();
        }
        nothingEnded();
        // What stood for a day is believed as a whole: no device ever has one half of it.
        for (int sweep = 0; sweep < 300; sweep++) {
            sweep(lies);
            fleet.told().forEach((id, row) -> {
                if (swapped.containsKey(id)) {
                    assertThat(row.contains("id-" + swapped.get(id) + " "))
                            .as(row)
                            .isEqualTo(row.contains("SER" + swapped.get(id) + " "));
                }
            });
        }
        assertThat(fleet.told().get("device-1")).contains("id-2 ").contains("SER2 ");
    }

    @Test
    void aBlankUserIdBesideAnEmailBeginsAPersonAsLocalAccountsHaveNone() {
        fleet.enrol(50, 50);
        sweepOf(Set.of("device-50"), Map.of(Field.USER_ID, BLANK));
        assertThat(fleet.published.get("device-50").user().email()).isEqualTo("mail-50");
    }

    @Test
    void aBlankUserIdBesideTheEmailOfAUserWithAnIdBeginsNobody() {
        fleet.enrol(50, 3);
        Map<Field, FieldLie> noId = Map.of(Field.USER_ID, BLANK);
        for (int sweep = 0; sweep < 3; sweep++) {
            sweepOf(Set.of("device-50"), noId);
        }
        assertThat(fleet.published.get("device-50").attributed()).isFalse();
        sweep(id -> Map.of());
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }

    @Test
    void emailsLostInSlicesAreCountedTogether() {
        int lost = 0;
        Verdict verdict = null;
        for (int slice = 0; slice < 4; slice++) {
            lost += 5;
            int until = lost;
            for (int sweep = 0; sweep < 3; sweep++) {
                verdict = sweep(id -> number(id) < until ? Map.of(Field.USER_EMAIL, BLANK) : Map.of());
            }
        }
        assertThat(verdict.outcome()).isEqualTo(Outcome.QUARANTINED);
        assertThat(verdict.reason()).contains("seats' users have another email or none");
        assertThat(fleet.published.values().stream()
                        .filter(row -> row.user() != null && row.user().email() == null))
                .hasSizeLessThanOrEqualTo(10);
        assertThat(verdict.waiting()).allMatch(item -> item.what() == What.OTHER_USER);
    }
}
