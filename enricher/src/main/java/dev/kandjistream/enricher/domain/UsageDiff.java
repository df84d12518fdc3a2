package dev.kandjistream.enricher.domain;

import java.util.Objects;

/** What a device's contribution changes about a user, or about the user's use of an app. */
public final class UsageDiff {
    private static final Kinds USER =
            new Kinds(EventType.USER_DISCOVERED, EventType.USER_UPDATED, EventType.USER_REMOVED);
    private static final Kinds USAGE =
            new Kinds(EventType.USAGE_STARTED, EventType.USAGE_UPDATED, EventType.USAGE_ENDED);

    private record Kinds(EventType begun, EventType changed, EventType ended) {}

    private UsageDiff() {}

    /**
     * @param before what the user's devices said together
     * @param after what they say now
     * @param ended whether the user was ever gone before: then nothing of it is baseline any more
     * @return null where they show the same
     */
    public static Change<Summary<UserFacts>> ofUser(
            Summary<UserFacts> before, Summary<UserFacts> after, UserChange.Part<UserFacts> part, boolean ended) {
        return between(before, after, part, ended, USER);
    }

    /**
     * @param before what the user's devices said together about the app
     * @param after what they say now
     * @param ended whether any use by this user ever ended: then none begins as baseline any more
     * @return null where they show the same
     */
    public static Change<Summary<UsageFacts>> ofUsage(
            Summary<UsageFacts> before, Summary<UsageFacts> after, UserChange.Part<UsageFacts> part, boolean ended) {
        return between(before, after, part, ended, USAGE);
    }

    private static <F> Change<Summary<F>> between(
            Summary<F> before, Summary<F> after, UserChange.Part<F> part, boolean ended, Kinds kinds) {
        boolean baseline = part.baseline() && !ended;
        Cause cause = baseline ? Cause.BASELINE : part.cause();
        if (before.isEmpty()) {
            Op op = baseline ? Op.BASELINE : Op.CREATED;
            return after.isEmpty() ? null : new Change<>(kinds.begun, op, cause, null, after);
        }
        if (after.isEmpty()) {
            return new Change<>(kinds.ended, Op.DELETED, cause, before, null);
        }
        return showSame(before, after) ? null : new Change<>(kinds.changed, Op.UPDATED, cause, before, after);
    }

    /** Who speaks is not shown, only what they say. */
    private static <F> boolean showSame(Summary<F> before, Summary<F> after) {
        return before.devices() == after.devices()
                && before.seats() == after.seats()
                && before.deviceIds().equals(after.deviceIds())
                && before.versions().equals(after.versions())
                && Objects.equals(before.firstSeenAt(), after.firstSeenAt())
                && Objects.equals(
                        before.speaker().collectedAt(), after.speaker().collectedAt())
                && before.speaker().facts().equals(after.speaker().facts());
    }
}
