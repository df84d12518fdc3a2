package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.AppFacts;
import dev.kandjistream.enricher.domain.Change;
import dev.kandjistream.enricher.domain.Summary;
import dev.kandjistream.enricher.domain.UsageFacts;
import dev.kandjistream.enricher.domain.UserChange;
import dev.kandjistream.enricher.domain.UserFacts;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.usage.Usage;
import dev.kandjistream.users.User;
import org.apache.kafka.common.serialization.Serializer;

/** What is told of a user, and of the user's use of apps. */
final class UserEvents {
    private final EventOutlet outlet;
    private final Topic<dev.kandjistream.users.Envelope> users;
    private final Topic<dev.kandjistream.usage.Envelope> usages;
    private final Serializer<dev.kandjistream.users.Envelope> userFormat;
    private final Serializer<dev.kandjistream.usage.Envelope> usageFormat;

    UserEvents(EventOutlet outlet, Topics topics, ValueFormat format) {
        this.outlet = outlet;
        users = topics.users();
        usages = topics.usage();
        userFormat = format.serializer(users);
        usageFormat = format.serializer(usages);
    }

    void user(byte[] key, Change<Summary<UserFacts>> change, UserChange from) {
        var after = user(change.after(), from);
        var frame = outlet.frame(users, key, change, from.evidence(), after);
        var envelope = new dev.kandjistream.users.Envelope(
                user(change.before(), from),
                after,
                frame.op(),
                frame.tsMs(),
                frame.source(),
                frame.eventId(),
                frame.eventType(),
                frame.cause(),
                null,
                frame.observedAt());
        outlet.send(EnricherTopology.USERS, users, userFormat, key, envelope, frame, change, from.evidence());
    }

    void usage(byte[] key, String appId, Change<Summary<UsageFacts>> change, UserChange from) {
        var after = usage(appId, change.after(), from);
        var frame = outlet.frame(usages, key, change, from.evidence(), after);
        var envelope = new dev.kandjistream.usage.Envelope(
                usage(appId, change.before(), from),
                after,
                frame.op(),
                frame.tsMs(),
                frame.source(),
                frame.eventId(),
                frame.eventType(),
                frame.cause(),
                from.collectedAt(),
                frame.observedAt());
        outlet.send(EnricherTopology.USAGE, usages, usageFormat, key, envelope, frame, change, from.evidence());
    }

    /** The contract's word. */
    static String status(boolean archived) {
        return archived ? "ARCHIVED" : "ACTIVE";
    }

    private static User user(Summary<UserFacts> summary, UserChange from) {
        if (summary == null) {
            return null;
        }
        UserFacts facts = summary.speaker().facts();
        return new User(
                from.evidence().accountId(),
                from.userId(),
                facts.email(),
                facts.name(),
                status(facts.archived()),
                summary.devices(),
                summary.seats());
    }

    private static Usage usage(String appId, Summary<UsageFacts> summary, UserChange from) {
        if (summary == null) {
            return null;
        }
        UsageFacts facts = summary.speaker().facts();
        AppFacts app = facts.app();
        return new Usage(
                from.evidence().accountId(),
                from.userId(),
                appId,
                facts.userEmail(),
                app.name(),
                app.bundleId(),
                app.teamId(),
                app.developerName(),
                app.category(),
                app.obtainedFrom(),
                summary.versions(),
                summary.devices(),
                summary.deviceIds(),
                summary.firstSeenAt(),
                summary.speaker().collectedAt());
    }
}
