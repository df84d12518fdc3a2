package dev.kandjistream.sink.jdbc;

import java.sql.SQLException;
import java.util.Set;

/** What a refusal of the database means. */
public final class SqlFault {
    /**
     * Classes of SQLState that speak of the rows themselves: cardinality (two keys made equal by stripping), data exception,
     * constraint violation, and limits of the server that a value exceeds (an index entry, a jsonb string).
     */
    private static final Set<String> ABOUT_DATA = Set.of("21", "22", "23", "54");

    /** Schema, table, column. */
    private static final Set<String> MISSING = Set.of("3F000", "42P01", "42703");

    private SqlFault() {}

    /**
     * Whether the rows are to blame, so that the same rows will be refused for ever. Everything else - no connection, a
     * server shutting down, a deadlock, a full disk, a missing right - is the database's state, which time or a person mends.
     */
    public static boolean isAboutData(SQLException fault) {
        String state = fault.getSQLState();
        return state != null && state.length() == 5 && ABOUT_DATA.contains(state.substring(0, 2));
    }

    static boolean isUniqueViolation(SQLException fault) {
        return "23505".equals(fault.getSQLState());
    }

    /** Whether the schema, or this version's part of it, is not there yet. */
    static boolean isOfMissingSchema(SQLException fault) {
        return MISSING.contains(fault.getSQLState());
    }
}
