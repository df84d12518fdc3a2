package dev.kandjistream.enricher.store;

import dev.kandjistream.enricher.domain.Rules;
import java.util.Set;

/** {@link StoredRules} as bytes. The first byte is the form. Form 1 lacks placeholder bundle ids. */
final class RulesCodec {
    private static final int FORM = 2;
    private final BytesWriter out = new BytesWriter();

    byte[] write(StoredRules stored) {
        Rules rules = stored.rules();
        out.octet(FORM).number(rules.version()).texts(rules.suppressedWords()).texts(rules.licenseTypes());
        out.texts(rules.placeholderBundleIds());
        return out.text(stored.appliedUpTo()).flag(stored.appliedToAll()).take();
    }

    StoredRules read(byte[] bytes) {
        var in = BytesReader.of(bytes, 1, FORM);
        // Java evaluates arguments from left to right, which is the order of the stored fields.
        var rules = new Rules(
                in.count(),
                Set.copyOf(in.texts()),
                Set.copyOf(in.texts()),
                in.form() == 1 ? Rules.DEFAULT_PLACEHOLDER_BUNDLE_IDS : Set.copyOf(in.texts()));
        return new StoredRules(rules, in.text(), in.flag());
    }
}
