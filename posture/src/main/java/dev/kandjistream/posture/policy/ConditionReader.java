package dev.kandjistream.posture.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelSource;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.runtime.CelEvaluationException;
import dev.kandjistream.config.Fault;
import dev.kandjistream.config.Faults;
import dev.kandjistream.config.Section;
import dev.kandjistream.config.Type;
import java.util.List;
import java.util.Optional;

/** The text under {@code when} to a condition. What is wrong with it is noted where it stands. */
final class ConditionReader {
    static final String KEY = "when";

    private final Language language;
    private final Section rule;
    private final Faults faults;

    ConditionReader(Language language, Section rule, Faults faults) {
        this.language = language;
        this.rule = rule;
        this.faults = faults;
    }

    /** @return empty where it is at fault */
    Optional<CelCondition> read() {
        return rule.require(KEY, Type.TEXT, "write true for a rule without a condition")
                .flatMap(this::read);
    }

    private Optional<CelCondition> read(String text) {
        CelValidationResult parsed = language.parse(text);
        if (parsed.hasError()) {
            // What follows the first is often only its echo.
            note(parsed.getErrors().subList(0, 1));
            return Optional.empty();
        }
        CelAbstractSyntaxTree names = tree(parsed);
        var reading = new Reading();
        reading.of(names.getExpr());
        reading.unknown().forEach((id, name) -> unknown(line(names.getSource(), id), name));
        if (!reading.unknown().isEmpty()) {
            return Optional.empty();
        }
        CelValidationResult checked = language.check(names);
        if (checked.hasError()) {
            note(checked.getErrors());
            return Optional.empty();
        }
        CelAbstractSyntaxTree tree = tree(checked);
        List<LiteralChecks.Finding> findings = LiteralChecks.of(tree);
        findings.forEach(finding ->
                add(line(tree.getSource(), finding.expression()), finding.expected(), finding.found(), finding.mend()));
        return findings.isEmpty() ? Optional.of(condition(tree, reading)) : Optional.empty();
    }

    private CelCondition condition(CelAbstractSyntaxTree tree, Reading reading) {
        try {
            return new CelCondition(language.program(tree), FormulaReader.read(tree.getExpr()), reading.needs());
        } catch (CelEvaluationException impossible) {
            throw new IllegalStateException("A checked condition cannot be run", impossible);
        }
    }

    private void note(List<CelIssue> issues) {
        for (CelIssue issue : issues) {
            int line = Math.max(1, issue.getSourceLocation().getLine());
            Explanation explanation = Explanation.of(issue.getMessage());
            add(line, explanation.expected(), explanation.found(), explanation.mend());
        }
    }

    private void unknown(int line, String name) {
        add(line, "attributes and functions that are known", name + ", which is none", Explanation.nearest(name));
    }

    private void add(int line, String expected, String found, String mend) {
        Fault.Place place = rule.placeOf(KEY, line);
        faults.add(place, rule.path() + "." + KEY, expected, found, mend);
    }

    private static int line(CelSource source, long expression) {
        return Optional.ofNullable(source.getPositionsMap().get(expression))
                .flatMap(source::getOffsetLocation)
                .map(CelSourceLocation::getLine)
                .orElse(1);
    }

    private static CelAbstractSyntaxTree tree(CelValidationResult sound) {
        try {
            return sound.getAst();
        } catch (CelValidationException impossible) {
            throw new IllegalStateException("A condition without a fault has none", impossible);
        }
    }
}
