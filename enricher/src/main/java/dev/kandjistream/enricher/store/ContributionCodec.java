package dev.kandjistream.enricher.store;

import dev.kandjistream.enricher.domain.Contribution;

/** {@link Contribution} as bytes, without the device id, which is known where it stands. */
final class ContributionCodec<F> {
    private final FactsCodec<F> facts;

    ContributionCodec(FactsCodec<F> facts) {
        this.facts = facts;
    }

    void write(Contribution<F> contribution, BytesWriter out) {
        out.time(contribution.observedAt()).time(contribution.collectedAt()).time(contribution.firstSeenAt());
        out.number(contribution.seats()).texts(contribution.versions());
        facts.write(contribution.facts(), out);
    }

    Contribution<F> read(String deviceId, BytesReader in) {
        // Arguments are evaluated from left to right, which is the order they were written in.
        return new Contribution<>(deviceId, in.time(), in.time(), in.time(), in.count(), in.texts(), facts.read(in));
    }
}
