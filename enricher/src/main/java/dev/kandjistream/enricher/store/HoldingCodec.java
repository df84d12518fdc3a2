package dev.kandjistream.enricher.store;

import dev.kandjistream.enricher.domain.Contribution;
import dev.kandjistream.enricher.domain.FewDevices;
import dev.kandjistream.enricher.domain.Holding;
import dev.kandjistream.enricher.domain.HoldingIndex;
import dev.kandjistream.enricher.domain.ManyDevices;
import dev.kandjistream.enricher.domain.Summary;
import java.util.ArrayList;
import java.util.List;

/** {@link Holding} as bytes: all contributions of a few devices, the summary alone of many. */
final class HoldingCodec<F> {
    private static final int FEW = 0;
    private static final int MANY = 1;

    private final FactsCodec<F> facts;
    private final ContributionCodec<F> contributions;

    HoldingCodec(FactsCodec<F> facts) {
        this.facts = facts;
        this.contributions = new ContributionCodec<>(facts);
    }

    void write(Holding<F> holding, BytesWriter out) {
        if (holding instanceof FewDevices<F> few) {
            out.octet(FEW).number(few.contributions().size());
            for (Contribution<F> contribution : few.contributions()) {
                out.text(contribution.deviceId());
                contributions.write(contribution, out);
            }
        } else if (holding instanceof ManyDevices<F> many) {
            out.octet(MANY).number(many.distinctVersions());
            write(many.summary(), out);
        }
    }

    /** @param index where many devices are spread out */
    Holding<F> read(BytesReader in, HoldingIndex<F> index) {
        if (in.octet() == MANY) {
            int distinctVersions = in.count();
            return new ManyDevices<>(readSummary(in), distinctVersions, index);
        }
        int count = in.count();
        if (count == 1) {
            return new FewDevices<>(List.of(contributions.read(in.text(), in)));
        }
        var few = new ArrayList<Contribution<F>>(count);
        for (int i = 0; i < count; i++) {
            few.add(contributions.read(in.text(), in));
        }
        return new FewDevices<>(few);
    }

    private void write(Summary<F> summary, BytesWriter out) {
        out.number(summary.devices()).number(summary.seats());
        out.texts(summary.deviceIds()).texts(summary.versions()).time(summary.firstSeenAt());
        out.flag(summary.speaker() != null);
        if (summary.speaker() != null) {
            Summary.Speaker<F> speaker = summary.speaker();
            out.text(speaker.deviceId()).time(speaker.observedAt()).time(speaker.collectedAt());
            facts.write(speaker.facts(), out);
        }
    }

    private Summary<F> readSummary(BytesReader in) {
        // Arguments are evaluated from left to right, which is the order they were written in.
        return new Summary<>(
                in.count(), in.count(), in.texts(), in.texts(), in.time(), in.flag() ? readSpeaker(in) : null);
    }

    private Summary.Speaker<F> readSpeaker(BytesReader in) {
        return new Summary.Speaker<>(in.text(), in.time(), in.time(), facts.read(in));
    }
}
