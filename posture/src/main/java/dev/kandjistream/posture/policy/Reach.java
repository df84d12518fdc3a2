package dev.kandjistream.posture.policy;

import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.Outcome;
import dev.kandjistream.posture.domain.Platform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for a device for which a rule has a say. Where there cannot be one, the rule never matches, or others before it always
 * end it. The search goes attribute by attribute and turns back as soon as the rule cannot match any more or an earlier one
 * must; where it takes too long, or CEL alone could tell, there is taken to be such a device.
 */
final class Reach {
    /** Rules looked at in one search: some milliseconds. */
    private static final int MOST_LOOKS = 50_000;

    private static final int MATCHES = 1;
    private static final int PASSES = 2;

    /** A rule as far as it can be reasoned about. */
    record Sketch(Outcome outcome, Optional<Platform> platform, Formula formula, long needs) {
        long reads() {
            long[] bits = {needs | (platform.isPresent() ? Attribute.PLATFORM.bit() : 0)};
            formula.walk(part -> {
                if (part instanceof Formula.Has has) {
                    bits[0] |= has.attribute().bit();
                }
            });
            return bits[0];
        }
    }

    private final Sketch rule;
    private final List<Sketch> earlier;
    private final boolean byDoubt;
    private final Values values;
    private final List<Attribute> order = new ArrayList<>();
    private final Object[] assigned = new Object[Attribute.values().length];
    private int looks = MOST_LOOKS;

    private Reach(Sketch rule, List<Sketch> earlier, boolean byDoubt) {
        this.rule = rule;
        this.earlier = earlier;
        this.byDoubt = byDoubt;
        var formulas = new ArrayList<Formula>(List.of(rule.formula()));
        earlier.forEach(sketch -> formulas.add(sketch.formula()));
        values = new Values(formulas);
        Set<Attribute> read = EnumSet.noneOf(Attribute.class);
        order(rule, read);
        earlier.forEach(sketch -> order(sketch, read));
        Arrays.fill(assigned, Formula.Known.OPEN);
    }

    private void order(Sketch sketch, Set<Attribute> read) {
        for (Attribute attribute : Attribute.values()) {
            if ((sketch.reads() & attribute.bit()) != 0 && read.add(attribute)) {
                order.add(attribute);
            }
        }
    }

    /** Whether the condition can be true of a device of the rule's platform; a match for want of knowledge does not count. */
    static boolean canHold(Sketch rule) {
        return new Reach(rule, List.of(), false).search(0);
    }

    /** Whether the rule can match where none of the earlier ones does; those that only monitor end nothing. */
    static boolean isReachable(Sketch rule, List<Sketch> earlier) {
        List<Sketch> ending = earlier.stream()
                .filter(sketch -> sketch.outcome() != Outcome.MONITOR)
                .toList();
        return new Reach(rule, ending, true).search(0);
    }

    /** @param depth how many attributes have a value */
    private boolean search(int depth) {
        int own = look(rule, byDoubt);
        if ((own & MATCHES) == 0) {
            return false;
        }
        boolean free = own == MATCHES;
        for (Sketch before : earlier) {
            int match = look(before, true);
            if (match == MATCHES) {
                return false;
            }
            free &= match == PASSES;
        }
        if (free || depth == order.size() || looks <= 0) {
            return true;
        }
        Attribute next = order.get(depth);
        Optional<List<Object>> tried = values.of(next);
        if (tried.isEmpty()) {
            return search(depth + 1);
        }
        for (Object value : tried.get()) {
            if (searchWith(next, value, depth)) {
                return true;
            }
        }
        return searchWith(next, null, depth);
    }

    private boolean searchWith(Attribute attribute, Object value, int depth) {
        assigned[attribute.ordinal()] = value;
        boolean found = search(depth + 1);
        assigned[attribute.ordinal()] = Formula.Known.OPEN;
        return found;
    }

    /** As {@code Rule.match}, with attributes of which nothing is said yet. */
    private int look(Sketch sketch, boolean doubting) {
        looks--;
        int inDoubt = doubting && sketch.outcome() != Outcome.ALLOW ? MATCHES : PASSES;
        Object platform = value(Attribute.PLATFORM);
        boolean others = sketch.platform().isPresent()
                && platform != null
                && (platform == Formula.Known.OPEN || !sketch.platform().get().covers((String) platform));
        int match = others ? PASSES : 0;
        if (others && platform != Formula.Known.OPEN) {
            return match;
        }
        boolean complete = true;
        for (Attribute attribute : order) {
            if ((neededBy(sketch) & attribute.bit()) != 0 && isOpenOrMissing(attribute)) {
                match |= inDoubt;
                complete &= value(attribute) != null;
            }
        }
        return complete ? match | ofTruths(sketch.formula().truths(this::value), inDoubt) : match;
    }

    private static int ofTruths(int truths, int inDoubt) {
        int match = (truths & Truths.YES) != 0 ? MATCHES : 0;
        match |= (truths & Truths.NO) != 0 ? PASSES : 0;
        return (truths & Truths.UNTOLD) != 0 ? match | inDoubt : match;
    }

    private static long neededBy(Sketch sketch) {
        return sketch.needs() | (sketch.platform().isPresent() ? Attribute.PLATFORM.bit() : 0);
    }

    private boolean isOpenOrMissing(Attribute attribute) {
        return value(attribute) == null || value(attribute) == Formula.Known.OPEN;
    }

    private Object value(Attribute attribute) {
        return assigned[attribute.ordinal()];
    }
}
