package dev.kandjistream.posture.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.posture.domain.Condition.Truth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
    private static final Posture MANAGED_MAC =
            Posture.of(Map.of(Attribute.PLATFORM, "Mac", Attribute.MDM_ENABLED, true));
    private static final Posture NOTHING_KNOWN = Posture.of(Map.of());

    @Test
    void theFirstRuleThatAllowsOrDeniesEndsIt() {
        Policy policy = policy(
                rule("first", Outcome.ALLOW, Truth.NO),
                rule("second", Outcome.DENY, Truth.YES),
                rule("third", Outcome.ALLOW, Truth.YES));

        Verdict verdict = policy.judge(MANAGED_MAC, Map.of());

        assertThat(verdict.outcome()).isEqualTo(Outcome.DENY);
        assertThat(verdict.rule()).contains("second");
        assertThat(verdict.notification()).isEqualTo("Ask about second.");
    }

    @Test
    void whatIsMonitoredBeforeTheEndIsRecordedAndNothingAfterIt() {
        Policy policy = policy(
                rule("old", Outcome.MONITOR, Truth.YES),
                rule("quiet", Outcome.MONITOR, Truth.NO),
                rule("pass", Outcome.ALLOW, Truth.YES),
                rule("late", Outcome.MONITOR, Truth.YES));

        Verdict verdict = policy.judge(MANAGED_MAC, Map.of());

        assertThat(verdict.outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(verdict.monitored()).containsExactly("old");
        assertThat(verdict.notification()).isEmpty();
    }

    @Test
    void whereNothingMatchesItIsDenied() {
        Verdict verdict = policy(rule("only", Outcome.ALLOW, Truth.NO)).judge(MANAGED_MAC, Map.of());

        assertThat(verdict.outcome()).isEqualTo(Outcome.DENY);
        assertThat(verdict.rule()).isEmpty();
        assertThat(verdict.notification()).isEqualTo("Nothing matched.");
    }

    @ParameterizedTest
    @CsvSource({"ALLOW, false", "DENY, true", "MONITOR, true"})
    void aRuleThatReadsWhatIsMissingAllowsNobody(Outcome outcome, boolean matches) {
        Rule rule = needing(Attribute.MDM_ENABLED.bit(), outcome, Truth.YES);
        Rule sayingNo = needing(Attribute.MDM_ENABLED.bit(), outcome, Truth.NO);

        assertThat(matched(rule, NOTHING_KNOWN)).isEqualTo(matches);
        assertThat(matched(sayingNo, NOTHING_KNOWN)).isEqualTo(matches);
        assertThat(matched(rule, MANAGED_MAC)).isTrue();
        assertThat(matched(sayingNo, MANAGED_MAC)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"ALLOW, false", "DENY, true", "MONITOR, true"})
    void aConditionThatCannotBeToldAllowsNobody(Outcome outcome, boolean matches) {
        assertThat(matched(rule("untold", outcome, Truth.UNTOLD), MANAGED_MAC)).isEqualTo(matches);
    }

    @Test
    void theVerdictNamesWhatWasMissing() {
        Policy policy = policy(
                needing(Attribute.TAGS.bit(), Outcome.MONITOR, Truth.NO),
                needing(Attribute.MDM_ENABLED.bit() | Attribute.PLATFORM.bit(), Outcome.DENY, Truth.NO));
        Posture mac = Posture.of(Map.of(Attribute.PLATFORM, "Mac"));

        assertThat(policy.judge(mac, Map.of()).doubts()).containsExactly(Attribute.MDM_ENABLED, Attribute.TAGS);
    }

    @ParameterizedTest
    @CsvSource({
        "MAC_OS, Mac, true",
        "MAC_OS, iPad, false",
        "IOS, iPhone, true",
        "IOS, iPad, true",
        "IOS, AppleTV, false",
        "MAC_OS, Windows, false",
    })
    void aRuleIsForDevicesOfItsPlatform(Platform platform, String device, boolean matches) {
        Posture posture = Posture.of(Map.of(Attribute.PLATFORM, device));
        for (Outcome outcome : Outcome.values()) {
            assertThat(matched(forPlatform(platform, outcome), posture)).isEqualTo(matches);
        }
    }

    @ParameterizedTest
    @CsvSource({"ALLOW, false", "DENY, true", "MONITOR, true"})
    void aDeviceOfAnUnknownPlatformMayBeOfAny(Outcome outcome, boolean matches) {
        assertThat(matched(forPlatform(Platform.MAC_OS, outcome), NOTHING_KNOWN))
                .isEqualTo(matches);
    }

    @Test
    void aRuleForOtherDevicesDoesNotCareWhatIsMissing() {
        var macsOnly = new Rule(
                "macs",
                Optional.of(Platform.MAC_OS),
                condition(Attribute.MDM_ENABLED.bit(), Truth.YES),
                Outcome.DENY,
                "");
        assertThat(matched(macsOnly, Posture.of(Map.of(Attribute.PLATFORM, "iPhone"))))
                .isFalse();
    }

    private static boolean matched(Rule rule, Posture posture) {
        Verdict verdict = policy(rule).judge(posture, Map.of());
        return verdict.rule().isPresent() || !verdict.monitored().isEmpty();
    }

    private static Policy policy(Rule... rules) {
        return new Policy("v1", List.of(rules), "Nothing matched.", LiveLookup.NEVER);
    }

    private static Rule rule(String name, Outcome outcome, Truth truth) {
        return new Rule(name, Optional.empty(), condition(0, truth), outcome, "Ask about " + name + ".");
    }

    private static Rule needing(long attributes, Outcome outcome, Truth truth) {
        return new Rule("needing", Optional.empty(), condition(attributes, truth), outcome, "");
    }

    private static Rule forPlatform(Platform platform, Outcome outcome) {
        return new Rule("for-" + platform, Optional.of(platform), condition(0, Truth.YES), outcome, "");
    }

    private static Condition condition(long needs, Truth truth) {
        return new Condition() {
            @Override
            public Truth test(Posture posture, Map<String, String> context) {
                assertThat(posture.missing(needs))
                        .as("asked only where all is there")
                        .isZero();
                return truth;
            }

            @Override
            public long needs() {
                return needs;
            }
        };
    }
}
