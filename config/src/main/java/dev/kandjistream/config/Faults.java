package dev.kandjistream.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Faults as they are found. Reading goes on after each, so that one start shows all of them. */
public final class Faults {
    private static final Comparator<Fault> BY_LINE = Comparator.comparingInt(fault ->
            fault.place().line() == 0 ? Integer.MAX_VALUE : fault.place().line());

    private final List<Fault> found = new ArrayList<>();

    /** As below, where there is no more to say about how to mend it. */
    public void add(Fault.Place place, String key, String expected, String found) {
        add(place, key, expected, found, "");
    }

    /**
     * @param key key path; empty where the whole file is at fault
     * @param found what is there instead; nothing of a secret
     * @param mend what to do about it; empty where that is plain
     */
    public void add(Fault.Place place, String key, String expected, String found, String mend) {
        add(new Fault(place, key, "expected " + expected + ", found " + found + (mend.isEmpty() ? "" : "; " + mend)));
    }

    /** One that has been put into words. */
    public void add(Fault fault) {
        found.add(fault);
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    /** Those of a file by line; those of variables, which have no line, after them. */
    public List<Fault> all() {
        return found.stream().sorted(BY_LINE).toList();
    }
}
