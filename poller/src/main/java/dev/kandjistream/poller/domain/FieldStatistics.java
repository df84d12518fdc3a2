package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.kandji.domain.RowShape;
import dev.kandjistream.poller.domain.FieldProblem.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Counts over the rows of a device sweep which documented fields are there and can be read. A renamed, retyped or missing
 * field shows here before anything that depends on it is believed.
 *
 * <p>A row that lacks a field counts as {@link Problem#LOST}, a row that has it in a form that cannot be read as
 * {@link Problem#UNREADABLE}; no row counts as both. Fields on which seats or access depend are compared device by device with what is published; a loss on more of them
 * than the rules believe quarantines the sweep. Of all others the numbers of the latest complete sweep are compared, and a
 * difference is reported only.
 */
final class FieldStatistics {
    private static final Map<String, Predicate<DeviceRow>> OTHERS = others();

    private final Map<String, Long> known = new HashMap<>();
    /** Rows of published devices without a usable value, whether they lack the field or it cannot be read. */
    private final Map<String, Long> lost = new TreeMap<>();
    /** Those of {@link #lost} in which the field, or a part of it, is there and cannot be read. */
    private final Map<String, Long> lostUnread = new HashMap<>();
    /** The unreadable fields that stand in these rows, by the lost field. */
    private final Map<String, Set<String>> unreadInstead = new HashMap<>();

    private final Map<String, Long> unread = new TreeMap<>();
    private final Map<String, Long> unknown = new TreeMap<>();
    private final Map<String, Long> cut = new TreeMap<>();
    private final Map<String, Long> filled = new HashMap<>();
    private long rows;
    private long compared;
    private Set<String> unreadInLatest = Set.of();

    private static Map<String, Predicate<DeviceRow>> others() {
        var fields = new LinkedHashMap<String, Predicate<DeviceRow>>();
        fields.put("device_name", row -> row.deviceName() != null);
        fields.put("model", row -> row.model() != null);
        fields.put("os_version", row -> row.osVersion() != null);
        fields.put("last_check_in", row -> row.lastCheckIn() != Moment.UNKNOWN);
        fields.put("blueprint_id", row -> row.blueprintId() != null);
        fields.put("blueprint_name", row -> row.blueprintName() != null);
        fields.put("mdm_enabled", row -> row.mdmEnabled() != null);
        fields.put("agent_installed", row -> row.agentInstalled() != null);
        fields.put("agent_version", row -> row.agentVersion() != null);
        fields.put("is_missing", row -> row.isMissing() != null);
        fields.put("first_enrollment", row -> row.firstEnrollment() != Moment.UNKNOWN);
        fields.put("last_enrollment", row -> row.lastEnrollment() != Moment.UNKNOWN);
        return fields;
    }

    /** Any row. */
    void add(DeviceRow row) {
        rows++;
        RowShape shape = row.shape();
        unreadInLatest = shape.unread();
        OTHERS.forEach((field, has) -> {
            if (has.test(row) || unreadInLatest.contains(field)) {
                count(field, filled);
            }
        });
        shape.unread().forEach(field -> count(field, unread));
        shape.unknown().forEach(field -> count(field, unknown));
        shape.cut().forEach(field -> count(field, cut));
    }

    /**
     * The row that was added last, where it is of a published device.
     *
     * @param lostFields see {@link DeviceComparison#lostFields}, without those that an operator has decided
     */
    void compare(DeviceMemory memory, Collection<String> lostFields) {
        compared++;
        AssignedUser holder = memory.holder();
        countIf(memory.platform() != null, "platform");
        countIf(memory.serial() != null, "serial_number");
        countIf(memory.removed() != null, "is_removed");
        countIf(holder != null, "user");
        countIf(holder != null && holder.id() != null, "user.id");
        countIf(holder != null && holder.email() != null, "user.email");
        lostFields.forEach(this::lose);
    }

    private void lose(String field) {
        count(field, lost);
        List<String> instead =
                unreadInLatest.stream().filter(unread -> isPart(unread, field)).toList();
        if (!instead.isEmpty()) {
            count(field, lostUnread);
            unreadInstead.computeIfAbsent(field, any -> new HashSet<>()).addAll(instead);
        }
    }

    private static boolean isPart(String part, String field) {
        return part.equals(field) || part.startsWith(field + ".");
    }

    private void countIf(boolean is, String field) {
        if (is) {
            count(field, known);
        }
    }

    private static void count(String field, Map<String, Long> counts) {
        counts.merge(field, 1L, Long::sum);
    }

    /** What is unusual, in order of field and problem. */
    List<FieldProblem> problems(Filled before, EvidenceRules rules) {
        var problems = new ArrayList<FieldProblem>();
        var quarantining = new HashSet<String>();
        lost.forEach((field, count) -> {
            long of = known.getOrDefault(field, 0L);
            boolean quarantines = isUsual(field, of) && rules.beyondBelief(count, of, count);
            if (quarantines) {
                quarantining.addAll(unreadInstead.getOrDefault(field, Set.of()));
            }
            long lacking = count - lostUnread.getOrDefault(field, 0L);
            if (lacking > 0) {
                problems.add(new FieldProblem(field, Problem.LOST, lacking, of, quarantines));
            }
        });
        OTHERS.keySet().stream().filter(before::nearlyAll).forEach(field -> {
            long more = rows - filled.getOrDefault(field, 0L) - before.rowsWithout(field);
            if (rules.beyondBelief(more, rows, more)) {
                problems.add(new FieldProblem(field, Problem.LOST, more, rows, false));
            }
        });
        unread.forEach((field, count) ->
                problems.add(new FieldProblem(field, Problem.UNREADABLE, count, rows, quarantining.contains(field))));
        add(unknown, Problem.UNKNOWN_WORD, problems);
        add(cut, Problem.CUT, problems);
        problems.sort(Comparator.comparing(FieldProblem::field).thenComparing(FieldProblem::problem));
        return problems;
    }

    /** Whether most published devices have the field: the only one of a fleet that had it says nothing about the API. */
    private boolean isUsual(String field, long of) {
        long all = field.startsWith("user.") ? known.getOrDefault("user", 0L) : compared;
        return field.equals("user") || 2 * of >= all;
    }

    private void add(Map<String, Long> counts, Problem problem, List<FieldProblem> problems) {
        counts.forEach((field, count) -> problems.add(new FieldProblem(field, problem, count, rows, false)));
    }

    /** To be compared with by the next sweep. A field that many rows lost stays expected, and so is reported until it is back. */
    Filled filled(List<FieldProblem> problems) {
        var expected = new HashMap<>(filled);
        problems.stream()
                .filter(problem -> problem.problem() == Problem.LOST && OTHERS.containsKey(problem.field()))
                .forEach(problem -> expected.put(problem.field(), rows));
        return new Filled(rows, expected);
    }
}
