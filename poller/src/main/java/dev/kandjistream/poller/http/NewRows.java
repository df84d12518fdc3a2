package dev.kandjistream.poller.http;

import java.util.HashSet;
import java.util.Set;

/**
 * Notices a list that goes on without new rows, whatever their order and however fresh its cursors are. Of a million rows not all
 * can be remembered, so it remembers those whose print ends in four zero bits. That {@value #LONGEST} new rows in a
 * row have none such does not happen: the probability is 10<sup>-28</sup>.
 */
final class NewRows {
    private static final long SAMPLED = 15;
    private static final int LONGEST = 1_000;

    private final Set<Long> seen = new HashSet<>();
    private long withoutNew;

    /** @return whether the list, with this page, has gone on for too long without a new row */
    boolean haveEnded(AppPage page) {
        boolean news = false;
        for (long print : page.rowPrints()) {
            news |= (print & SAMPLED) == 0 && seen.add(print);
        }
        withoutNew = news ? 0 : withoutNew + page.size();
        return withoutNew > LONGEST;
    }
}
