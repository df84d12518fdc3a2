package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.FieldLie.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** What counts as standing time, held against a plain computation over the sweeps that took place. */
class StandingLawsTest {
    private static final long DAY = 24 * FieldFleet.HOUR;
    private static final long LONGEST_GAP = 3 * FieldFleet.HOUR;

    /** A complete sweep that showed the other serial number. */
    private record Shown(long begun, long ended) {}

    /**
     * The rule in words: gaps between neighbours, none longer than three hours, at least four, a day together. Of a clock that
     * goes back no time counts twice, unless it goes back by more than that.
     */
    private static boolean stood(List<Shown> sweeps) {
        long sum = 0;
        int gaps = 0;
        long latestEnd = Long.MIN_VALUE;
        for (Shown sweep : sweeps) {
            long gap = latestEnd == Long.MIN_VALUE ? 0 : sweep.begun() - latestEnd;
            if (gap > 0 && gap <= LONGEST_GAP) {
                sum += gap;
                gaps++;
            }
            boolean setBackFar = latestEnd != Long.MIN_VALUE && latestEnd - sweep.ended() > LONGEST_GAP;
            latestEnd = setBackFar ? sweep.ended() : Math.max(latestEnd, sweep.ended());
        }
        return gaps >= 4 && sum >= DAY;
    }

    @Property(tries = 500, seed = "15", shrinking = ShrinkingMode.OFF)
    void anotherSerialNumberIsBelievedExactlyWhenItHasStood(@ForAll long seed) {
        var random = new Random(seed);
        var fleet = new FieldFleet();
        for (int i = 0; i < 12; i++) {
            fleet.enrol(i, i);
        }
        fleet.look(fleet.honest());
        var shown = new ArrayList<Shown>();
        boolean believed = false;
        for (int look = 0; look < 25 && !believed; look++) {
            fleet.now += gap(random);
            int kind = random.nextInt(25);
            var sweep = kind == 0 ? DevicesSweep.ofSome() : fleet.list();
            boolean back = kind == 2;
            fleet.truth
                    .keySet()
                    .forEach(id -> fleet.add(
                            id,
                            id.equals("device-0") && !back ? Map.of(Field.SERIAL, FieldLie.other("OTHER")) : Map.of(),
                            sweep));
            if (kind == 1) {
                sweep.walk().fault("a page answered 500");
            }
            long begun = fleet.now;
            fleet.look(sweep);
            if (back) {
                shown.clear();
            } else if (kind > 1 || kind == 0 && shown.isEmpty()) {
                // A device read by itself may be the first to show it, and adds no time.
                shown.add(new Shown(begun, fleet.now));
            }
            believed = kind > 2 && stood(shown);
            assertThat(fleet.published.get("device-0").serialNumber()).isEqualTo(believed ? "OTHER" : "SER0");
        }
    }

    private static long gap(Random random) {
        long minute = 60_000;
        return switch (random.nextInt(12)) {
            case 0 -> LONGEST_GAP;
            case 1 -> LONGEST_GAP + 1;
            case 2 -> 72 * FieldFleet.HOUR;
            case 3 -> (random.nextInt(5) == 0 ? -200 : -2) * FieldFleet.HOUR;
            case 4 -> minute;
            default -> (100 + random.nextInt(80)) * minute;
        };
    }

    @Property(tries = 200, seed = "16", shrinking = ShrinkingMode.OFF)
    void oneLongStandingTimeNeedsFourGapsHoweverLongTheIntervalIs(@ForAll long seed) {
        var random = new Random(seed);
        long gap = (1 + random.nextInt(48)) * FieldFleet.HOUR;
        var rules = EvidenceRules.DEFAULT.forIntervals(Duration.ofHours(24), Duration.ofHours(24));
        Absence absence = Absence.first(Withheld.What.SERIAL, 7, 0);
        int sweeps = 1;
        for (long now = gap; sweeps < 60; now += gap, sweeps++) {
            boolean enough = sweeps - 1 >= 4 && (sweeps - 1) * gap >= DAY;
            assertThat(absence.stoodFor(rules.standing())).isEqualTo(enough);
            absence = Absence.again(absence, Withheld.What.SERIAL, 7, SweepTime.of(now, now, rules.devicesGap()));
        }
    }
}
