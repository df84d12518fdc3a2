package dev.kandjistream.simulator.http;

import java.util.List;
import java.util.function.Function;

/** What the faults of one request do to its page. */
record PageShape(List<Effect> effects) {
    boolean has(Class<? extends Effect> kind) {
        return effects.stream().anyMatch(kind::isInstance);
    }

    /** All effects of the kind, in the order in which the faults were switched on. */
    <E extends Effect> List<E> all(Class<E> kind) {
        return effects.isEmpty()
                ? List.of()
                : effects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** What the first effect of the kind says, else the other value. */
    <E extends Effect, T> T of(Class<E> kind, Function<E, T> told, T otherwise) {
        for (Effect effect : effects) {
            if (kind.isInstance(effect)) {
                return told.apply(kind.cast(effect));
            }
        }
        return otherwise;
    }

    /** Where the page begins. */
    int start(int asked) {
        return Math.max(0, asked + of(Effect.Shift.class, Effect.Shift::rows, 0));
    }

    /** Where the page ends; the next begins there. */
    int end(int start, int limit, int size) {
        int capped = Math.min(limit, of(Effect.CappedPage.class, Effect.CappedPage::rows, limit));
        return (int) Math.min(size, (long) start + capped);
    }

    /** What of the page's rows is shown. */
    <T> List<T> shown(List<T> page) {
        if (has(Effect.EmptyPage.class)) {
            return List.of();
        }
        int rows = of(Effect.ShortPage.class, Effect.ShortPage::rows, page.size());
        return page.subList(0, Math.min(rows, page.size()));
    }

    Long total(long truly) {
        return of(Effect.Total.class, Effect.Total::total, truly);
    }
}
