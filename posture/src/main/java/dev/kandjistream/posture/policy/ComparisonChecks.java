package dev.kandjistream.posture.policy;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.kandjistream.config.DidYouMean;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.Email;
import dev.kandjistream.posture.domain.OsVersion;
import dev.kandjistream.posture.domain.Platform;
import dev.kandjistream.posture.policy.LiteralChecks.Finding;
import java.util.List;
import java.util.Optional;

/**
 * What attributes are compared with. A version and a word of a closed list are compared with what can be read here, or with a
 * value of the context as it is: anything else could be a value that the attribute never has, and {@code !=} would then hold of
 * every device.
 */
final class ComparisonChecks {
    private static final String BLANK = "a text that is not blank, because blank text is missing";

    private final Scope scope;
    private final List<Finding> findings;

    ComparisonChecks(Scope scope, List<Finding> findings) {
        this.scope = scope;
        this.findings = findings;
    }

    /** Whether the attribute may stand in direct comparisons only. */
    static boolean isStrict(Attribute attribute) {
        return attribute.kind() == Attribute.Kind.VERSION
                || !attribute.vocabulary().isEmpty();
    }

    /** Notes a strict attribute in another place than a comparison. */
    void elsewhere(Attribute attribute, CelExpr expression) {
        if (attribute.kind() == Attribute.Kind.VERSION) {
            findings.add(new Finding(
                    expression.id(),
                    attribute.word() + " compared directly by == != < <= > >=",
                    "another use of it",
                    "write " + attribute.word() + " >= \"15.2\""));
            return;
        }
        List<String> words = attribute.vocabulary();
        findings.add(new Finding(
                expression.id(),
                attribute.word() + " compared directly by ==, != or in",
                "another use of it",
                "write " + attribute.word() + " == " + quoted(words.get(1)) + ", or " + attribute.word() + " in ["
                        + quoted(words.get(1)) + ", " + quoted(words.get(2)) + "]"));
    }

    void compared(Attribute attribute, Comparison comparison, CelExpr other) {
        boolean equality = comparison == Comparison.EQUAL || comparison == Comparison.UNEQUAL;
        if (!attribute.vocabulary().isEmpty() && !equality) {
            elsewhere(attribute, other);
            return;
        }
        for (CelExpr leaf : scope.leaves(other)) {
            compared(attribute, leaf);
        }
    }

    /** {@code attribute in list}. */
    void oneOf(Attribute attribute, CelExpr list) {
        for (CelExpr leaf : scope.leaves(list)) {
            if (leaf.getKind() == Kind.LIST) {
                leaf.list().elements().forEach(member -> compared(attribute, Comparison.EQUAL, member));
            } else if (isStrict(attribute)) {
                elsewhere(attribute, leaf);
            } else if (attribute == Attribute.USER_EMAIL) {
                emails(leaf);
            }
        }
    }

    private void compared(Attribute attribute, CelExpr leaf) {
        if (attribute.kind() == Attribute.Kind.VERSION) {
            version(leaf);
        } else if (!attribute.vocabulary().isEmpty()) {
            word(attribute, leaf);
        } else if (attribute == Attribute.USER_EMAIL) {
            blank(attribute, leaf);
            emails(leaf);
        } else if (attribute.kind() == Attribute.Kind.TEXT) {
            blank(attribute, leaf);
        }
    }

    private void version(CelExpr leaf) {
        Optional<String> text = Literals.text(leaf);
        if (text.isPresent()) {
            text.filter(written -> OsVersion.parse(written).isEmpty())
                    .ifPresent(written -> findings.add(
                            new Finding(leaf.id(), OsVersion.FORM, quoted(written), VersionText.mend(written))));
        } else if (!isKnownLater(leaf)) {
            findings.add(new Finding(
                    leaf.id(),
                    "a version in quotes, or a value of context",
                    "a value that is not a version",
                    "write the version out, such as \"15.2\""));
        }
    }

    private void word(Attribute attribute, CelExpr leaf) {
        Optional<String> text = Literals.text(leaf);
        if (text.isPresent()) {
            text.filter(word -> !attribute.vocabulary().contains(word))
                    .ifPresent(word -> findings.add(unknown(attribute, leaf.id(), word)));
        } else if (!isKnownLater(leaf)) {
            elsewhere(attribute, leaf);
        }
    }

    private static Finding unknown(Attribute attribute, long id, String text) {
        String found = quoted(text) + ", which " + attribute.word() + " never is";
        if (attribute == Attribute.PLATFORM && !Platform.asKandjiSays(text).equals(text)) {
            return new Finding(
                    id,
                    "a platform in Kandji's words",
                    found,
                    "write " + quoted(Platform.asKandjiSays(text)) + ", or platform: beside when:");
        }
        String mend = DidYouMean.nearest(text, attribute.vocabulary())
                .map(near -> "did you mean " + quoted(near) + "?")
                .orElse("");
        List<String> words =
                attribute.vocabulary().stream().map(ComparisonChecks::quoted).toList();
        return new Finding(id, "one of " + String.join(", ", words), found, mend);
    }

    /** What the context brings is compared when it is known, and what {@code dyn} hides is a finding of its own. */
    private boolean isKnownLater(CelExpr leaf) {
        return scope.isContextValue(leaf)
                || Literals.isCall(leaf, 1) && leaf.call().function().equals("dyn");
    }

    private void blank(Attribute attribute, CelExpr leaf) {
        if (Literals.text(leaf).filter(String::isBlank).isPresent()) {
            String has = "has(" + attribute.word() + ")";
            findings.add(new Finding(leaf.id(), BLANK, "a blank one", "write " + has + " or !" + has));
        }
    }

    /** Notes every text with capitals, however deep it stands. */
    void emails(CelExpr expression) {
        Literals.textsIn(expression).forEach((id, text) -> {
            if (!text.equals(Email.small(text))) {
                capitals(id);
            }
        });
    }

    /** Messages do not repeat emails, because they may be logged. */
    void capitals(long id) {
        findings.add(new Finding(
                id, "an email in lower case, like user_email", "one with capitals", "write it in lower case"));
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
