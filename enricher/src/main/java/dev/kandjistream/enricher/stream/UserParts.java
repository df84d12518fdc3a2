package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.AppFacts;
import dev.kandjistream.enricher.domain.Contribution;
import dev.kandjistream.enricher.domain.Summary;
import dev.kandjistream.enricher.domain.UsageFacts;
import dev.kandjistream.enricher.domain.UserChange;
import dev.kandjistream.enricher.domain.UserChange.AppPart;
import dev.kandjistream.enricher.domain.UserFacts;
import java.util.List;
import java.util.OptionalInt;

/**
 * Sizes of differences for users. A usage event shows at most some 55 texts: twice 20 versions and 7 others. So if no text is
 * larger than a 64th of a limit, every event and stored state of users fits, whatever other devices of the user say. That is
 * checked before a device is told of: at the user, a difference could not be refused any more.
 */
final class UserParts {
    private static final int TEXTS = 64;

    /** UTF-8 takes at most so many bytes for a character. */
    private static final int BYTES = 3;

    /** The poller cuts texts to 4,096 characters: under a limit like this or larger, none of them is too long. */
    private static final int ALWAYS_ENOUGH = 4_096 * BYTES * TEXTS;

    /** Names, ids and numbers of an event. */
    private static final int ROOM = 4 << 10;

    private UserParts() {}

    /** @return the longest text in bytes, at most, where it is too long for the limit */
    static OptionalInt tooLong(List<UserChange> changes, int limit) {
        if (limit >= ALWAYS_ENOUGH) {
            return OptionalInt.empty();
        }
        int longest = 0;
        for (UserChange change : changes) {
            longest = Math.max(longest, longest(change));
        }
        return longest * BYTES > limit / TEXTS ? OptionalInt.of(longest * BYTES) : OptionalInt.empty();
    }

    /** Of an event with a state of so many characters before it, and one after it. */
    static int eventBytes(byte[] key, int characters) {
        return 2 * BYTES * characters + 4 * key.length + ROOM;
    }

    static int characters(Summary<?> summary) {
        int characters = 0;
        for (String deviceId : summary.deviceIds()) {
            characters += deviceId.length();
        }
        for (String version : summary.versions()) {
            characters += version.length();
        }
        return summary.speaker() == null
                ? characters
                : characters + ofFacts(summary.speaker().facts());
    }

    static int characters(Contribution<?> contribution) {
        int characters = contribution.deviceId().length();
        for (String version : contribution.versions()) {
            characters += version.length();
        }
        return characters + ofFacts(contribution.facts());
    }

    private static int ofFacts(Object facts) {
        if (facts instanceof UserFacts user) {
            return length(user.email()) + length(user.name());
        }
        var usage = (UsageFacts) facts;
        AppFacts app = usage.app();
        return length(usage.userEmail())
                + length(app.name())
                + length(app.bundleId())
                + length(app.teamId())
                + length(app.developerName())
                + length(app.category())
                + length(app.obtainedFrom());
    }

    private static int length(String text) {
        return text == null ? 0 : text.length();
    }

    private static int longest(UserChange change) {
        int longest = change.userId().length();
        if (change.user() != null && change.user().contribution() != null) {
            UserFacts facts = change.user().contribution().facts();
            longest = longest(longest, facts.email(), facts.name());
        }
        for (AppPart app : change.apps()) {
            longest = Math.max(longest, longest(app));
        }
        return longest;
    }

    private static int longest(AppPart app) {
        int longest = app.appId().length();
        Contribution<UsageFacts> contribution = app.part().contribution();
        if (contribution == null) {
            return longest;
        }
        for (String version : contribution.versions()) {
            longest = Math.max(longest, version.length());
        }
        AppFacts facts = contribution.facts().app();
        return longest(
                longest,
                contribution.facts().userEmail(),
                facts.name(),
                facts.bundleId(),
                facts.teamId(),
                facts.developerName(),
                facts.category(),
                facts.obtainedFrom());
    }

    private static int longest(int longest, String... texts) {
        int most = longest;
        for (String text : texts) {
            most = Math.max(most, text == null ? 0 : text.length());
        }
        return most;
    }
}
