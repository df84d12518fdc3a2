package dev.kandjistream.enricher.store;

import dev.kandjistream.enricher.domain.Cause;
import dev.kandjistream.enricher.domain.Evidence;
import dev.kandjistream.enricher.domain.UsageFacts;
import dev.kandjistream.enricher.domain.UserChange;
import dev.kandjistream.enricher.domain.UserChange.AppPart;
import dev.kandjistream.enricher.domain.UserChange.Part;
import dev.kandjistream.enricher.domain.UserFacts;
import java.util.ArrayList;

/** {@link UserChange} as bytes, for the repartition topic. The first byte names the form. One thread at a time. */
public final class UserChangeCodec {
    private static final int FORM = 1;
    /** Their order is part of the form: the other version in a rolling restart reads the numbers. */
    private static final Cause[] CAUSES = Cause.values();

    private final BytesWriter out = new BytesWriter();
    private final ContributionCodec<UserFacts> users = new ContributionCodec<>(new FactsCodec.OfUser());
    private final ContributionCodec<UsageFacts> usages = new ContributionCodec<>(new FactsCodec.OfUsage());

    public byte[] write(UserChange change) {
        out.octet(FORM).text(change.userId());
        Evidence evidence = change.evidence();
        out.text(evidence.accountId()).text(evidence.deviceId());
        out.text(evidence.deviceSweepId()).text(evidence.appSweepId()).number(evidence.rulesVersion());
        out.text(evidence.sweepId()).time(evidence.observedAt()).time(change.collectedAt());
        out.flag(change.user() != null);
        if (change.user() != null) {
            write(change.user(), users);
        }
        out.number(change.apps().size());
        for (AppPart app : change.apps()) {
            out.text(app.appId());
            write(app.part(), usages);
        }
        return out.take();
    }

    public UserChange read(byte[] bytes) {
        var in = BytesReader.of(bytes, FORM);
        String userId = in.text();
        // Arguments are evaluated from left to right, which is the order they were written in.
        var evidence = new Evidence(in.text(), in.text(), in.text(), in.text(), in.count(), in.text(), in.time());
        var collectedAt = in.time();
        String deviceId = evidence.deviceId();
        Part<UserFacts> user = in.flag() ? readPart(in, deviceId, users) : null;
        int count = in.count();
        var apps = new ArrayList<AppPart>(count);
        for (int i = 0; i < count; i++) {
            apps.add(new AppPart(in.text(), readPart(in, deviceId, usages)));
        }
        return new UserChange(userId, evidence, collectedAt, user, apps);
    }

    private <F> void write(Part<F> part, ContributionCodec<F> contributions) {
        out.octet(part.cause().ordinal()).flag(part.baseline()).flag(part.contribution() != null);
        if (part.contribution() != null) {
            contributions.write(part.contribution(), out);
        }
    }

    private static Cause cause(int number) {
        if (number < 0 || number >= CAUSES.length) {
            throw new IllegalStateException("Cause number " + number + ", this version knows 0 to "
                    + (CAUSES.length - 1) + ": a newer version of kandji-stream wrote it. Start that version again");
        }
        return CAUSES[number];
    }

    private static <F> Part<F> readPart(BytesReader in, String deviceId, ContributionCodec<F> contributions) {
        Cause cause = cause(in.octet());
        boolean baseline = in.flag();
        return new Part<>(cause, baseline, in.flag() ? contributions.read(deviceId, in) : null);
    }
}
