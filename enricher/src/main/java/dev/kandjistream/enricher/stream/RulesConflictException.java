package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.Rules;

/** One version of the rules has two contents. Nothing can be judged until a person decides. */
public final class RulesConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RulesConflictException(Rules stored, Rules configured) {
        super("Rules of version " + configured.version() + " are in force with " + words(stored) + ", configured are "
                + words(configured) + ". Raise rules.version to put the configured ones into force");
    }

    private static String words(Rules rules) {
        return "suppressed words " + rules.suppressedWords() + ", license types " + rules.licenseTypes()
                + ", placeholder bundle ids " + rules.placeholderBundleIds();
    }
}
