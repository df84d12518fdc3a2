package dev.kandjistream.posture.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.Outcome;
import dev.kandjistream.posture.domain.Policy;
import dev.kandjistream.posture.domain.Posture;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final Policy TODAY = new PolicyReader().read("""
            rules:
              - { name: lost, when: is_missing, outcome: deny }
              - { name: all, when: connection == "available", outcome: allow }
            """, "today.yml");
    private static final Policy TOMORROW = new PolicyReader().read("""
            rules:
              - { name: tagged, when: '"exec" in tags', outcome: monitor }
              - { name: lost, when: is_missing, outcome: deny }
              - { name: unmanaged, when: mdm_enabled == false, outcome: deny }
              - { name: macs, platform: macOS, when: connection == "available", outcome: allow }
              - { name: rest, when: connection == "available", outcome: allow }
            """, "tomorrow.yml");

    @Test
    void itIsCountedWhatWouldChangeAndForWhom() {
        List<Simulation.Subject> fleet = List.of(
                device("MAC1", true, false, "Mac"),
                device("MAC2", true, false, "Mac"),
                device("MAC3", false, false, "Mac"),
                device("MAC4", null, false, "Mac"),
                device("PAD1", true, false, "iPad"),
                device("LOST", true, true, "iPad"));

        Simulation.Report report = Simulation.run(fleet.stream(), TOMORROW, Optional.of(TODAY), 1);

        assertThat(report.devices()).isEqualTo(6);
        Simulation.Tally tomorrow = report.policy();
        assertThat(tomorrow.policyVersion()).isEqualTo(TOMORROW.version());
        assertThat(List.of(tomorrow.allowed(), tomorrow.denied(), tomorrow.monitored()))
                .containsExactly(3L, 3L, 6L);
        assertThat(tomorrow.decidedBy().toString()).isEqualTo("{lost=1, unmanaged=2, macs=2, rest=1, none=0}");
        assertThat(tomorrow.monitoredBy()).isEqualTo(Map.of("tagged", 6L));
        assertThat(tomorrow.missing()).isEqualTo(Map.of(Attribute.MDM_ENABLED, 1L, Attribute.TAGS, 6L));
        Simulation.Tally today = report.against().orElseThrow();
        assertThat(List.of(today.allowed(), today.denied(), today.monitored())).containsExactly(5L, 1L, 0L);
        assertThat(report.moves())
                .containsExactly(
                        new Simulation.Move(
                                new Simulation.Answer(Outcome.ALLOW, "all"),
                                new Simulation.Answer(Outcome.DENY, "unmanaged"),
                                2,
                                List.of("MAC3")),
                        new Simulation.Move(
                                new Simulation.Answer(Outcome.ALLOW, "all"),
                                new Simulation.Answer(Outcome.ALLOW, "macs"),
                                2,
                                List.of("MAC1")),
                        new Simulation.Move(
                                new Simulation.Answer(Outcome.ALLOW, "all"),
                                new Simulation.Answer(Outcome.ALLOW, "rest"),
                                1,
                                List.of("PAD1")));
        assertThat(report.moves()).extracting(Simulation.Move::decides).containsExactly(true, false, false);
    }

    @Property(tries = 100)
    void nothingIsLostAndNothingMovesAgainstItself(@ForAll long seed, @ForAll @IntRange(max = 50) int devices) {
        var chance = new Chance(seed);
        List<Simulation.Subject> fleet = Stream.generate(
                        () -> new Simulation.Subject("S", Posture.of(chance.attributes())))
                .limit(devices)
                .toList();
        Simulation.Report report = Simulation.run(fleet.stream(), TODAY, Optional.of(TOMORROW), 3);
        for (Simulation.Tally tally : List.of(report.policy(), report.against().orElseThrow())) {
            assertThat(tally.allowed() + tally.denied()).isEqualTo(devices);
            assertThat(tally.decidedBy().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(devices);
        }
        long gained = report.policy().allowed() - report.against().orElseThrow().allowed();
        long moved = report.moves().stream()
                .filter(Simulation.Move::decides)
                .mapToLong(move -> move.after().outcome() == Outcome.ALLOW ? move.devices() : -move.devices())
                .sum();
        assertThat(moved).isEqualTo(gained);
        assertThat(Simulation.run(fleet.stream(), TODAY, Optional.of(TODAY), 3).moves())
                .isEmpty();
    }

    private static Simulation.Subject device(String serial, Boolean mdm, boolean missing, String platform) {
        var attributes = new EnumMap<Attribute, Object>(Attribute.class);
        attributes.put(Attribute.CONNECTION, "available");
        attributes.put(Attribute.IS_MISSING, missing);
        attributes.put(Attribute.PLATFORM, platform);
        if (mdm != null) {
            attributes.put(Attribute.MDM_ENABLED, mdm);
        }
        return new Simulation.Subject(serial, Posture.of(attributes));
    }
}
