package dev.kandjistream.enricher.store;

import dev.kandjistream.enricher.domain.AppFacts;
import dev.kandjistream.enricher.domain.UsageFacts;
import dev.kandjistream.enricher.domain.UserFacts;

/** The facts of a contribution as bytes. */
interface FactsCodec<F> {
    void write(F facts, BytesWriter out);

    F read(BytesReader in);

    /** What a device says about its user. */
    final class OfUser implements FactsCodec<UserFacts> {
        @Override
        public void write(UserFacts facts, BytesWriter out) {
            out.text(facts.email()).text(facts.name()).flag(facts.archived());
        }

        @Override
        public UserFacts read(BytesReader in) {
            return new UserFacts(in.text(), in.text(), in.flag());
        }
    }

    /** What a device says about its user's use of an app. */
    final class OfUsage implements FactsCodec<UsageFacts> {
        @Override
        public void write(UsageFacts facts, BytesWriter out) {
            AppFacts app = facts.app();
            out.text(facts.userEmail()).text(app.name()).text(app.bundleId()).text(app.teamId());
            out.text(app.developerName()).text(app.category()).text(app.obtainedFrom());
        }

        @Override
        public UsageFacts read(BytesReader in) {
            // Arguments are evaluated from left to right, which is the order they were written in.
            return new UsageFacts(
                    in.text(), new AppFacts(in.text(), in.text(), in.text(), in.text(), in.text(), in.text()));
        }
    }
}
