package dev.kandjistream.posture.live;

import dev.kandjistream.posture.domain.Enrolment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** One serial number asked of one or more accounts: under way, or over and remembered. Safe for several threads. */
final class Lookup {
    /** How long askers go by what the API said. */
    static final Duration REMEMBERED = Duration.ofSeconds(10);
    /** How long an API that gave no answer is not asked again for the same number. */
    static final Duration FAILURE_REMEMBERED = Duration.ofSeconds(2);

    private final int accounts;
    private final List<AccountAnswer> answers = new ArrayList<>();
    private final CompletableFuture<Void> whole = new CompletableFuture<>();
    private boolean ended;
    private Instant wantedUntil;
    private Instant rememberedUntil;

    /**
     * @param accounts how many are asked
     * @param wantedUntil the first asker's deadline
     */
    Lookup(int accounts, Instant wantedUntil) {
        this.accounts = accounts;
        this.wantedUntil = wantedUntil;
    }

    /**
     * What it has come to.
     *
     * @param rows devices found, of every account that has answered
     * @param askedAt when each account that has answered was asked
     */
    record Finding(LiveOutcome outcome, List<Enrolment> rows, Map<String, Instant> askedAt) {}

    /** Takes one account's answer; each gives one. Whoever waits is served on this thread with the last. */
    void take(AccountAnswer answer) {
        if (add(answer)) {
            whole.complete(null);
        }
    }

    /** @return whether it was the last */
    private synchronized boolean add(AccountAnswer answer) {
        answers.add(answer);
        if (answers.size() < accounts) {
            return false;
        }
        rememberedUntil = answer.at().plus(span());
        return true;
    }

    /**
     * What was found is found, though another account failed; "nobody has it" takes the word of all. Where nothing was asked
     * there is nothing to remember.
     */
    private Duration span() {
        LiveOutcome outcome = outcome();
        if (outcome.answered()) {
            return REMEMBERED;
        }
        return wasAsked() ? FAILURE_REMEMBERED : Duration.ZERO;
    }

    /** Lets everybody go with what has come: no more will. */
    void end() {
        synchronized (this) {
            ended = true;
        }
        whole.complete(null);
    }

    /** Another one waits for it. */
    synchronized void join(Instant deadline) {
        if (deadline.isAfter(wantedUntil)) {
            wantedUntil = deadline;
        }
    }

    /** Whether anybody still waits. */
    synchronized boolean isWanted(Instant now) {
        return now.isBefore(wantedUntil);
    }

    synchronized boolean isUnderWay() {
        return rememberedUntil == null;
    }

    /** Whether it is over and forgotten. */
    synchronized boolean isPast(Instant now) {
        return rememberedUntil != null && !now.isBefore(rememberedUntil);
    }

    /** Whether an API was asked. */
    synchronized boolean wasAsked() {
        return answers.stream().anyMatch(answer -> answer.outcome().asked());
    }

    /** Done when every account has answered, or it was ended; never fails. */
    CompletableFuture<Void> whole() {
        return whole;
    }

    /** As far as answers have come. */
    synchronized Finding finding() {
        return new Finding(
                outcome(),
                answers.stream().flatMap(answer -> answer.enrolments().stream()).toList(),
                answers.stream().collect(Collectors.toMap(AccountAnswer::accountId, AccountAnswer::askedAt)));
    }

    private LiveOutcome outcome() {
        LiveOutcome greatest = answers.stream()
                .map(AccountAnswer::outcome)
                .max(Comparator.naturalOrder())
                .orElse(LiveOutcome.TOO_LATE);
        if (greatest == LiveOutcome.FOUND || answers.size() == accounts) {
            return greatest;
        }
        return ended ? LiveOutcome.REFUSED : LiveOutcome.TOO_LATE;
    }
}
