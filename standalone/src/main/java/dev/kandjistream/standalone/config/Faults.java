package dev.kandjistream.standalone.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Faults as they are found. Reading goes on after each, so that one start shows all of them. */
final class Faults {
    private static final Comparator<Fault> BY_LINE = Comparator.comparingInt(fault ->
            fault.place().line() == 0 ? Integer.MAX_VALUE : fault.place().line());

    private final List<Fault> found = new ArrayList<>();

    void add(Fault.Place place, String key, String expected, String found) {
        add(place, key, expected, found, "");
    }

    void add(Fault.Place place, String key, String expected, String found, String mend) {
        add(new Fault(place, key, "expected " + expected + ", found " + found + (mend.isEmpty() ? "" : "; " + mend)));
    }

    void add(Fault fault) {
        found.add(fault);
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** Those of a file by line; those of variables, which have no line, after them. */
    List<Fault> all() {
        return found.stream().sorted(BY_LINE).toList();
    }
}
