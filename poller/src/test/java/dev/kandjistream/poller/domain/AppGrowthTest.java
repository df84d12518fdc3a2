package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.Verdict.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that make lists longer before they make them shorter, and fleets that grow. */
class AppGrowthTest {
    /** Every row with five copies that have other bundle ids. */
    private static List<App> copies(App row) {
        return IntStream.range(0, 5)
                .mapToObj(
                        copy -> AppFleet.app(row.name(), row.bundleId() + ".copy" + copy, row.path(), row.bundleName()))
                .toList();
    }

    static final AppFleet.Lie WITH_COPIES = (device, row) -> {
        var rows = new ArrayList<>(copies(row));
        rows.add(row);
        return rows;
    };

    static final AppFleet.Lie ONLY_COPIES = (device, row) -> copies(row);

    @ParameterizedTest
    @MethodSource("fleets")
    void whatAnAnswerAddsDoesNotMakeItsLossesSmallerHoweverLong(int devices, int rows) {
        AppFleet fleet = AppFleet.of(devices, rows);
        fleet.sweep(WITH_COPIES);
        for (int sweep = 0; sweep < 40; sweep++) {
            Verdict verdict = fleet.sweep(ONLY_COPIES);
            assertThat(verdict.retracted()).as("sweep " + sweep).isZero();
            assertThat(verdict.waiting()).allMatch(item -> item.reason().contains("operator must approve"));
        }
        assertThat(fleet.missing()).isEmpty();
        fleet.sweep(AppFleet.NONE);
        assertThat(fleet.missing()).isEmpty();
    }

    static Stream<Arguments> fleets() {
        return Stream.of(Arguments.of(120, 4), Arguments.of(4, 5), Arguments.of(1, 1), Arguments.of(30, 60));
    }

    /** Half of the rows: not everything, so it waits for its time, and not for less. */
    @Test
    void aPartOfThemWaitsForTheWholeStandingTime() {
        AppFleet fleet = AppFleet.of(120, 4);
        fleet.sweep(WITH_COPIES);
        AppFleet.Lie half =
                (device, row) -> AppFleet.isOneOf(60, device) ? copies(row) : WITH_COPIES.instead(device, row);
        for (int sweep = 0; sweep < 4; sweep++) {
            assertThat(fleet.sweep(half).outcome()).isEqualTo(Outcome.QUARANTINED);
        }
        assertThat(fleet.missing()).isEmpty();
        assertThat(fleet.sweep(half).retracted()).isEqualTo(60);
    }

    @Test
    void devicesThatAnAnswerAddsDoNotMakeItsLossesSmaller() {
        AppFleet fleet = AppFleet.of(60, 4);
        for (int device = 60; device < 700; device++) {
            fleet.truth.put("device-" + device, new ArrayList<>(List.of(AppFleet.app(1), AppFleet.app(2))));
        }
        fleet.sweep(AppFleet.NONE);
        AppFleet.Lie lie = (device, row) -> AppFleet.isOneOf(60, device) ? copies(row) : List.of(row);
        assertThat(fleet.sweep(lie).outcome()).isEqualTo(Outcome.QUARANTINED);
        assertThat(fleet.missing()).isEmpty();
    }

    @Test
    void aFleetThatGrowsLosesAsItEverDid() {
        AppFleet fleet = AppFleet.of(40, 10);
        for (int device = 40; device < 60; device++) {
            fleet.truth.put("device-" + device, new ArrayList<>(List.of(AppFleet.app(1), AppFleet.app(2))));
        }
        fleet.sweep(AppFleet.NONE);
        fleet.truth.values().forEach(apps -> apps.remove(AppFleet.app(1)));
        Verdict verdict = fleet.sweep(AppFleet.NONE);
        assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(verdict.retracted()).isEqualTo(60);
    }

    /** Two devices, and on the day after the baseline fifty more: fewer than ten that lose are an ordinary day. */
    @Test
    void aSmallFleetThatGrowsManyTimesOverMayLoseAFew() {
        AppFleet fleet = AppFleet.of(2, 10);
        for (int device = 2; device < 52; device++) {
            fleet.truth.put("device-" + device, new ArrayList<>(List.of(AppFleet.app(1), AppFleet.app(2))));
        }
        fleet.sweep(AppFleet.NONE);
        for (int device = 0; device < 8; device++) {
            fleet.truth.get("device-" + device).remove(AppFleet.app(1));
        }
        Verdict verdict = fleet.sweep(AppFleet.NONE);
        assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(verdict.retracted()).isEqualTo(8);
    }

    @Test
    void theBaselineIsNoGrowth() {
        AppFleet fleet = AppFleet.of(40, 10);
        fleet.truth.values().forEach(apps -> apps.remove(0));
        assertThat(fleet.sweep(AppFleet.NONE).outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(fleet.usages).isEqualTo(fleet.wanted());
    }
}
