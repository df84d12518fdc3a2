package dev.kandjistream.posture.policy;

import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.OsVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * For each attribute a few values that stand for all: whatever a device may have, one of these goes the same way through every
 * comparison in the formulas. Between two numbers that are compared with lies no third way.
 */
final class Values {
    private static final String OTHER_TEXT = "\u0000 something else";

    /** Beyond so many words their combinations are too many to try; the attribute then stays open. */
    private static final int MOST_WORDS_IN_LISTS = 6;

    private final Map<Attribute, Set<Object>> fixed = new EnumMap<>(Attribute.class);

    /** @param formulas all whose comparisons count */
    Values(Collection<Formula> formulas) {
        formulas.forEach(formula -> formula.walk(this::take));
    }

    private void take(Formula part) {
        if (part instanceof Formula.Compared compared) {
            add(compared.attribute(), compared.fixed());
        } else if (part instanceof Formula.OneOf oneOf) {
            oneOf.words().forEach(word -> add(oneOf.attribute(), word));
        } else if (part instanceof Formula.Contains contains) {
            add(contains.attribute(), contains.word());
        }
    }

    private void add(Attribute attribute, Object value) {
        fixed.computeIfAbsent(attribute, any -> new LinkedHashSet<>()).add(value);
    }

    /** @return in an order of no meaning; empty where there are too many */
    Optional<List<Object>> of(Attribute attribute) {
        Set<Object> compared = fixed.getOrDefault(attribute, Set.of());
        return switch (attribute.kind()) {
            case TRUTH -> Optional.of(List.of(true, false));
            case TEXT -> Optional.of(texts(attribute, compared));
            case SPAN -> Optional.of(spans(compared));
            case VERSION -> Optional.of(versions(compared));
            case TEXTS -> lists(compared);
        };
    }

    private static List<Object> texts(Attribute attribute, Set<Object> compared) {
        if (!attribute.vocabulary().isEmpty()) {
            return List.copyOf(attribute.vocabulary());
        }
        var texts = new ArrayList<>(compared);
        texts.add(OTHER_TEXT);
        return texts;
    }

    private static List<Object> spans(Set<Object> compared) {
        var spans = new TreeSet<Duration>(Set.of(Duration.ZERO));
        for (Object value : compared) {
            Duration span = (Duration) value;
            spans.addAll(List.of(span.minusNanos(1), span, span.plusNanos(1)));
        }
        return List.copyOf(spans.tailSet(Duration.ZERO));
    }

    private static List<Object> versions(Set<Object> compared) {
        var versions = new TreeSet<OsVersion>();
        OsVersion.parse("0").ifPresent(versions::add);
        for (Object value : compared) {
            OsVersion version = (OsVersion) value;
            versions.add(version);
            versions.add(version.justAbove());
        }
        return List.copyOf(versions);
    }

    private static Optional<List<Object>> lists(Set<Object> words) {
        if (words.size() > MOST_WORDS_IN_LISTS) {
            return Optional.empty();
        }
        List<Object> all = List.copyOf(words);
        var lists = new ArrayList<Object>();
        for (int chosen = (1 << all.size()) - 1; chosen >= 0; chosen--) {
            var list = new ArrayList<Object>();
            for (int i = 0; i < all.size(); i++) {
                if ((chosen & 1 << i) != 0) {
                    list.add(all.get(i));
                }
            }
            lists.add(list);
        }
        return Optional.of(lists);
    }
}
