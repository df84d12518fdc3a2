package dev.kandjistream.enricher.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/** What a change of a device means for the user it had and the user it has. */
final class UserDiff {
    private final Trigger trigger;
    private final Evidence evidence;

    UserDiff(Trigger trigger, Evidence evidence) {
        this.trigger = trigger;
        this.evidence = evidence;
    }

    /** A device at one moment. */
    record Side(DeviceState state, Inventory inventory) {
        String userId() {
            return state.user() == null ? null : state.user().userId();
        }

        /** What the device says about its user; null without one. */
        Contribution<UserFacts> user(String deviceId) {
            if (state.user() == null) {
                return null;
            }
            Instant since = state.tenure().userSince();
            int seats = state.licenseType() == null ? 0 : 1;
            return new Contribution<>(
                    deviceId, since, null, null, seats, List.of(), state.user().facts());
        }

        /** What the device says about its user's use of the app; null where that is nothing. */
        Contribution<UsageFacts> usage(InstalledApp app, String deviceId) {
            InstalledApp.Kept kept =
                    app == null || state.user() == null ? null : app.kept().orElse(null);
            if (kept == null) {
                return null;
            }
            Instant emailSince = state.tenure().emailSince();
            Instant observedAt = emailSince.isAfter(app.changedAt()) ? emailSince : app.changedAt();
            var facts = new UsageFacts(state.user().email(), kept.facts());
            return new Contribution<>(
                    deviceId, observedAt, app.collectedAt(), kept.firstSeenAt(), 0, shown(kept.versions()), facts);
        }
    }

    /** No more of a device's versions are ever shown, whatever other devices have. */
    private static List<String> shown(List<String> versions) {
        return versions.size() <= Holding.SHOWN ? versions : versions.subList(0, Holding.SHOWN);
    }

    /** Whether apps that stay the same say something else all the same: for another user, or another email. */
    static boolean concernsApps(DeviceState before, DeviceState after) {
        Attribution had = before.user();
        Attribution has = after.user();
        if (had == null || has == null) {
            return had != has;
        }
        return !had.hasSameIdAs(has) || !Objects.equals(had.email(), has.email());
    }

    /** The differences; the user left comes first. */
    List<UserChange> between(Side before, Side after) {
        String had = before.userId();
        String has = after.userId();
        var changes = new ArrayList<UserChange>();
        if (had != null && had.equals(has)) {
            add(had, before, after, changes);
            return changes;
        }
        if (had != null) {
            add(had, before, nobodys(before), changes);
        }
        if (has != null) {
            add(has, nobodys(after), after, changes);
        }
        return changes;
    }

    /** The device without a user. */
    private static Side nobodys(Side side) {
        return new Side(side.state().withoutSighting(), side.inventory());
    }

    private void add(String userId, Side before, Side after, List<UserChange> changes) {
        var user = userPart(before, after);
        List<UserChange.AppPart> apps = appParts(before, after);
        if (user != null || !apps.isEmpty()) {
            DeviceState.Apps last = after.state().apps() == null
                    ? before.state().apps()
                    : after.state().apps();
            Instant collectedAt = last == null ? null : last.collectedAt();
            changes.addAll(Chunks.of(new UserChange(userId, evidence, collectedAt, user, apps)));
        }
    }

    private UserChange.Part<UserFacts> userPart(Side before, Side after) {
        Contribution<UserFacts> was = before.user(evidence.deviceId());
        Contribution<UserFacts> is = after.user(evidence.deviceId());
        if (Objects.equals(was, is)) {
            return null;
        }
        Cause cause = is == null ? trigger.leavingCause() : trigger.cause();
        return new UserChange.Part<>(cause, was == null && trigger.baseline(), is);
    }

    /** Walks both inventories side by side; both are in the order of app ids. */
    private List<UserChange.AppPart> appParts(Side before, Side after) {
        if (before.inventory() == after.inventory() && !concernsApps(before.state(), after.state())) {
            return List.of();
        }
        var parts = new ArrayList<UserChange.AppPart>();
        Iterator<InstalledApp> old = before.inventory().apps().iterator();
        Iterator<InstalledApp> current = after.inventory().apps().iterator();
        InstalledApp was = next(old);
        InstalledApp is = next(current);
        while (was != null || is != null) {
            int order = was == null ? 1 : is == null ? -1 : TextOrder.compare(was.appId(), is.appId());
            addPart(order <= 0 ? was : null, order >= 0 ? is : null, before, after, parts);
            was = order <= 0 ? next(old) : was;
            is = order >= 0 ? next(current) : is;
        }
        return parts;
    }

    private void addPart(
            InstalledApp appBefore, InstalledApp appAfter, Side before, Side after, List<UserChange.AppPart> parts) {
        Contribution<UsageFacts> was = before.usage(appBefore, evidence.deviceId());
        Contribution<UsageFacts> is = after.usage(appAfter, evidence.deviceId());
        if (Objects.equals(was, is)) {
            return;
        }
        if (is == null) {
            parts.add(part(appBefore, trigger.removedApp(), false, null));
        } else if (was == null) {
            boolean baseline = trigger.isBaseline(appAfter, after.state().tenure());
            parts.add(part(appAfter, trigger.addedApp(), baseline, is));
        } else {
            parts.add(part(appAfter, trigger.changedApp(), false, is));
        }
    }

    private static UserChange.AppPart part(
            InstalledApp app, Cause cause, boolean baseline, Contribution<UsageFacts> contribution) {
        return new UserChange.AppPart(app.appId(), new UserChange.Part<>(cause, baseline, contribution));
    }

    private static <T> T next(Iterator<T> iterator) {
        return iterator.hasNext() ? iterator.next() : null;
    }
}
