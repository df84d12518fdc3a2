package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.poller.domain.FieldFleet.Truth;
import dev.kandjistream.poller.domain.FieldLie.Field;
import dev.kandjistream.poller.domain.FieldLie.Form;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * What holds of every fleet whose rows lose, blank, retype and swap fields, in sweeps that are cut, paused, uneven and read
 * by a clock that is set. Left out is what no reader of such an API could tell from the truth:
 *
 * <ul>
 *   <li><b>The same statement about the same device in two complete sweeps in a row</b>: that it is absent or removed, or
 *       has no user, another one or another user id. A device about which this was said wrongly is next said to be as it is.
 *   <li><b>A field missing or another for the standing time</b> where the rules believe that one day: a missing user,
 *       another known platform, another serial number. An episode of faults has nine sweeps with eight gaps that count,
 *       of less than three hours each; a sweep without faults ends it.
 *   <li><b>A first user, platform or serial number.</b> What adds goes out from any sweep, so a wrong one does, too; the laws
 *       are about what ends and moves.
 *   <li><b>Approvals</b> while faults last. Operators reject by chance.
 * </ul>
 */
class FieldFaultLawsTest {
    private static final int LOOKS = 9;
    private static final long MINUTE = 60_000;
    private static final long HOUR = FieldFleet.HOUR;
    private static final long[] GAPS = {
        MINUTE, 20 * MINUTE, HOUR, 2 * HOUR, 174 * MINUTE, 174 * MINUTE, 10 * HOUR, 72 * HOUR, -5 * HOUR
    };

    private FieldFleet fleet;
    private final Set<String> liedAbout = new HashSet<>();
    private Random random;

    private void begin(long seed) {
        random = new Random(seed);
        fleet = new FieldFleet();
        liedAbout.clear();
    }

    private void enrolAll() {
        int devices = random.nextInt(3) == 0 ? 1 + random.nextInt(6) : 14 + random.nextInt(20);
        for (int i = 0; i < devices; i++) {
            fleet.enrol(i, random.nextInt(6) == 0 ? null : i);
        }
    }

    private void evolve() {
        if (random.nextInt(2) == 0) {
            return;
        }
        var all = new ArrayList<>(fleet.truth.keySet());
        String id = all.isEmpty() ? "none" : all.get(random.nextInt(all.size()));
        Truth was = fleet.truth.get(id);
        int what = was == null ? 0 : random.nextInt(6);
        switch (what) {
            case 0 -> fleet.enrol(100 + random.nextInt(1000), random.nextInt(40));
            case 1 -> fleet.truth.remove(id);
            case 2 -> fleet.truth.put(id, new Truth(null, was.platform(), was.serial(), was.removed()));
            case 3 -> fleet.truth.put(id, new Truth(random.nextInt(40), was.platform(), was.serial(), was.removed()));
            case 4 -> fleet.truth.put(id, new Truth(was.user(), was.platform(), was.serial(), !was.removed()));
            default -> {
                for (String one : all) {
                    fleet.truth.computeIfPresent(
                            one,
                            (key, device) -> random.nextInt(3) > 0
                                    ? device
                                    : new Truth(
                                            random.nextInt(40), device.platform(), device.serial(), device.removed()));
                }
            }
        }
    }

    /** One field of one device, or a kind of loss that hits many. */
    private Map<Field, FieldLie> lies(String id, double often, Field everywhere, Form form) {
        var lies = new EnumMap<Field, FieldLie>(Field.class);
        for (Field field : Field.values()) {
            if (random.nextDouble() < often) {
                lie(id, field, Form.values()[random.nextInt(Form.values().length)], lies);
            }
        }
        if (everywhere != null && random.nextInt(10) > 0) {
            lie(id, everywhere, form, lies);
        }
        if (lies.isEmpty()) {
            liedAbout.remove(id);
        }
        return lies;
    }

    private void lie(String id, Field field, Form form, Map<Field, FieldLie> lies) {
        if (form == Form.STRANGE && field != Field.PLATFORM
                || FieldLie.isStatement(field, form) && !liedAbout.add(id)) {
            return;
        }
        String other = String.valueOf(random.nextInt(40));
        String value =
                switch (field) {
                    case USER -> other;
                    case USER_ID -> "id-" + other;
                    case USER_EMAIL -> "mail-" + other;
                    case PLATFORM -> List.of("Mac", "iPhone", "iPad").get(random.nextInt(3));
                    case SERIAL -> "SER" + other;
                    case REMOVED -> "true";
                };
        lies.put(field, form == Form.OTHER ? FieldLie.other(value) : FieldLie.of(form));
    }

    /** Any sweep that the evidence rules can tell from the truth. */
    private DevicesSweep faulty() {
        if (random.nextInt(8) == 0) {
            return fleet.list();
        }
        boolean some = random.nextInt(4) == 0;
        double often = List.of(0.0, 0.05, 0.3, 0.9).get(random.nextInt(4));
        Field everywhere = random.nextInt(3) == 0 ? Field.values()[random.nextInt(6)] : null;
        Form form = Form.values()[random.nextInt(5)];
        var sweep = some ? DevicesSweep.ofSome() : fleet.list();
        int stopAfter = random.nextInt(5) == 0 ? random.nextInt(10) : Integer.MAX_VALUE;
        for (String id : fleet.truth.keySet()) {
            if (sweep.devices() >= stopAfter) {
                sweep.walk().fault("a page answered 500");
                break;
            }
            int luck = random.nextInt(40);
            if (some && random.nextInt(3) > 0 || luck == 0 && !some && liedAbout.add(id)) {
                continue;
            }
            if (some && luck == 1 && liedAbout.add(id)) {
                sweep.notFound(id);
            } else if (luck == 2) {
                sweep.unread(id, "its row has 70000 bytes");
            } else {
                fleet.add(id, lies(id, often, everywhere, form), sweep);
            }
        }
        return sweep;
    }

    private void lookAndCheck(DevicesSweep sweep) {
        Map<String, DeviceRow> before = Map.copyOf(fleet.published);
        Verdict verdict = fleet.look(sweep);
        assertThat(fleet.endedWithoutTruth(before)).as("ended without truth").isEmpty();
        assertThat(fleet.falselyConfirmed()).as("falsely confirmed").isEmpty();
        assertThat(fleet.needlesslyUnconfirmed()).as("needlessly unconfirmed").isEmpty();
        if (verdict.outcome() == Verdict.Outcome.INCOMPLETE || sweep.isPartial()) {
            assertThat(verdict.retracted()).isZero();
        }
        if (verdict.withheld() == 0) {
            Verdict again = DevicesJudge.judge(fleet.ledger, sweep, fleet.rules, fleet.now);
            assertThat(again.decisions())
                    .allMatch(decision ->
                            decision.publication() == Decision.Nothing.NOTHING && decision.unconfirmed() == null);
        }
    }

    private void play(long seed) {
        begin(seed);
        enrolAll();
        fleet.look(fleet.honest());
        for (int episode = 1 + random.nextInt(3); episode > 0; episode--) {
            for (int look = random.nextInt(LOOKS + 1); look > 0; look--) {
                fleet.now += GAPS[random.nextInt(GAPS.length)];
                evolve();
                lookAndCheck(faulty());
                if (random.nextInt(4) == 0) {
                    fleet.order("reject", Set.of());
                }
            }
            fleet.now += HOUR;
            lookAndCheck(fleet.honest());
            liedAbout.clear();
        }
    }

    @Property(tries = 400, seed = "10", shrinking = ShrinkingMode.OFF)
    void nothingEndsThatTheFleetDidNotEndAndWhatIsNotConfirmedIsNamed(@ForAll long seed) {
        play(seed);
    }

    @Property(tries = 150, seed = "11", shrinking = ShrinkingMode.OFF)
    void whenFaultsEndTheTopicsTellTheTruthAndNothingIsUnconfirmed(@ForAll long seed) {
        play(seed);
        fleet.settle();
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
        assertThat(fleet.unconfirmed).isEmpty();
        fleet.now += HOUR;
        assertThat(fleet.look(fleet.honest()).decisions()).isEmpty();
    }

    /** For months, with an operator who rejects: a field that every device has is not lost by time. */
    @Property(tries = 50, seed = "12", shrinking = ShrinkingMode.OFF)
    void aFieldThatIsLostRetypedOrRenamedForGoodTakesNothing(@ForAll long seed) {
        begin(seed);
        enrolAll();
        fleet.look(fleet.honest());
        Map<String, Map<Field, FieldLie>> forGood = new TreeMap<>();
        double often = List.of(0.03, 0.5, 1.0).get(random.nextInt(3));
        for (String id : fleet.truth.keySet()) {
            forGood.put(id, new EnumMap<>(Field.class));
            for (Field field : List.of(Field.USER_ID, Field.PLATFORM, Field.SERIAL, Field.REMOVED)) {
                Form form = Form.values()[random.nextInt(3)];
                if (random.nextDouble() < often) {
                    forGood.get(id).put(field, FieldLie.of(form));
                }
            }
            if (random.nextInt(5) == 0) {
                forGood.get(id).put(Field.USER, FieldLie.of(Form.UNREAD));
            } else if (random.nextInt(5) == 0) {
                forGood.get(id).put(Field.PLATFORM, FieldLie.of(Form.STRANGE));
            }
        }
        for (int sweep = 0; sweep < 60; sweep++) {
            fleet.now += 2 * HOUR + random.nextInt(60) * MINUTE;
            var list = fleet.list();
            forGood.forEach((id, lies) -> fleet.add(id, lies, list));
            lookAndCheck(list);
            if (random.nextInt(10) == 0) {
                fleet.order("reject", Set.of());
            }
        }
        fleet.settle();
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }

    /** Everything at once: no device, no user, one user, all removed, one platform; each for days. */
    @Property(tries = 60, seed = "13", shrinking = ShrinkingMode.OFF)
    void theLossOfEverythingIsNotBelievedByTime(@ForAll long seed) {
        begin(seed);
        enrolAll();
        fleet.look(fleet.honest());
        int what = random.nextInt(5);
        for (int sweep = 0; sweep < 30; sweep++) {
            fleet.now += 2 * HOUR;
            var list = fleet.list();
            if (what > 0) {
                for (String id : fleet.truth.keySet()) {
                    FieldLie lie =
                            switch (what) {
                                case 1 -> FieldLie.of(Form.BLANK);
                                case 2 -> FieldLie.of(Form.MISSING);
                                default -> FieldLie.other(what == 3 ? "77" : "true");
                            };
                    fleet.add(id, Map.of(what == 4 ? Field.REMOVED : Field.USER, lie), list);
                }
            }
            Map<String, DeviceRow> before = Map.copyOf(fleet.published);
            fleet.look(list);
            if (before.values().stream().anyMatch(DeviceRow::attributed)) {
                assertThat(fleet.endedWithoutTruth(before)).isEmpty();
            }
        }
    }

    /** Rows that the baseline cannot read are state when they can be read, once. */
    @Property(tries = 100, seed = "14", shrinking = ShrinkingMode.OFF)
    void whatTheBaselineCouldNotReadIsOwedOnce(@ForAll long seed) {
        begin(seed);
        for (int i = 0; i < 20; i++) {
            fleet.enrol(i, i);
        }
        List<Integer> readableFrom = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            readableFrom.add(random.nextInt(10) < 8 ? 0 : random.nextInt(5));
        }
        Field field = random.nextBoolean() ? Field.USER : Field.PLATFORM;
        for (int sweep = 0; sweep < 6; sweep++) {
            fleet.now += HOUR;
            var list = fleet.list();
            for (int i = 0; i < 20; i++) {
                String id = "device-" + i;
                if (sweep >= readableFrom.get(i)) {
                    fleet.add(id, Map.of(), list);
                } else if (i % 2 == 0) {
                    list.unread(id, "a field twice");
                } else {
                    fleet.add(id, Map.of(field, FieldLie.of(Form.UNREAD)), list);
                }
            }
            if (sweep == 1) {
                fleet.enrol(50, 50);
            }
            if (sweep > 0) {
                fleet.add("device-50", Map.of(), list);
            }
            lookAndCheck(list);
        }
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
        fleet.firstPublished.forEach(
                (id, asNews) -> assertThat(asNews).as(id).isEqualTo(id.equals("device-50") ? 1 : 0));
        for (int i = 0; i < 20; i++) {
            assertThat(fleet.owed.get("device-" + i)).isEqualTo(readableFrom.get(i) > 0 ? 1 : 0);
        }
    }
}
