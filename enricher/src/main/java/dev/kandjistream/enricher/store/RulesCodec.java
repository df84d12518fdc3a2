package dev.kandjistream.enricher.store;

import dev.kandjistream.enricher.domain.Rules;
import java.util.Set;

/** {@link StoredRules} as bytes. The first byte names the form. */
final class RulesCodec {
    private static final int FORM = 1;
    private final BytesWriter out = new BytesWriter();

    byte[] write(StoredRules stored) {
        Rules rules = stored.rules();
        out.octet(FORM).number(rules.version()).texts(rules.suppressedWords()).texts(rules.licenseTypes());
        return out.text(stored.appliedUpTo()).flag(stored.appliedToAll()).take();
    }

    StoredRules read(byte[] bytes) {
        var in = BytesReader.of(bytes, FORM);
        var rules = new Rules(in.count(), Set.copyOf(in.texts()), Set.copyOf(in.texts()));
        return new StoredRules(rules, in.text(), in.flag());
    }
}
