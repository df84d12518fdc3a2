package dev.kandjistream.posture.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.posture.domain.Policy;
import dev.kandjistream.posture.domain.Rule;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShippedPolicyTest {
    private static final PolicyReader READER = new PolicyReader();

    @ParameterizedTest
    @EnumSource
    void itPassesItsTests(ShippedPolicy shipped) {
        Policy policy = READER.read(shipped.text(), shipped.word() + ".yml");
        assertThat(shipped.cases()).isNotEmpty().allSatisfy(fixture -> assertThat(fixture.differences(policy))
                .as(fixture.name())
                .isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void eachOfItsDecidingRulesIsTested(ShippedPolicy shipped) {
        Policy policy = READER.read(shipped.text(), shipped.word() + ".yml");
        var tested = shipped.cases().stream()
                .flatMap(fixture -> {
                    var verdict = policy.judge(fixture.posture(), fixture.context());
                    return Stream.concat(verdict.monitored().stream(), verdict.rule().stream());
                })
                .collect(Collectors.toSet());
        assertThat(policy.rules()).extracting(Rule::name).containsExactlyInAnyOrderElementsOf(tested);
    }

    @ParameterizedTest
    @EnumSource
    void withoutARuleTheTestsFail(ShippedPolicy shipped) {
        Policy policy = READER.read(shipped.text(), shipped.word() + ".yml");
        for (Rule left : policy.rules()) {
            var fewer = new Policy(
                    "v",
                    policy.rules().stream().filter(rule -> rule != left).toList(),
                    policy.noMatchNotification(),
                    policy.liveLookup());
            assertThat(shipped.cases()).as("without %s", left.name()).anySatisfy(fixture -> assertThat(
                            fixture.differences(fewer))
                    .as(fixture.name())
                    .isNotEmpty());
        }
        assertThat(Optional.of(policy.noMatchNotification()))
                .hasValueSatisfying(text -> assertThat(text).isNotBlank());
    }
}
