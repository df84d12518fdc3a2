package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.Change;
import dev.kandjistream.enricher.domain.EventType;
import dev.kandjistream.enricher.domain.Evidence;
import dev.kandjistream.enricher.domain.Summary;
import dev.kandjistream.enricher.domain.UserChange;
import dev.kandjistream.enricher.store.StoredKeys;
import dev.kandjistream.enricher.store.UserStore;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.Replays;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Tells again what stands of users and of their use of apps. */
final class UserReplay implements ReplayPass.Work {
    private final UserStore store;
    private final UserEvents events;
    private final Runnable send;

    UserReplay(UserStore store, UserEvents events, Runnable send) {
        this.store = store;
        this.events = events;
        this.send = send;
    }

    @Override
    public StoredKeys keys(String beginning, String after) {
        return store.usagesAndUsers(beginning, after);
    }

    @Override
    public void replay(String key, Replays.Request request, ReplayPass.Counts counts) {
        byte[] id = key.substring(1).getBytes(StandardCharsets.UTF_8);
        List<String> names = Keys.split(key.substring(1));
        if (key.charAt(0) == 'u' && request.entities().contains("users")) {
            user(id, names, request, counts);
        } else if (key.charAt(0) == 'a' && request.entities().contains("usage")) {
            usage(id, names, request, counts);
        }
        send.run();
    }

    private void user(byte[] id, List<String> names, Replays.Request request, ReplayPass.Counts counts) {
        var user = store.user(id).devices().summary();
        // What is left of a user that was removed is no user.
        if (!user.isEmpty()) {
            counts.add("users");
            if (!request.dryRun()) {
                events.user(id, Change.replay(EventType.USER_UPDATED, user), from(names, user));
            }
        }
    }

    private void usage(byte[] id, List<String> names, Replays.Request request, ReplayPass.Counts counts) {
        var usage = store.usage(id).summary();
        if (!usage.isEmpty()) {
            counts.add("usage");
            if (!request.dryRun()) {
                events.usage(id, names.get(2), Change.replay(EventType.USAGE_UPDATED, usage), from(names, usage));
            }
        }
    }

    private static UserChange from(List<String> names, Summary<?> summary) {
        var speaker = summary.speaker();
        var evidence =
                new Evidence(names.get(0), speaker.deviceId(), "", "", 0, DeviceReplay.SWEEP, speaker.observedAt());
        return new UserChange(names.get(1), evidence, speaker.collectedAt(), null, List.of());
    }
}
