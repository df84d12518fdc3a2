package dev.kandjistream.enricher.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.licenses.License;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.avro.specific.SpecificRecord;

/** The law of the contract, over random days of a fleet and every interleaving of the raw topics. */
class LawsTest {
    private static final Set<String> WAYS = Set.of(
            "device.attributed r",
            "device.attributed c",
            "device.updated u",
            "device.seen u",
            "device.released d",
            "license.assigned r",
            "license.assigned c",
            "license.reassigned u",
            "license.updated u",
            "license.revoked d",
            "user.discovered r",
            "user.discovered c",
            "user.updated u",
            "user.removed d",
            "usage.started r",
            "usage.started c",
            "usage.updated u",
            "usage.ended d");

    @Property(tries = 150)
    void foldedEventsAreTheTruthAndEveryKeyTellsAnUnbrokenStory(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int days) {
        List<Step> steps = RandomFleet.steps(seed, days);
        var truth = new Truth();
        var told = new ArrayList<Told>();
        var periods = new ToldPeriods();
        var unattributed = new TreeMap<String, SpecificRecord>();
        Driver driver = new Driver();
        try {
            for (Step step : steps) {
                Set<String> causes = truth.causes(step);
                truth.see(step);
                driver = take(step, driver);
                List<Told> now = Told.since(driver);
                assertCauses(now, causes, step);
                periods.add(now);
                told.addAll(now);
                driver.told(Driver.TOPICS.unattributed()).forEach(r -> put(unattributed, r.key(), r.value()));
            }
            assertThat(driver.deadLetters()).isEmpty();
        } finally {
            driver.close();
        }
        assertThat(fold(told, "kandji.devices")).isEqualTo(truth.devices());
        assertThat(unattributed).isEqualTo(truth.unattributed());
        assertThat(fold(told, "kandji.licenses")).isEqualTo(truth.licenses());
        assertThat(fold(told, "kandji.users")).isEqualTo(truth.users());
        assertThat(fold(told, "kandji.usage")).isEqualTo(truth.usages());
        assertThat(periods.all()).isEqualTo(truth.periods());
        assertStoriesAreUnbroken(told);
        assertSeatsGoByThePerson(told);
        assertIdsAreUnique(told);
    }

    private static void assertCauses(List<Told> told, Set<String> causes, Step step) {
        for (Told record : told) {
            if (record.isEvent()) {
                assertThat(causes).as(record + " of " + step).contains(record.text("cause"));
            }
        }
    }

    /** From the events alone: a seat is reassigned if neither the id nor the email stays the same. */
    private static void assertSeatsGoByThePerson(List<Told> told) {
        for (Told record : told) {
            if (record.isEvent()
                    && record.topic().equals("kandji.licenses")
                    && record.text("op").equals("u")) {
                var before = (License) record.before();
                var after = (License) record.after();
                boolean same = before.getUserId().equals(after.getUserId())
                        || (before.getUserEmail() != null
                                && before.getUserEmail().equals(after.getUserEmail()));
                assertThat(record.text("event_type"))
                        .as(record.event().toString())
                        .isEqualTo(same ? "license.updated" : "license.reassigned");
                assertThat(after.getAssignedAt())
                        .isEqualTo(
                                same ? before.getAssignedAt() : record.event().get("observed_at"));
            }
        }
    }

    /** Holders of each seat, from the events: from the beginning until another person got it or it was revoked. */
    private static final class ToldPeriods {
        private final List<String> closed = new ArrayList<>();
        private final Map<String, Integer> open = new TreeMap<>();
        private int step;

        void add(List<Told> told) {
            step++;
            for (Told record : told) {
                boolean boundary = record.isEvent()
                        && record.topic().equals("kandji.licenses")
                        && !record.text("event_type").equals("license.updated");
                if (boundary && open.containsKey(record.key())) {
                    closed.add(record.key() + " " + open.remove(record.key()) + " to " + step);
                }
                if (boundary && record.after() != null) {
                    open.put(record.key(), step);
                }
            }
        }

        Set<String> all() {
            var all = new TreeSet<>(closed);
            open.forEach((key, since) -> all.add(key + " since " + since));
            return all;
        }
    }

    /** @return the driver that goes on: another one after a restart with other rules */
    static Driver take(Step step, Driver driver) {
        if (step instanceof Step.OtherRules other) {
            Driver next = driver.restartedWith(other.rules());
            next.pass(RulesPass.INTERVAL.multipliedBy(2));
            return next;
        }
        driver.record(step);
        return driver;
    }

    private static Map<String, SpecificRecord> fold(List<Told> told, String topic) {
        var state = new TreeMap<String, SpecificRecord>();
        for (Told record : told) {
            if (record.topic().equals(topic)) {
                put(state, record.key(), record.isEvent() ? record.after() : null);
            }
        }
        return state;
    }

    private static void put(Map<String, SpecificRecord> state, String key, SpecificRecord value) {
        if (value == null) {
            state.remove(key);
        } else {
            state.put(key, value);
        }
    }

    private static void assertStoriesAreUnbroken(List<Told> told) {
        var last = new HashMap<String, Told>();
        var created = new HashSet<String>();
        for (Told record : told) {
            String key = record.topic() + " " + record.key();
            Told before = last.put(key, record);
            if (!record.isEvent()) {
                assertThat(before.isEvent() && before.text("op").equals("d"))
                        .as(key)
                        .isTrue();
                assertThat(record.headers()).isEmpty();
                continue;
            }
            assertThat(before == null || !before.isEvent() || !before.text("op").equals("d"))
                    .as("a null record follows each d: " + key)
                    .isTrue();
            SpecificRecord stood = before == null || !before.isEvent() ? null : before.after();
            assertThat(record.before()).as(record.toString()).isEqualTo(stood);
            assertThat(record.before()).as(record.toString()).isNotEqualTo(record.after());
            assertThat(WAYS).contains(record.text("event_type") + " " + record.text("op"));
            if (record.text("op").equals("c")) {
                created.add(key);
            }
            if (record.text("op").equals("r")) {
                assertThat(created).as("r never follows c").doesNotContain(key);
                assertThat(record.text("cause")).isEqualTo("BASELINE");
            }
            assertThat(record.text("cause").equals("BASELINE")
                            && Set.of("c", "d").contains(record.text("op")))
                    .as(record.toString())
                    .isFalse();
        }
    }

    private static void assertIdsAreUnique(List<Told> told) {
        List<String> ids =
                told.stream().filter(Told::isEvent).map(r -> r.text("event_id")).toList();
        assertThat(ids).doesNotHaveDuplicates();
    }
}
