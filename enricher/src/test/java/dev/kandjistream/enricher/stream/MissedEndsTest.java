package dev.kandjistream.enricher.stream;

import static dev.kandjistream.enricher.stream.Raw.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.enricher.stream.Raw.AppsRecord;
import dev.kandjistream.enricher.stream.Raw.DeviceRecord;
import dev.kandjistream.enricher.stream.Raw.Who;
import dev.kandjistream.licenses.License;
import dev.kandjistream.schemas.Keys;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** An enricher that was away until the tombstones were gone ends what the raw topics no longer hold, and nothing else. */
class MissedEndsTest {
    private static final Instant TEN = Instant.parse("2025-03-01T10:00:00Z");
    private static final Instant ELEVEN = TEN.plusSeconds(3600);

    private static byte[] key(String device) {
        return Keys.of("acme", device).getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> events(Driver driver) {
        return Told.since(driver).stream()
                .filter(Told::isEvent)
                .map(Told::toString)
                .toList();
    }

    private static Driver withTwoMacs() {
        var driver = new Driver();
        driver.device(DeviceRecord.mac("d1", Who.ANN).in(SweepId.at(TEN), TEN));
        driver.apps(AppsRecord.of("d1", app("Figma", "com.figma", "1")).in(SweepId.at(TEN), TEN));
        driver.device(DeviceRecord.mac("d2", Who.BOB).in(SweepId.at(TEN), TEN));
        driver.apps(AppsRecord.of("d2", app("Zoom", "com.zoom", "1")).in(SweepId.at(TEN), TEN));
        events(driver);
        return driver;
    }

    private static final Instant LATER = TEN.plusSeconds(365L * 24 * 3600);
    private static final RawKeys.Span ALL = new RawKeys.Span(null, LATER);

    private static RawKeys keys(List<String> devices, List<String> apps) {
        return keys(ALL, devices, apps);
    }

    private static RawKeys keys(RawKeys.Span span, List<String> devices, List<String> apps) {
        var keys = new RawKeys(span, span);
        devices.forEach(device -> keys.add(false, key(device), true));
        apps.forEach(device -> keys.add(true, key(device), true));
        return keys;
    }

    @Test
    void whatHasNoRecordEndsBeforeAnyRecordIsRead() {
        try (Driver driver = withTwoMacs().restartedAfterAbsence(Driver.RULES, keys(List.of("d2"), List.of("d2")))) {
            driver.device(DeviceRecord.mac("d2", Who.BOB).in(SweepId.at(TEN), TEN));
            assertThat(events(driver))
                    .contains(
                            "license.revoked acme/d1 d DEVICE_REMOVED",
                            "usage.ended acme/7/com.figma d DEVICE_REMOVED",
                            "user.removed acme/7 d DEVICE_REMOVED")
                    .noneMatch(line -> line.contains("d2") || line.contains("acme/8"));
        }
    }

    @Test
    void aPartitionWithoutRecordsIsComparedToo() {
        try (Driver driver = withTwoMacs().restartedAfterAbsence(Driver.RULES, keys(List.of(), List.of()))) {
            driver.pass(RulesPass.INTERVAL);
            assertThat(events(driver))
                    .contains("license.revoked acme/d1 d DEVICE_REMOVED", "license.revoked acme/d2 d DEVICE_REMOVED");
        }
    }

    @Test
    void appsWithoutTheirDeviceEndAlone() {
        try (Driver driver =
                withTwoMacs().restartedAfterAbsence(Driver.RULES, keys(List.of("d1", "d2"), List.of("d2")))) {
            driver.pass(RulesPass.INTERVAL);
            assertThat(events(driver)).anyMatch(line -> line.startsWith("usage.ended acme/7/com.figma d"));
            assertThat(events(driver)).noneMatch(line -> line.startsWith("license"));
        }
    }

    /** It is enrolled again after the raw topics were looked through, by a record that another instance reads. */
    @Test
    void whatWasReadAfterTheTopicsWereLookedThroughStands() {
        RawKeys missed = keys(new RawKeys.Span(null, TEN.plusSeconds(1)), List.of("d2"), List.of("d2"));
        Driver driver = withTwoMacs().restartedAfterAbsence(Driver.RULES, missed);
        driver.pass(RulesPass.INTERVAL);
        assertThat(events(driver)).contains("license.revoked acme/d1 d DEVICE_REMOVED");
        driver.device(DeviceRecord.mac("d1", Who.ANN).in(SweepId.at(ELEVEN), ELEVEN));
        driver.apps(AppsRecord.of("d1", app("Figma", "com.figma", "1")).in(SweepId.at(ELEVEN), ELEVEN));
        events(driver);
        driver = driver.restartedAfterAbsence(Driver.RULES, missed);
        driver.pass(RulesPass.INTERVAL);
        assertThat(events(driver)).isEmpty();
        driver.close();
    }

    /** The topic was created again since: the new one need not hold what the poller cannot read any more. */
    @Test
    void whatWasReadFromAFormerTopicStands() {
        var since = new RawKeys.Span(TEN.plusSeconds(1), LATER);
        Driver driver = withTwoMacs();
        driver.device(DeviceRecord.mac("d3", Who.ANN).in(SweepId.at(ELEVEN), ELEVEN));
        events(driver);
        driver = driver.restartedAfterAbsence(Driver.RULES, keys(since, List.of(), List.of()));
        driver.pass(RulesPass.INTERVAL);
        assertThat(events(driver))
                .contains("license.revoked acme/d3 d DEVICE_REMOVED")
                .noneMatch(line -> line.contains("d1") || line.contains("d2") || line.startsWith("usage"));
        driver.close();
    }

    /** As the second one does, of a hop that was killed before it could store that it has caught up. */
    @Test
    void anotherComparisonEndsWhatEndedInBetween() {
        Driver driver =
                withTwoMacs().restartedAfterAbsence(Driver.RULES, keys(List.of("d1", "d2"), List.of("d1", "d2")));
        driver.pass(RulesPass.INTERVAL);
        assertThat(events(driver)).isEmpty();
        driver = driver.restartedAfterAbsence(Driver.RULES, keys(List.of("d2"), List.of("d2")));
        driver.pass(RulesPass.INTERVAL);
        assertThat(events(driver)).contains("license.revoked acme/d1 d DEVICE_REMOVED");
        driver.close();
    }

    /** Compaction leaves the last record of each key, and no tombstone. */
    @Property(tries = 150)
    void whateverHappenedMeanwhileTheOutcomeIsTheTruth(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 60) int days,
            @ForAll @IntRange(min = 0, max = 100) int percent) {
        List<Step> steps = whole(RandomFleet.steps(seed, days));
        int leaves = steps.size() * percent / 100;
        var truth = new Truth();
        steps.forEach(truth::see);
        var told = new ArrayList<Told>();
        Driver driver = new Driver();
        try {
            for (Step step : steps.subList(0, leaves)) {
                driver.record(step);
                told.addAll(Told.since(driver));
            }
            var missed = new RawKeys(ALL, ALL);
            var standing = new LinkedHashMap<String, Step>();
            steps.forEach(step -> compact(step, standing, missed));
            driver = driver.restartedAfterAbsence(Driver.RULES, missed);
            driver.pass(RulesPass.INTERVAL);
            for (Step step : steps.subList(leaves, steps.size())) {
                if (standing.containsValue(step)) {
                    driver.record(step);
                }
            }
            told.addAll(Told.since(driver));
        } finally {
            driver.close();
        }
        assertThat(standing(told, "kandji.devices")).isEqualTo(truth.devices().keySet());
        assertThat(holders(told)).isEqualTo(holdersOf(truth));
        assertThat(standing(told, "kandji.users")).isEqualTo(truth.users().keySet());
        assertThat(standing(told, "kandji.usage")).isEqualTo(truth.usages().keySet());
    }

    /** Rows that are kept are those of records that compaction took; rules are the same throughout. */
    private static List<Step> whole(List<Step> steps) {
        return steps.stream()
                .filter(step -> !(step instanceof Step.OtherRules))
                .map(step -> step instanceof Step.OfApps apps
                        ? new Step.OfApps(apps.apps().keepingRows(false))
                        : step)
                .toList();
    }

    private static void compact(Step step, Map<String, Step> standing, RawKeys keys) {
        if (step instanceof Step.OfDevice device) {
            standing.put("d " + device.device().id(), step);
            keys.add(false, key(device.device().id()), true);
        } else if (step instanceof Step.OfApps apps) {
            standing.put("a " + apps.apps().id(), step);
            keys.add(true, key(apps.apps().id()), true);
        } else if (step instanceof Step.DeviceGone gone) {
            standing.remove("d " + gone.id());
            keys.add(false, key(gone.id()), false);
        } else if (step instanceof Step.AppsGone gone) {
            standing.remove("a " + gone.id());
            keys.add(true, key(gone.id()), false);
        }
    }

    private static Set<String> standing(List<Told> told, String topic) {
        var keys = new TreeSet<String>();
        told.stream().filter(record -> record.topic().equals(topic)).forEach(record -> {
            if (record.isEvent() && record.after() != null) {
                keys.add(record.key());
            } else {
                keys.remove(record.key());
            }
        });
        return keys;
    }

    private static Map<String, String> holders(List<Told> told) {
        var holders = new TreeMap<String, String>();
        told.stream().filter(record -> record.topic().equals("kandji.licenses")).forEach(record -> {
            if (record.isEvent() && record.after() != null) {
                holders.put(record.key(), ((License) record.after()).getUserId());
            } else {
                holders.remove(record.key());
            }
        });
        return holders;
    }

    private static Map<String, String> holdersOf(Truth truth) {
        var holders = new TreeMap<String, String>();
        truth.licenses().forEach((key, license) -> holders.put(key, license.getUserId()));
        return holders;
    }

    @Test
    void rulesThatChangedMeanwhileAreAppliedAsWell() {
        var higher = new Rules(2, Set.of("zoom"), Set.of("Mac"));
        try (Driver driver = withTwoMacs().restartedAfterAbsence(higher, keys(List.of("d2"), List.of("d2")))) {
            driver.pass(RulesPass.INTERVAL.multipliedBy(2));
            assertThat(events(driver))
                    .contains(
                            "license.revoked acme/d1 d DEVICE_REMOVED", "usage.ended acme/8/com.zoom d RULES_CHANGED");
        }
    }
}
