package dev.kandjistream.posture.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.posture.domain.Enrolment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Whatever several accounts answer, and in whatever order. */
class LookupLawsTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    @Property(tries = 500)
    void foundIsFoundAndNoRowIsLost(@ForAll @Size(min = 1, max = 5) List<LiveOutcome> outcomes, @ForAll long order) {
        List<AccountAnswer> answers = answers(outcomes);
        var lookup = lookup(answers, order);
        List<Enrolment> all =
                answers.stream().flatMap(answer -> answer.enrolments().stream()).toList();
        assertThat(lookup.finding().rows()).containsExactlyInAnyOrderElementsOf(all);
        assertThat(lookup.finding().outcome() == LiveOutcome.FOUND).isEqualTo(outcomes.contains(LiveOutcome.FOUND));
    }

    @Property(tries = 500)
    void nobodyHasItOnlyWhereAllSaySo(@ForAll @Size(min = 1, max = 5) List<LiveOutcome> outcomes, @ForAll long order) {
        boolean allSaySo = outcomes.stream().allMatch(outcome -> outcome == LiveOutcome.NOT_FOUND);
        assertThat(lookup(answers(outcomes), order).finding().outcome() == LiveOutcome.NOT_FOUND)
                .isEqualTo(allSaySo);
    }

    @Property(tries = 500)
    void theTimeIsWhenTheAccountWasAskedHoweverLateItAnswered(
            @ForAll @Size(min = 1, max = 5) List<LiveOutcome> outcomes, @ForAll long order) {
        List<AccountAnswer> answers = answers(outcomes);
        Lookup.Finding finding = lookup(answers, order).finding();
        for (AccountAnswer answer : answers) {
            Instant asked = answer.outcome() == LiveOutcome.FOUND ? answer.at().minusSeconds(7) : answer.at();
            assertThat(finding.askedAt()).containsEntry(answer.accountId(), asked);
        }
    }

    @Property(tries = 500)
    void whatWasNeverAskedIsNotRememberedAndNothingLongerThanTenSeconds(
            @ForAll @Size(min = 1, max = 5) List<LiveOutcome> outcomes) {
        List<AccountAnswer> answers = answers(outcomes);
        var lookup = new Lookup(answers.size(), NOON);
        assertThat(lookup.isPast(Instant.MAX)).isFalse();
        answers.forEach(lookup::take);
        Instant last = answers.get(answers.size() - 1).at();
        boolean asked = outcomes.stream().anyMatch(LiveOutcome::asked);
        assertThat(lookup.isPast(last)).isEqualTo(!asked);
        assertThat(lookup.isPast(last.plus(Duration.ofSeconds(10)))).isTrue();
    }

    private static Lookup lookup(List<AccountAnswer> answers, long order) {
        var shuffled = new ArrayList<>(answers);
        Collections.shuffle(shuffled, new Random(order));
        var lookup = new Lookup(shuffled.size(), NOON);
        shuffled.forEach(lookup::take);
        assertThat(lookup.whole()).isCompleted();
        return lookup;
    }

    /** Account by account, each a second later. */
    private static List<AccountAnswer> answers(List<LiveOutcome> outcomes) {
        var answers = new ArrayList<AccountAnswer>();
        for (int i = 0; i < outcomes.size(); i++) {
            String account = "account-" + i;
            Instant at = NOON.plusSeconds(i);
            answers.add(
                    outcomes.get(i) == LiveOutcome.FOUND
                            ? AccountAnswer.of(
                                    account, List.of(Rows.seen(account, "device-" + i)), at.minusSeconds(7), at)
                            : AccountAnswer.none(account, outcomes.get(i), at));
        }
        return answers;
    }
}
