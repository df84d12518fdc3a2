package dev.kandjistream.posture.policy;

import dev.kandjistream.config.Faults;
import dev.kandjistream.config.Section;
import dev.kandjistream.config.Type;
import dev.kandjistream.posture.domain.Outcome;
import dev.kandjistream.posture.domain.Platform;
import dev.kandjistream.posture.domain.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The list under {@code rules}. Once each is sound by itself, it is looked at whether all of them can ever have a say. */
final class RulesReader {
    private static final String KEY = "rules";
    private static final String ALL = "all";

    /** Says that no rule matched, in the expectations of a policy's tests. */
    static final String NO_RULE = "none";

    private static final Type<String> NAME =
            Type.matching("[A-Za-z0-9_-]{1,100}", "letters, digits, - and _, at most 100");
    private static final Type<String> OUTCOME = Type.oneOf("allow", "monitor", "deny");
    private static final Type<Optional<Platform>> PLATFORM = new Type<>(
            "macOS, iOS or all",
            false,
            (text, folder) -> text.equalsIgnoreCase(ALL)
                    ? Optional.of(Optional.empty())
                    : Platform.of(text).map(Optional::of));

    private final Language language;
    private final Section root;
    private final Faults faults;
    private final List<String> names = new ArrayList<>();

    RulesReader(Language language, Section root, Faults faults) {
        this.language = language;
        this.root = root;
        this.faults = faults;
    }

    /** A rule, and where it stands. */
    private record Sound(Section section, Rule rule, Reach.Sketch sketch) {}

    List<Rule> read() {
        if (!root.isGiven(KEY)) {
            root.fault(KEY, "at least one rule", "none", "without a rule nobody is ever allowed");
        }
        List<Section> sections = root.sections(KEY);
        List<Sound> sound = new ArrayList<>();
        sections.forEach(section -> rule(section).ifPresent(sound::add));
        if (faults.isEmpty() && sections.isEmpty()) {
            root.fault(KEY, "at least one rule", "none", "without a rule nobody is ever allowed");
        }
        if (faults.isEmpty()) {
            for (int i = 0; i < sound.size(); i++) {
                reach(sound.get(i), sound.subList(0, i));
            }
        }
        return sound.stream().map(Sound::rule).toList();
    }

    private Optional<Sound> rule(Section section) {
        int before = faults.all().size();
        Optional<String> name = name(section);
        Optional<Platform> platform = section.read("platform", PLATFORM).flatMap(given -> given);
        Optional<CelCondition> condition = new ConditionReader(language, section, faults).read();
        Optional<Outcome> outcome = section.require("outcome", OUTCOME, "say what the rule comes to")
                .map(word -> Outcome.valueOf(word.toUpperCase(Locale.ROOT)));
        String notification = section.read("notification", Type.TEXT, "");
        if (!notification.isEmpty() && outcome.isPresent() && outcome.get() != Outcome.DENY) {
            section.fault(
                    "notification",
                    "none, for nobody is refused by this rule",
                    "one",
                    "remove it, or make the outcome deny");
        }
        section.reportUnknown();
        if (faults.all().size() > before || name.isEmpty() || condition.isEmpty() || outcome.isEmpty()) {
            return Optional.empty();
        }
        CelCondition asked = condition.get();
        return Optional.of(new Sound(
                section,
                new Rule(name.get(), platform, asked, outcome.get(), notification),
                new Reach.Sketch(outcome.get(), platform, asked.formula(), asked.needs())));
    }

    private Optional<String> name(Section section) {
        Optional<String> name = section.require("name", NAME, "give the rule a name of its own");
        name.filter(given -> given.equals(NO_RULE))
                .ifPresent(given -> section.fault(
                        "name", "another name", "\"none\", which in tests says that no rule matched", "rename it"));
        name.filter(names::contains)
                .ifPresent(given -> section.fault(
                        "name", "each name once", Section.quoted(given) + " again", "rename one of them"));
        name.ifPresent(names::add);
        return name;
    }

    private void reach(Sound rule, List<Sound> earlier) {
        if (!Reach.canHold(rule.sketch())) {
            rule.section()
                    .fault(
                            ConditionReader.KEY,
                            "a condition that can be true",
                            "one that never is",
                            "look for parts that exclude each other, and at platform:");
            return;
        }
        if (Reach.isReachable(rule.sketch(), earlier.stream().map(Sound::sketch).toList())) {
            return;
        }
        String culprit = earlier.stream()
                .filter(other -> !Reach.isReachable(rule.sketch(), List.of(other.sketch())))
                .map(other -> "rule " + other.rule().name() + " before it always ends it first")
                .findFirst()
                .orElse("the rules before it always end it first");
        rule.section()
                .fault(
                        ConditionReader.KEY,
                        "a rule that can have a say",
                        "one that never has: " + culprit,
                        "move it up, or remove it");
    }
}
