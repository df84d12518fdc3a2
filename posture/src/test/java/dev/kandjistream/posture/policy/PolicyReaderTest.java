package dev.kandjistream.posture.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kandjistream.config.ConfigException;
import dev.kandjistream.config.Fault;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.LiveLookup;
import dev.kandjistream.posture.domain.OsVersion;
import dev.kandjistream.posture.domain.Outcome;
import dev.kandjistream.posture.domain.Platform;
import dev.kandjistream.posture.domain.Policy;
import dev.kandjistream.posture.domain.Posture;
import dev.kandjistream.posture.domain.Rule;
import dev.kandjistream.posture.domain.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyReaderTest {
    private static final PolicyReader READER = new PolicyReader();

    @Test
    void aPolicyIsReadWhole() {
        String text = """
                live_lookup: { when: [unknown], deadline: 1500ms }
                no_match: |
                  Not this device.
                rules:
                  - name: not-managed
                    platform: macOS
                    when: mdm_enabled == false
                    outcome: deny
                    notification: |
                      Your Mac is **not managed**.

                      Ask IT: it costs $5, ${NAME} and nothing else.
                  - name: rest
                    when: true
                    outcome: ALLOW
                """;
        Policy policy = READER.read(text, "policy.yml");

        assertThat(policy.liveLookup()).isEqualTo(new LiveLookup(true, false, Duration.ofMillis(1500)));
        assertThat(policy.noMatchNotification()).isEqualTo("Not this device.");
        assertThat(policy.rules()).extracting(Rule::name).containsExactly("not-managed", "rest");
        assertThat(policy.rules())
                .extracting(Rule::platform)
                .containsExactly(Optional.of(Platform.MAC_OS), Optional.empty());
        assertThat(policy.rules()).extracting(Rule::outcome).containsExactly(Outcome.DENY, Outcome.ALLOW);
        assertThat(policy.rules().get(0).notification())
                .isEqualTo("Your Mac is **not managed**.\n\nAsk IT: it costs $5, ${NAME} and nothing else.");
        // From sha256sum, of a file with one line: rules: []
        assertThat(PolicyReader.version("rules: []\n")).isEqualTo("e0dfa70eb69d47fe");
    }

    @Test
    void withoutTheKeyTheApiIsNeverAsked() {
        assertThat(READER.read("rules: [{name: a, when: true, outcome: deny}]", "p")
                        .liveLookup())
                .isEqualTo(LiveLookup.NEVER);
    }

    /** What each outcome makes of it: allow, monitor, deny. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " | ",
            quoteCharacter = '~',
            value = {
                // There: false. Missing: all the others.
                "mdm_enabled | no no no",
                "!mdm_enabled | yes yes yes",
                "agent_installed | no doubt doubt",
                "!agent_installed | no doubt doubt",
                "agent_installed == false | no doubt doubt",
                "!mdm_enabled || agent_installed | no doubt doubt",
                "agent_installed || !mdm_enabled | no doubt doubt",
                "mdm_enabled && agent_installed | no doubt doubt",
                "os_version >= '15' | no doubt doubt",
                "'exec' in tags | no doubt doubt",
                "!('exec' in tags) | no doubt doubt",
                "tags.all(t, t != 'lost') | no doubt doubt",
                "checked_in_ago < days(7) | no doubt doubt",
                // Asked for, so known to be missing.
                "has(agent_installed) | no no no",
                "!has(agent_installed) | yes yes yes",
                "has(agent_installed) && agent_installed | no no no",
                "!has(agent_installed) || agent_installed | yes yes yes",
                "has(agent_installed) ? agent_installed : !mdm_enabled | yes yes yes",
                "has(agent_installed) ? false : os_version >= '15' | no doubt doubt",
                "has(agent_installed) || agent_installed | no untold untold",
                "has(agent_installed) && is_missing | no doubt doubt",
                // The context lacks the one and has the other.
                "context.network == 'office' | no untold untold",
                "context.network != 'office' | no untold untold",
                "context.app == 'vpn' | yes yes yes",
                "has(context.network) && context.network == 'office' | no no no",
                "!has(context.network) || context.network == 'office' | yes yes yes",
                "'network' in context | no no no",
                "context.network == 'office' || !mdm_enabled | yes yes yes",
                "context.network == 'office' && mdm_enabled | no no no",
            })
    void whatIsMissingAllowsNobody(String condition, String expected) {
        Posture posture = Posture.of(Map.of(Attribute.MDM_ENABLED, false));
        var found = new ArrayList<String>();
        for (Outcome outcome : Outcome.values()) {
            Verdict verdict = READER.read(
                            "rules: [{name: a, when: \"%s\", outcome: %s}]".formatted(condition, outcome.word()), "p")
                    .judge(posture, Map.of("app", "vpn"));
            boolean matched = verdict.rule().isPresent() || !verdict.monitored().isEmpty();
            assertThat(verdict.outcome() == Outcome.ALLOW).isEqualTo(matched && outcome == Outcome.ALLOW);
            found.add(
                    !matched
                            ? "no"
                            : !verdict.doubts().isEmpty() ? "doubt" : expected.contains("untold") ? "untold" : "yes");
        }
        assertThat(String.join(" ", found)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " | ",
            quoteCharacter = '~',
            value = {
                "14.7 | os_version < '15' | true",
                "15.0 | os_version == '15' | true",
                "15.10 | os_version > '15.9' | true",
                "15.1.1 (a) | os_version >= '15.1.1' | true",
                "13.3.1 | os_version >= '13.3.1 (a)' | false",
                "13.3.1(a) | os_version == '13.3.1 (a)' | true",
                "13.3.1 (b) | os_version > '13.3.1 (a)' | true",
                "13.3.2 | os_version > '13.3.1 (z)' | true",
                "15.2 | '15.2' != os_version | false",
                "26 | '15.9' < os_version | true",
                "15 | os_version >= context.least | true",
            })
    void versionsCompareAsVersions(String version, String condition, boolean matches) {
        Posture posture =
                Posture.of(Map.of(Attribute.OS_VERSION, OsVersion.parse(version).orElseThrow()));
        Policy policy = READER.read("rules: [{name: a, when: \"%s\", outcome: allow}]".formatted(condition), "p");
        assertThat(policy.judge(posture, Map.of("least", "9.3")).outcome() == Outcome.ALLOW)
                .isEqualTo(matches);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " | ",
            quoteCharacter = '~',
            value = {
                // One rule always ends it before
                "allow:true; deny:mdm_enabled | rule r0 before it always ends it first",
                "deny:!mdm_enabled; monitor:is_missing; allow:mdm_enabled == false | rule r0 before it always ends it first",
                "deny:os_version < '15'; deny:os_version < '14.5' | rule r0 before it always ends it first",
                "deny:checked_in_ago > days(7); allow:checked_in_ago > days(7) && mdm_enabled | rule r0 before it always",
                "deny:connection != 'available'; allow:connection == 'stale' | rule r0 before it always ends it first",
                "deny:platform == 'Mac' || platform == 'iPad'; allow:platform in ['iPad'] | rule r0 before it always ends it first",
                "macOS deny:true; macOS allow:mdm_enabled | rule r0 before it always ends it first",
                "macOS deny:true; allow:platform == 'Mac' | rule r0 before it always ends it first",
                // Several together do, and what is missing is denied by the first
                "deny:!mdm_enabled; allow:mdm_enabled; deny:true | the rules before it always end it first",
                "deny:os_version < '15'; allow:os_version >= '15'; monitor:true | the rules before it always end it first",
                // None does
                "allow:mdm_enabled; deny:true | reachable",
                "allow:mdm_enabled; allow:!mdm_enabled; deny:true | reachable",
                "allow:mdm_enabled; allow:!mdm_enabled; allow:has(tags) | reachable",
                "monitor:true; deny:mdm_enabled | reachable",
                "deny:os_version < '15'; deny:os_version < '15.0.1' | reachable",
                "deny:checked_in_ago >= days(7); deny:checked_in_ago > duration('167h') | reachable",
                "macOS deny:true; allow:mdm_enabled | reachable",
                "macOS allow:true; macOS deny:true | reachable",
                "iOS deny:true; macOS allow:mdm_enabled | reachable",
                "deny:'a' in tags; allow:'b' in tags | reachable",
                "deny:model.startsWith('Mac'); allow:true | reachable",
                "deny:context.app == 'vpn'; allow:context.app == 'vpn' | reachable",
            })
    void rulesThatNeverHaveASayAreFaults(String rules, String expected) {
        var text = new StringBuilder("rules:\n");
        int count = 0;
        for (String rule : rules.split("; ")) {
            String head = rule.substring(0, rule.indexOf(':')).strip();
            String platform = head.contains(" ") ? head.substring(0, head.indexOf(' ')) : "all";
            String outcome = head.substring(head.lastIndexOf(' ') + 1);
            text.append("  - {name: r%d, platform: %s, outcome: %s, when: \"%s\"}\n"
                    .formatted(count++, platform, outcome, rule.substring(rule.indexOf(':') + 1)));
        }
        List<Fault> faults = faults(text.toString());
        if (expected.equals("reachable")) {
            assertThat(faults).isEmpty();
        } else {
            assertThat(faults).singleElement().satisfies(fault -> {
                assertThat(fault.message())
                        .startsWith("expected a rule that can have a say, found one that never has: " + expected);
                assertThat(fault.place().line()).isEqualTo(count(rules) + 1);
            });
        }
    }

    @Test
    void aLongPolicyIsReadInNoTime() {
        var text = new StringBuilder("rules:\n");
        for (int i = 0; i < 200; i++) {
            text.append(
                    """
                      - name: r%d
                        outcome: %s
                        when: model == "M%d" && os_version < "%d.%d" && checked_in_ago > days(%d) && "t%d" in tags
                    """.formatted(i, i % 3 == 0 ? "deny" : i % 3 == 1 ? "monitor" : "allow", i, 9 + i % 20, i, i, i));
        }
        long began = System.nanoTime();
        assertThat(READER.read(text.toString(), "long.yml").rules()).hasSize(200);
        // Seconds where the search for devices is not held in check; it is a fraction of one.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
    }

    private static int count(String rules) {
        return rules.split("; ").length;
    }

    private static List<Fault> faults(String text) {
        ConfigException refusal = catchThrowableOfType(ConfigException.class, () -> READER.read(text, "policy.yml"));
        return refusal == null ? List.of() : refusal.faults();
    }
}
