package dev.kandjistream.standalone.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.Outcome;
import dev.kandjistream.posture.policy.Simulation.Answer;
import dev.kandjistream.posture.policy.Simulation.Move;
import dev.kandjistream.posture.policy.Simulation.Report;
import dev.kandjistream.posture.policy.Simulation.Tally;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SimulationViewTest {
    private static final Terminal TERMINAL =
            Terminal.plain(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    private static final Tally NEW = new Tally(
            "9f2c04c1d7a1b3e8",
            1_180,
            20,
            35,
            inOrder("not-managed", 12L, "connected", 1_180L, "none", 8L),
            inOrder("old-system", 35L),
            Map.of(Attribute.MDM_ENABLED, 3L));
    private static final Tally OLD =
            new Tally("0000000000000000", 1_192, 8, 0, inOrder("connected", 1_192L, "none", 8L), Map.of(), Map.of());
    private static final List<Move> MOVES = List.of(new Move(
            new Answer(Outcome.ALLOW, "connected"), new Answer(Outcome.DENY, "not-managed"), 12, List.of("C02XK1")));

    @Test
    void peopleSeeWhoIsAllowedByWhichRuleAndWhatChanges() {
        String text = String.join("\n", new SimulationTable(TERMINAL).lines(report()));

        assertThat(text.stripIndent()).isEqualTo("""
                  1,200 devices                         policy       today
                  allowed                                1,180       1,192
                  denied                                    20           8
                  monitored, among them                     35           0

                  decided by
                  not-managed                               12           0
                  connected                              1,180       1,192
                  no rule                                    8           8

                  monitored by
                  old-system                                35           0

                  matched because it was missing
                  mdm_enabled                                3

                  what changes
                  ✘ 12: allow by connected → deny by not-managed
                      such as C02XK1""");
    }

    @Test
    void withoutAnotherPolicyNothingIsSaidOfChanges() {
        var alone = new Report(1_200, NEW, Optional.empty(), List.of());

        assertThat(String.join("\n", new SimulationTable(TERMINAL).lines(alone)))
                .doesNotContain("today")
                .doesNotContain("change");
    }

    @Test
    void programsReadTheSame() throws Exception {
        JsonNode json = new ObjectMapper().readTree(SimulationJson.of(report()));

        assertThat(json.path("devices").asLong()).isEqualTo(1_200);
        assertThat(json.path("policy").path("version").asText()).isEqualTo("9f2c04c1d7a1b3e8");
        assertThat(json.path("policy").path("decided_by").path("none").asLong()).isEqualTo(8);
        assertThat(json.path("policy").path("monitored_by").path("old-system").asLong())
                .isEqualTo(35);
        assertThat(json.path("policy").path("missing").path("mdm_enabled").asLong())
                .isEqualTo(3);
        assertThat(json.path("against").path("allowed").asLong()).isEqualTo(1_192);
        assertThat(json.at("/changes/0/after/decision").asText()).isEqualTo("deny");
        assertThat(json.at("/changes/0/examples/0").asText()).isEqualTo("C02XK1");
    }

    private static Report report() {
        return new Report(1_200, NEW, Optional.of(OLD), MOVES);
    }

    private static Map<String, Long> inOrder(Object... rules) {
        var map = new LinkedHashMap<String, Long>();
        for (int i = 0; i < rules.length; i += 2) {
            map.put((String) rules[i], (Long) rules[i + 1]);
        }
        return map;
    }
}
