package dev.kandjistream.poller.domain;

import dev.kandjistream.poller.domain.FieldLie.Field;
import dev.kandjistream.poller.domain.FieldLie.Form;
import java.util.Map;
import java.util.function.Function;

/** Sweeps of a {@link FieldFleet} whose rows need not be true, for hand-worked cases. */
abstract class FieldSweeps {
    static final long HOUR = FieldFleet.HOUR;
    static final FieldLie BLANK = FieldLie.of(Form.BLANK);
    static final FieldLie UNREAD = FieldLie.of(Form.UNREAD);
    static final FieldLie MISSING = FieldLie.of(Form.MISSING);

    final FieldFleet fleet = new FieldFleet();

    /** Every tenth device has no user. */
    void enrol(int from, int to) {
        for (int i = from; i < to; i++) {
            fleet.enrol(i, i % 10 == 9 ? null : i);
        }
    }

    void forty() {
        enrol(0, 40);
        fleet.look(fleet.honest());
    }

    /** After five minutes; the lies depend on the device's id. */
    Verdict sweep(Function<String, Map<Field, FieldLie>> lies) {
        fleet.now += HOUR / 12;
        return fleet.look(listed(lies));
    }

    /** The same with a page that failed. */
    Verdict cutSweep(Function<String, Map<Field, FieldLie>> lies) {
        fleet.now += HOUR / 12;
        var list = listed(lies);
        list.walk().fault("page 2 answered 503");
        return fleet.look(list);
    }

    private DevicesSweep listed(Function<String, Map<Field, FieldLie>> lies) {
        var list = fleet.list();
        fleet.truth.keySet().forEach(id -> fleet.add(id, lies.apply(id), list));
        return list;
    }

    /** One device's row lies. */
    Verdict sweepOf(String one, Map<Field, FieldLie> lies) {
        return sweep(id -> id.equals(one) ? lies : Map.of());
    }

    void sweepsOf(int times, String one, Map<Field, FieldLie> lies) {
        for (int i = 0; i < times; i++) {
            sweepOf(one, lies);
        }
    }

    /** Honest sweeps, one an hour. */
    Verdict days(int days) {
        Verdict verdict = null;
        for (int i = 0; i < days * 24; i++) {
            fleet.now += HOUR;
            verdict = fleet.look(fleet.honest());
        }
        return verdict;
    }

    /** The published user's id; null for nobody. */
    String userOf(String id) {
        var row = fleet.published.get(id);
        return row == null || row.user() == null ? null : row.user().id();
    }

    static int number(String id) {
        return Integer.parseInt(id.substring(id.indexOf('-') + 1));
    }
}
