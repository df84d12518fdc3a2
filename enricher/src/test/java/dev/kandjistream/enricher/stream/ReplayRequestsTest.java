package dev.kandjistream.enricher.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.schemas.Replays;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A replay tells exactly what stands, under the same ids however often, and changes nothing of what is told later. */
class ReplayRequestsTest {
    private static final Instant NOW = Instant.parse("2025-06-01T00:00:00Z");

    @Property(tries = 150)
    void aReplayTellsTheStateThatTheEventsFoldTo(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int days) {
        Driver driver = new Driver();
        try {
            var folded = new TreeMap<String, String>();
            for (Step step : RandomFleet.steps(seed, days)) {
                driver = LawsTest.take(step, driver);
                fold(driver, folded);
            }
            List<Told> first = replay(driver, "one", Replays.entities());
            assertThat(first)
                    .allMatch(told -> told.text("op").equals("r")
                            && told.text("cause").equals("REPLAY")
                            && told.text("event_type").endsWith(".updated")
                            && told.before() == null);
            var again = new TreeMap<String, String>();
            first.forEach(told -> again.put(told.topic() + " " + told.key(), String.valueOf(told.after())));
            again.putAll(unattributed(driver));
            assertThat(again).isEqualTo(folded);

            assertThat(ids(replay(driver, "two", Replays.entities()))).isEqualTo(ids(first));
        } finally {
            driver.close();
        }
    }

    @Property(tries = 100)
    void aReplayChangesNothingOfWhatIsToldLater(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int days) {
        List<Step> steps = RandomFleet.steps(seed, days);
        assertThat(lived(steps, true)).isEqualTo(lived(steps, false));
    }

    private static List<String> lived(List<Step> steps, boolean replayed) {
        var told = new ArrayList<String>();
        Driver driver = new Driver();
        try {
            for (int i = 0; i < steps.size(); i++) {
                driver = LawsTest.take(steps.get(i), driver);
                Told.since(driver).forEach(event -> told.add(event + (event.isEvent() ? event.text("event_id") : "")));
                if (replayed) {
                    replay(driver, "replay-" + i, Replays.entities());
                }
            }
        } finally {
            driver.close();
        }
        return told;
    }

    @Test
    void onlyWhatIsAskedForIsToldAndNothingByADryRun() {
        try (var driver = new Driver()) {
            driver.device(Raw.DeviceRecord.mac("a-1", Raw.Who.ANN));
            driver.apps(Raw.AppsRecord.of("a-1", Raw.app("Slack", "com.slack", "1")));
            driver.device(Raw.DeviceRecord.mac("a-2", Raw.Who.NOBODY));
            Told.since(driver);
            driver.told(Driver.TOPICS.unattributed());

            assertThat(replay(driver, "seats", Set.of("licenses")))
                    .extracting(Told::toString)
                    .containsExactly("license.updated acme/a-1 r REPLAY");
            assertThat(unattributed(driver)).isEmpty();
            assertThat(driver.answers().get("seats/devices/0"))
                    .isEqualTo(new Replays.Answer("seats", "devices", 0, Map.of("licenses", 1L), true));

            ask(driver, new Replays.Request("dry", "acme", Replays.entities(), true, NOW));
            assertThat(Told.since(driver)).isEmpty();
            assertThat(unattributed(driver)).isEmpty();
            Map<String, Replays.Answer> answers = driver.answers();
            assertThat(answers.get("dry/devices/0").records())
                    .isEqualTo(Map.of("devices", 1L, "licenses", 1L, "unattributed", 1L));
            assertThat(answers.get("dry/users/0").records()).isEqualTo(Map.of("users", 1L, "usage", 1L));
        }
    }

    @Test
    void otherAccountsAreLeftAlone() {
        try (var driver = new Driver()) {
            driver.device(Raw.DeviceRecord.mac("a-1", Raw.Who.ANN));
            Told.since(driver);
            ask(driver, new Replays.Request("other", "acm", Replays.entities(), false, NOW));
            ask(driver, new Replays.Request("next", "acme2", Replays.entities(), false, NOW));
            assertThat(Told.since(driver)).isEmpty();
            ask(driver, new Replays.Request("mine", "acme", Replays.entities(), false, NOW));
            assertThat(Told.since(driver)).hasSize(3);
        }
    }

    @Test
    void aRequestIsCarriedOutOnceAndForgottenWhenItIsNoMoreAskedFor() {
        try (var driver = new Driver()) {
            driver.device(Raw.DeviceRecord.mac("a-1", Raw.Who.ANN));
            Told.since(driver);
            var request = new Replays.Request("once", null, Replays.entities(), false, NOW);
            ask(driver, request);
            assertThat(Told.since(driver)).hasSize(3);
            // As after a restart, which reads the topic again.
            driver.replays.open(List.of());
            driver.replays.open(List.of(request));
            driver.pass(Duration.ofSeconds(2));
            assertThat(Told.since(driver)).isEmpty();
            assertThat(progress(driver)).isEqualTo(2);
            driver.replays.open(List.of());
            driver.pass(Duration.ofSeconds(2));
            assertThat(progress(driver)).isZero();
        }
    }

    private static long progress(Driver driver) {
        long found = 0;
        for (String name : List.of(EnricherTopology.DEVICE_STORE, EnricherTopology.USER_STORE)) {
            try (var entries = driver.store(name).all()) {
                while (entries.hasNext()) {
                    found += entries.next().key.get()[0] == 'p' ? 1 : 0;
                }
            }
        }
        return found;
    }

    private static List<Told> replay(Driver driver, String id, Set<String> entities) {
        ask(driver, new Replays.Request(id, null, entities, false, NOW));
        return Told.since(driver);
    }

    private static void ask(Driver driver, Replays.Request request) {
        driver.replays.open(List.of(request));
        driver.pass(Duration.ofSeconds(2));
    }

    private static Map<String, String> ids(List<Told> told) {
        return told.stream()
                .collect(Collectors.toMap(event -> event.topic() + event.key(), event -> event.text("event_id")));
    }

    private static void fold(Driver driver, Map<String, String> state) {
        for (Told told : Told.since(driver)) {
            String key = told.topic() + " " + told.key();
            if (told.isEvent() && told.after() != null) {
                state.put(key, String.valueOf(told.after()));
            } else {
                state.remove(key);
            }
        }
        unattributed(driver).forEach((key, device) -> {
            if (device == null) {
                state.remove(key);
            } else {
                state.put(key, device);
            }
        });
    }

    private static Map<String, String> unattributed(Driver driver) {
        var last = new HashMap<String, String>();
        driver.told(Driver.TOPICS.unattributed())
                .forEach(record -> last.put(
                        "unattributed " + record.key(),
                        record.value() == null ? null : String.valueOf(record.value())));
        return last;
    }
}
