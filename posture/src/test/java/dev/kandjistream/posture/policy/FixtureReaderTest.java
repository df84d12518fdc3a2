package dev.kandjistream.posture.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.config.ConfigException;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.OsVersion;
import dev.kandjistream.posture.domain.Policy;
import dev.kandjistream.posture.domain.Posture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FixtureReaderTest {
    private static final Policy POLICY = new PolicyReader().read("""
                    no_match: Nothing matched.
                    rules:
                      - { name: old, when: 'os_version < "15"', outcome: monitor }
                      - { name: unmanaged, when: mdm_enabled == false, outcome: deny, notification: Go away. }
                      - { name: vpn, when: context.app == "vpn", outcome: allow }
                    """, "policy.yml");

    @Test
    void everyAttributeCanBeGivenInItsForm() {
        Posture posture = FixtureReader.read("""
                        cases:
                          - name: all of them
                            given:
                              connection: stale
                              connection_reason: data_too_old
                              mdm_enabled: true
                              agent_installed: false
                              platform: macOS
                              os_version: 15.10
                              os_version_extra: (a)
                              os_build: 24C101
                              model: MacBook Air (M1, 2020)
                              is_missing: false
                              lost_mode: ENABLED
                              checked_in_ago: 2d3h
                              attributed: true
                              user_email: Ada@acme.com
                              user_archived: false
                              user_matches: true
                              serial_ambiguous: true
                              blueprint: Standard
                              tags: [exec, vip]
                              account: acme
                              enrolled_ago: 90d
                              data_age: 4m
                            expect: { decision: deny }
                        """, "cases.yml").get(0).posture();
        assertThat(posture.missing(-1L >>> (64 - Attribute.values().length))).isZero();
        assertThat(Map.of(
                        "platform", posture.value(Attribute.PLATFORM),
                        "version", posture.value(Attribute.OS_VERSION),
                        "ago", posture.value(Attribute.CHECKED_IN_AGO),
                        "tags", posture.value(Attribute.TAGS),
                        "email", posture.value(Attribute.USER_EMAIL),
                        "mdm", posture.value(Attribute.MDM_ENABLED)))
                .isEqualTo(Map.of(
                        "platform",
                        "Mac",
                        "version",
                        OsVersion.parse("15.10 (a)").orElseThrow(),
                        "ago",
                        Duration.ofHours(51),
                        "tags",
                        List.of("exec", "vip"),
                        "email",
                        "ada@acme.com",
                        "mdm",
                        true));
    }

    @Test
    void whatIsAsExpectedPassesAndWhatIsNotIsTold() {
        List<Fixture> cases = FixtureReader.read("""
                cases:
                  - name: passes
                    given: { mdm_enabled: true, os_version: 14 }
                    context: { app: vpn }
                    expect: { decision: allow, rule: vpn, monitored: [old], missing: [] }
                  - name: fails in all it can
                    given: { mdm_enabled: true }
                    expect: { decision: allow, rule: vpn, monitored: [], missing: [tags], notification: Welcome. }
                """, "cases.yml");
        assertThat(cases.get(0).differences(POLICY)).isEmpty();
        assertThat(cases.get(1).place()).hasToString("cases.yml:6");
        assertThat(cases.get(1).differences(POLICY))
                .containsExactly(
                        "decision: expected allow, found deny",
                        "rule: expected vpn, found none",
                        "monitored: expected [], found [old]",
                        "missing: expected [tags], found [os_version]",
                        "notification: expected Welcome., found Nothing matched.");
    }

    @Test
    void theFaultsOfAllFilesAreToldAtOnce(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("a.yml"), """
                cases:
                  - name: a
                    given: { mdm_enabled: perhaps, conection: available, connection: gone, os_version: new }
                    expect: { decision: monitor, rul: x }
                """);
        Files.writeString(folder.resolve("b.yaml"), "cases: [{given: {checked_in_ago: 5}}]");
        Files.writeString(folder.resolve("notes.txt"), "no cases");
        assertThatThrownBy(() -> FixtureReader.in(folder))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        refusal -> assertThat(refusal.faults())
                                .extracting(fault -> fault.toString().replace(folder + "/", ""))
                                .containsExactlyInAnyOrder(
                                        "a.yml:3 cases[0].given.connection: expected one of available, stale, unavailable, found \"gone\"",
                                        "a.yml:3 cases[0].given.mdm_enabled: expected true or false, found \"perhaps\"; write true or false",
                                        "a.yml:3 cases[0].given.os_version: expected a version such as 15.2 or 13.3.1 (a), found \"new\";"
                                                + " write at most 8 numbers with dots between them, and no other text than"
                                                + " a suffix such as (a)",
                                        "a.yml:3 cases[0].given.conection: expected a key that is known, found an unknown one;"
                                                + " did you mean connection?",
                                        "a.yml:4 cases[0].expect.decision: expected one of allow, deny, found \"monitor\"",
                                        "a.yml:4 cases[0].expect.rul: expected a key that is known, found an unknown one;"
                                                + " did you mean rule?",
                                        "b.yaml:1 cases[0].name: expected text, found nothing; say in a few words what the case shows",
                                        "b.yaml:1 cases[0].given.checked_in_ago: expected a time of at least 0s,"
                                                + " such as 30s, 5m, 6h or PT5M, found \"5\"; add a unit: ms, s, m, h or d",
                                        "b.yaml cases[0].expect.decision: expected one of allow, deny, found nothing; say allow or deny"));
    }

    @Test
    void aFolderWithoutCasesIsAFault(@TempDir Path folder) {
        assertThatThrownBy(() -> FixtureReader.in(folder))
                .hasMessageStartingWith("The set of test cases has a fault:")
                .hasMessageContaining("expected files with cases");
        assertThatThrownBy(() -> FixtureReader.in(folder.resolve("absent"))).hasMessageContaining("no such folder");
    }

    /** What the service makes of the two fields of a device is the truth for test cases. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            quoteCharacter = '`',
            value = {
                "13.3.1, (a)",
                "13.3.1, (b)",
                "13.3.1, ( a )",
                "13.3.1, a",
                "13.3.1, beta",
                "13.3.1, -",
                "13.3.1 (a), -",
                "13.3.1 (b), (a)",
                "13.3.1(a), (c)",
                "15, (z)",
                "-, (a)",
                "-, -"
            })
    void aVersionAndItsSuffixAreJoinedAsTheServiceDoes(String version, String extra) {
        String given = (version == null ? "" : "os_version: '" + version + "', ")
                + (extra == null ? "" : "os_version_extra: '" + extra + "'");
        Posture fixture = FixtureReader.read(
                        "cases: [{ name: n, given: {" + given + "}, expect: { decision: deny } }]", "c")
                .get(0)
                .posture();
        Object served = OsVersion.ofDevice(version, extra).orElse(null);
        assertThat(fixture.value(Attribute.OS_VERSION)).isEqualTo(served);
        assertThat(fixture.has(Attribute.OS_VERSION)).isEqualTo(served != null);
        assertThat(fixture.value(Attribute.OS_VERSION_EXTRA)).isEqualTo(extra);
    }

    @Test
    void aSuffixGivenApartCountsInConditions() {
        Policy policy = new PolicyReader().read("""
                        rules: [{ name: new, when: 'os_version >= "13.3.1 (a)"', outcome: allow }]
                        """, "policy.yml");
        List<Fixture> fixtures = FixtureReader.read("""
                        cases:
                          - { name: a, given: { os_version: '13.3.1', os_version_extra: '(a)' }, expect: { decision: allow } }
                          - { name: b, given: { os_version: '13.3.1' }, expect: { decision: deny } }
                        """, "cases.yml");
        assertThat(fixtures)
                .allSatisfy(fixture -> assertThat(fixture.differences(policy)).isEmpty());
    }

    @Test
    void theReasonOfAConnectionBelongsToItsState() {
        Posture posture = FixtureReader.read("""
                        cases: [{ name: n, given: { connection_reason: device_removed }, expect: { decision: deny } }]
                        """, "c").get(0).posture();
        assertThat(posture.value(Attribute.CONNECTION)).isEqualTo("unavailable");
        assertThatThrownBy(() -> FixtureReader.read("""
                        cases:
                          - name: n
                            given: { connection: available, connection_reason: data_too_old }
                            expect: { decision: deny }
                        """, "c"))
                .hasMessageContaining("c:3 cases[0].given.connection: expected stale, because of the connection_reason"
                        + " \"data_too_old\", found \"available\"");
    }

    @Test
    void anInvalidVersionIsExplainedAsInPolicies() {
        assertThatThrownBy(() -> FixtureReader.read("""
                        cases:
                          - name: n
                            given: { os_version: "15.9999999999" }
                            expect: { decision: deny }
                        """, "c"))
                .hasMessageContaining("c:3 cases[0].given.os_version: expected a version such as 15.2 or 13.3.1 (a),"
                        + " found \"15.9999999999\"; write no number above 999999999");
    }
}
