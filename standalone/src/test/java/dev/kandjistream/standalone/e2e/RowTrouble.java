package dev.kandjistream.standalone.e2e;

import java.util.List;
import java.util.function.Function;

/**
 * A fault in rows of the device list, and what receipts must report about it.
 *
 * @param faults as JSON; may depend on the fleet
 * @param what kind of retraction that is withheld for it; null if nothing needs to be withheld
 * @param field with the problem in the receipt's shape; null if none needs to be named
 * @param problem of the field
 */
record RowTrouble(String name, Function<Subject, List<String>> faults, String what, String field, String problem) {
    static RowTrouble that(String name, String... faults) {
        return that(name, subject -> List.of(faults));
    }

    static RowTrouble that(String name, Function<Subject, List<String>> faults) {
        return new RowTrouble(name, faults, null, null, null);
    }

    RowTrouble withholds(String kind) {
        return new RowTrouble(name, faults, kind, field, problem);
    }

    RowTrouble isReportedAs(String ofField, String word) {
        return new RowTrouble(name, faults, what, ofField, word);
    }

    @Override
    public String toString() {
        return name;
    }
}
