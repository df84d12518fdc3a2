package dev.kandjistream.enricher.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.enricher.stream.Raw.AppsRecord;
import dev.kandjistream.enricher.stream.Raw.DeviceRecord;
import dev.kandjistream.enricher.stream.Raw.Who;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * A reader without offsets reads history again: all of it, some of it, or what compaction has left of it. State that is
 * newer stands as if nothing had been read.
 */
class ReplayLawsTest {
    /** How much of a history is read again. */
    enum Again {
        ALL {
            @Override
            List<Step> of(List<Step> history, Random random) {
                return history;
            }
        },
        SUFFIX {
            @Override
            List<Step> of(List<Step> history, Random random) {
                return history.subList(random.nextInt(history.size() + 1), history.size());
            }
        },
        COMPACTED {
            @Override
            List<Step> of(List<Step> history, Random random) {
                var last = new LinkedHashMap<String, Step>();
                for (Step step : history) {
                    last.remove(key(step));
                    last.put(key(step), step);
                }
                return List.copyOf(last.values());
            }
        },
        /** Compaction has come through some segments only. */
        SOME {
            @Override
            List<Step> of(List<Step> history, Random random) {
                return history.stream().filter(step -> random.nextInt(3) > 0).toList();
            }
        };

        abstract List<Step> of(List<Step> history, Random random);
    }

    @Property(tries = 300)
    void historyReadAgainChangesNothingNowOrLater(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int days, @ForAll Again again) {
        List<Step> steps = RandomFleet.steps(seed, days);
        var random = new Random(seed);
        int cut = random.nextInt(steps.size() + 1);
        List<Step> history =
                steps.subList(0, cut).stream().filter(ReplayLawsTest::isRecord).toList();
        List<String> told = lived(steps, steps.size(), List.of());

        assertThat(lived(steps, cut, interleaved(again.of(history, random), random)))
                .isEqualTo(told);
    }

    /** One app under the rules now, two under those that the record was first read by. */
    @Test
    void aRecordThatKeepsRowsIsReadAgainUnderOtherRules() {
        var apps = AppsRecord.of("d1", Raw.app("Figma", "com.figma", "1"));
        var helper = AppsRecord.of("d1", Raw.app("Figma Helper", "com.figma", "1"))
                .in("a2", Instant.parse("2025-03-02T00:00:00Z"))
                .keepingRows(true);
        List<Step> records = List.of(
                new Step.OfDevice(DeviceRecord.mac("d1", Who.ANN)), new Step.OfApps(apps), new Step.OfApps(helper));
        Rules byName = new Rules(2, Set.of("helper"), Set.of("Mac"), Set.of("com.figma"));
        Rules byBundleId = new Rules(3, Set.of("helper"), Set.of("Mac"), Set.of());
        List<Step> steps = Stream.concat(
                        Stream.concat(Stream.of(new Step.OtherRules(byName)), records.stream()),
                        Stream.of(new Step.OtherRules(byBundleId)))
                .toList();
        assertThat(lived(steps, steps.size(), records)).isEqualTo(lived(steps, steps.size(), List.of()));
    }

    /** The differences for users are records too, and are read again with the rest. */
    @Property(tries = 150)
    void differencesForUsersReadAgainChangeNothingNowOrLater(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int days) {
        List<Step> steps = RandomFleet.steps(seed, days);
        var random = new Random(seed);
        int cut = random.nextInt(steps.size() + 1);
        List<String> told = lived(steps, steps.size(), List.of());

        var all = new ArrayList<String>();
        Driver driver = new Driver();
        try {
            var ways = new ArrayList<Driver.ToUsers>();
            for (int i = 0; i < steps.size(); i++) {
                if (i == cut) {
                    int from = random.nextInt(ways.size() + 1);
                    for (Driver.ToUsers way : ways.subList(from, ways.size())) {
                        driver.again(way);
                    }
                    assertThat(tellings(driver)).isEmpty();
                }
                driver = LawsTest.take(steps.get(i), driver);
                all.addAll(tellings(driver));
                ways.addAll(driver.toUsers());
            }
        } finally {
            driver.close();
        }
        assertThat(all).isEqualTo(told);
    }

    /** Everything told by a history in which something is read again before the step {@code cut}. */
    private static List<String> lived(List<Step> steps, int cut, List<Step> again) {
        var told = new ArrayList<String>();
        Driver driver = new Driver();
        try {
            for (int i = 0; i <= steps.size(); i++) {
                if (i == cut) {
                    again.forEach(driver::record);
                    assertThat(tellings(driver))
                            .as("told by what is read again")
                            .isEmpty();
                }
                if (i < steps.size()) {
                    driver = LawsTest.take(steps.get(i), driver);
                    told.addAll(tellings(driver));
                }
            }
            assertThat(driver.deadLetters()).isEmpty();
        } finally {
            driver.close();
        }
        return told;
    }

    private static List<String> tellings(Driver driver) {
        var all = new ArrayList<String>();
        for (Told told : Told.since(driver)) {
            String event = told.isEvent()
                    ? told.text("event_id") + told.text("observed_at") + told.text("before") + told.text("after")
                    : "";
            all.add(told.topic() + " " + told + " " + event);
        }
        driver.told(Driver.TOPICS.unattributed()).forEach(r -> all.add("unattributed " + r.key() + " " + r.value()));
        return all;
    }

    /** Each topic keeps its order, one topic may run ahead of the other. */
    private static List<Step> interleaved(List<Step> steps, Random random) {
        var devices = new ArrayDeque<>(
                steps.stream().filter(ReplayLawsTest::isOfDevice).toList());
        var apps = new ArrayDeque<>(
                steps.stream().filter(step -> !isOfDevice(step)).toList());
        var all = new ArrayList<Step>();
        while (!devices.isEmpty() || !apps.isEmpty()) {
            boolean device = apps.isEmpty() || (!devices.isEmpty() && random.nextBoolean());
            all.add((device ? devices : apps).removeFirst());
        }
        return all;
    }

    private static boolean isRecord(Step step) {
        return !(step instanceof Step.OtherRules);
    }

    private static boolean isOfDevice(Step step) {
        return step instanceof Step.OfDevice || step instanceof Step.DeviceGone;
    }

    private static String key(Step step) {
        if (step instanceof Step.OfDevice device) {
            return "d" + device.device().id();
        }
        if (step instanceof Step.OfApps apps) {
            return "a" + apps.apps().id();
        }
        return step instanceof Step.DeviceGone gone ? "d" + gone.id() : "a" + ((Step.AppsGone) step).id();
    }
}
