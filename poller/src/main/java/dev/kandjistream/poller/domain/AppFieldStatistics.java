package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.poller.domain.FieldProblem.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts over the rows of a sweep of the apps which of the fields that identify or name an app are there. Where many rows
 * lost one, apps would seem to be others: they would get other ids, and helpers without a name would count as apps.
 */
final class AppFieldStatistics {
    private long rows;
    private long names;
    private long bundleIds;
    private long paths;
    private long versions;
    private long times;

    /** @param collected when the device reported the row; {@link Moment#UNKNOWN} where the row does not say */
    void add(App app, long collected) {
        rows++;
        times += collected == Moment.UNKNOWN ? 0 : 1;
        names += app.lacksName() ? 0 : 1;
        bundleIds += app.lacksBundleId() ? 0 : 1;
        paths += app.lacksPath() ? 0 : 1;
        versions += app.version() == null ? 0 : 1;
    }

    /** In order of field. */
    List<FieldProblem> problems(Filled before, EvidenceRules rules) {
        var problems = new ArrayList<FieldProblem>();
        add("bundle_id", bundleIds, true, before, rules, problems);
        add("last_collected_at", times, false, before, rules, problems);
        add("name", names, true, before, rules, problems);
        add("path", paths, true, before, rules, problems);
        add("version", versions, false, before, rules, problems);
        return problems;
    }

    /** By shares, not by rows: a fleet of some iPhones more has more rows without a path. */
    private void add(
            String field,
            long has,
            boolean quarantines,
            Filled before,
            EvidenceRules rules,
            List<FieldProblem> problems) {
        long had = before.byField().getOrDefault(field, 0L);
        if (before.rows() == 0 || rows == 0 || had == 0) {
            return;
        }
        long expected = (long) Math.floor((double) had / before.rows() * rows);
        long lost = expected - has;
        if (rules.beyondBelief(lost, expected, lost)) {
            problems.add(new FieldProblem(field, Problem.LOST, lost, expected, quarantines));
        }
    }

    Filled filled() {
        var byField = new HashMap<String, Long>(Map.of("name", names, "bundle_id", bundleIds, "version", versions));
        byField.put("path", paths);
        byField.put("last_collected_at", times);
        return new Filled(rows, byField);
    }
}
