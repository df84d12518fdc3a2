package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.Rules;

/** One version of the rules has two contents. Nothing can be judged until a person decides. */
public final class RulesConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RulesConflictException(Rules stored, Rules configured) {
        super("Rules of version " + configured.version() + " are in force with words " + stored.suppressedWords()
                + " and license types " + stored.licenseTypes() + ", configured are words "
                + configured.suppressedWords() + " and license types " + configured.licenseTypes()
                + ". Raise rules.version to put the configured ones into force");
    }
}
