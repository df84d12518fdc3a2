package dev.kandjistream.enricher.domain;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a difference into records of bounded size: a device's apps may fill a raw record of 16 MB, and what is made of
 * them must fit as well. The device's own part goes with the first chunk only, so that no key gets two events.
 */
public final class Chunks {
    static final int APPS = 500;
    static final int CHARACTERS = 256 * 1024;

    private Chunks() {}

    static List<UserChange> of(UserChange whole) {
        if (whole.apps().size() <= APPS && size(whole.apps()) <= CHARACTERS) {
            return List.of(whole);
        }
        var chunks = new ArrayList<UserChange>();
        var apps = new ArrayList<UserChange.AppPart>();
        int characters = 0;
        for (UserChange.AppPart app : whole.apps()) {
            int size = size(app);
            if (!apps.isEmpty() && (apps.size() == APPS || characters + size > CHARACTERS)) {
                chunks.add(chunk(whole, chunks.isEmpty(), apps));
                apps.clear();
                characters = 0;
            }
            apps.add(app);
            characters += size;
        }
        chunks.add(chunk(whole, chunks.isEmpty(), apps));
        return chunks;
    }

    /** The first half of the apps, and the device's own part. */
    public static UserChange beginning(UserChange whole) {
        return chunk(whole, true, whole.apps().subList(0, whole.apps().size() / 2));
    }

    /** The second half of the apps. */
    public static UserChange rest(UserChange whole) {
        return chunk(
                whole,
                false,
                whole.apps().subList(whole.apps().size() / 2, whole.apps().size()));
    }

    private static UserChange chunk(UserChange whole, boolean first, List<UserChange.AppPart> apps) {
        return new UserChange(whole.userId(), whole.evidence(), whole.collectedAt(), first ? whole.user() : null, apps);
    }

    private static int size(List<UserChange.AppPart> apps) {
        return apps.stream().mapToInt(Chunks::size).sum();
    }

    private static int size(UserChange.AppPart app) {
        int size = app.appId().length();
        Contribution<UsageFacts> contribution = app.part().contribution();
        if (contribution == null) {
            return size;
        }
        for (String version : contribution.versions()) {
            size += version.length();
        }
        AppFacts facts = contribution.facts().app();
        return size
                + length(contribution.facts().userEmail())
                + length(facts.name())
                + length(facts.bundleId())
                + length(facts.teamId())
                + length(facts.developerName())
                + length(facts.category())
                + length(facts.obtainedFrom());
    }

    private static int length(String text) {
        return text == null ? 0 : text.length();
    }
}
