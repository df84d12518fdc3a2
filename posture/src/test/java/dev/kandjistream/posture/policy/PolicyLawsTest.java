package dev.kandjistream.posture.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.config.Environment;
import dev.kandjistream.config.Faults;
import dev.kandjistream.config.Section;
import dev.kandjistream.config.Type;
import dev.kandjistream.config.YamlTree;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.Condition.Truth;
import dev.kandjistream.posture.domain.LiveLookup;
import dev.kandjistream.posture.domain.Outcome;
import dev.kandjistream.posture.domain.Platform;
import dev.kandjistream.posture.domain.Policy;
import dev.kandjistream.posture.domain.Posture;
import dev.kandjistream.posture.domain.Rule;
import dev.kandjistream.posture.domain.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds for every policy and every device. */
class PolicyLawsTest {
    private static final Language LANGUAGE = new Language();

    /** To read a policy takes longer than to judge by it. */
    private static final int DEVICES = 20;

    @Property(tries = 60)
    void takingAnAttributeAwayNeverAllows(@ForAll long seed) {
        var chance = new Chance(seed);
        List<String> rules = chance.rules(false);
        Policy policy = policy(rules(rules));
        for (int i = 0; i < DEVICES; i++) {
            Map<Attribute, Object> attributes = chance.attributes();
            Map<String, String> context = chance.context();
            if (policy.judge(Posture.of(attributes), context).outcome() == Outcome.DENY) {
                attributes.keySet().forEach(missing -> assertThat(policy.judge(without(attributes, missing), context)
                                .outcome())
                        .as("%s without %s, by %s", attributes, missing, rules)
                        .isEqualTo(Outcome.DENY));
            }
        }
    }

    @Property(tries = 60)
    void takingAKeyOfTheContextAwayNeverAllows(@ForAll long seed) {
        var chance = new Chance(seed);
        List<String> rules = chance.rules(false);
        Policy policy = policy(rules(rules));
        for (int i = 0; i < DEVICES; i++) {
            Posture posture = Posture.of(chance.attributes());
            Map<String, String> context = chance.context();
            if (policy.judge(posture, context).outcome() == Outcome.DENY) {
                assertThat(policy.judge(posture, Map.of()).outcome())
                        .as("by %s", rules)
                        .isEqualTo(Outcome.DENY);
            }
        }
    }

    /** Rule by rule, as decision 14 tells it, without a look at how it is done. */
    @Property(tries = 60)
    void theVerdictIsThatOfTheFirstRuleThatEndsIt(@ForAll long seed) {
        var chance = new Chance(seed);
        List<Rule> rules = rules(chance.rules(true));
        for (int i = 0; i < DEVICES; i++) {
            Posture posture = Posture.of(chance.attributes());
            Map<String, String> context = chance.context();
            var monitored = new ArrayList<String>();
            Rule end = null;
            for (Rule rule : rules) {
                Verdict alone = policy(List.of(rule)).judge(posture, context);
                monitored.addAll(alone.monitored());
                if (alone.rule().isPresent()) {
                    end = rule;
                    break;
                }
            }
            Verdict verdict = policy(rules).judge(posture, context);
            assertThat(verdict.outcome()).isEqualTo(end == null ? Outcome.DENY : end.outcome());
            assertThat(verdict.rule().orElse(null)).isEqualTo(end == null ? null : end.name());
            assertThat(verdict.monitored()).isEqualTo(monitored);
        }
    }

    /** What is looked at without the interpreter comes to what the interpreter says. */
    @Property(tries = 150)
    void formulasSayWhatCelSays(@ForAll long seed) {
        var chance = new Chance(seed);
        String text = chance.condition(true);
        var condition = (CelCondition)
                rules(List.of("outcome: deny, when: \"" + text + "\"")).get(0).condition();
        for (int i = 0; i < DEVICES; i++) {
            Posture posture = Posture.of(chance.attributes());
            Map<String, String> context = chance.context();
            Truth truth = condition.interpreted(posture, context);
            assertThat(condition.test(posture, context)).as(text).isEqualTo(truth);
            // Where only the interpreter can tell, the formula at least holds possible what it tells.
            assertThat(condition.formula().truths(posture::value) & bit(truth))
                    .as(text)
                    .isNotZero();
        }
    }

    /** A rule that is refused because it never has a say has none for any device. */
    @Property(tries = 100)
    void withoutTheRulesThatAreNeverReachedAllIsAsBefore(@ForAll long seed) {
        var chance = new Chance(seed);
        List<String> texts = chance.rules(true);
        List<Rule> rules = rules(texts);
        var sketches = new ArrayList<Reach.Sketch>();
        var reached = new ArrayList<Rule>();
        for (Rule rule : rules) {
            if (Reach.isReachable(sketch(rule), sketches)) {
                reached.add(rule);
            }
            sketches.add(sketch(rule));
        }
        for (int i = 0; i < DEVICES; i++) {
            Posture posture = Posture.of(chance.attributes());
            Map<String, String> context = chance.context();
            assertThat(policy(reached).judge(posture, context))
                    .as("%s of %s", reached, texts)
                    .isEqualTo(policy(rules).judge(posture, context));
        }
    }

    @Property(tries = 100)
    void aConditionThatIsSaidNeverToHoldNeverDoes(@ForAll long seed) {
        var chance = new Chance(seed);
        Rule rule = rules(List.of("outcome: allow, when: \"" + chance.condition(true) + "\""))
                .get(0);
        if (!Reach.canHold(sketch(rule))) {
            for (int i = 0; i < 10 * DEVICES; i++) {
                assertThat(rule.condition().test(Posture.of(chance.attributes()), chance.context()))
                        .isNotEqualTo(Truth.YES);
            }
        }
    }

    private static Reach.Sketch sketch(Rule rule) {
        var condition = (CelCondition) rule.condition();
        return new Reach.Sketch(rule.outcome(), rule.platform(), condition.formula(), condition.needs());
    }

    private static Posture without(Map<Attribute, Object> attributes, Attribute missing) {
        var fewer = new EnumMap<>(attributes);
        fewer.remove(missing);
        return Posture.of(fewer);
    }

    private static int bit(Truth truth) {
        return truth == Truth.YES ? Truths.YES : truth == Truth.NO ? Truths.NO : Truths.UNTOLD;
    }

    private static Policy policy(List<Rule> rules) {
        return new Policy("v", rules, "", LiveLookup.NEVER);
    }

    /** Past the checks that refuse what makes no sense: chance makes much of that. */
    private static List<Rule> rules(List<String> texts) {
        var rules = new ArrayList<Rule>();
        for (String text : texts) {
            var faults = new Faults();
            var source = new Section.Source("policy.yml", Path.of(""), Environment.none(), faults);
            Section section = Section.root(YamlTree.parse("{" + text + "}", "policy.yml", faults), source);
            Outcome outcome =
                    Outcome.valueOf(section.read("outcome", Type.TEXT, "").toUpperCase(Locale.ROOT));
            CelCondition condition = new ConditionReader(LANGUAGE, section, faults)
                    .read()
                    .orElseThrow(() -> new AssertionError(faults.all()));
            rules.add(new Rule(
                    "r" + rules.size(),
                    Platform.of(section.read("platform", Type.TEXT, "all")),
                    condition,
                    outcome,
                    ""));
        }
        return rules;
    }
}
