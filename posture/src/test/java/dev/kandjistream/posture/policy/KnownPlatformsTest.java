package dev.kandjistream.posture.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.Outcome;
import dev.kandjistream.posture.domain.Platform;
import dev.kandjistream.posture.domain.Policy;
import dev.kandjistream.posture.domain.Posture;
import dev.kandjistream.posture.domain.Verdict;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rules for a platform, and a word that is none. */
class KnownPlatformsTest {
    @Test
    void theWordsAreThoseOfTheDeviceList() {
        assertThat(Platform.WORDS).containsExactlyInAnyOrderElementsOf(DeviceRow.PLATFORMS);
    }

    @Test
    void aRuleForMacsHoldsOfADeviceWhosePlatformIsMissing() {
        Policy policy = new PolicyReader().read("""
                rules:
                  - { name: not-managed, platform: macOS, when: mdm_enabled == false, outcome: deny }
                  - { name: connected, when: 'connection == "available"', outcome: allow }
                """, "policy.yml");
        Posture mac = Posture.of(Map.of(Attribute.CONNECTION, "available", Attribute.MDM_ENABLED, false));

        Verdict verdict = policy.judge(mac, Map.of());
        assertThat(verdict.outcome()).isEqualTo(Outcome.DENY);
        assertThat(verdict.rule()).contains("not-managed");
        assertThat(verdict.doubts()).containsExactly(Attribute.PLATFORM);
    }
}
